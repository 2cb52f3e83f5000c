// Cases whose truth is known because they were made: invented creators, examples, texts from the vocabulary.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "evaluate/niche_tables.h"
#include "normalize/normalize.h"
#include "pipeline/import.h"
#include "sample/sample.h"
#include "source/source.h"
#include "vocab/vocab.h"

namespace cdx::evaluate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t page = 500, most_items = 20;
constexpr int texts_a_niche = 14, nothing_texts = 400;
constexpr double example_weight = 6, vocabulary_weight = 0.3;

std::string top_of(const std::string& key) { return key.substr(0, key.find('/')); }

// Removes the folder with everything in it.
struct TemporaryFolder {
  fs::path path;
  explicit TemporaryFolder(std::uint64_t seed)
      : path(fs::temp_directory_path() / fmt::format("creatordex-niches-{}-{}", seed, std::rand())) {}
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

Status import_sample(const Call& call, Store& store, const fs::path& accounts) {
  FileSourceOptions options;
  options.path = accounts.string();
  options.choose_mapping = [](const TableHead& head) -> Result<std::string> {
    CDX_TRY_LET(const auto mapping, normalize::map_columns(head.columns, head.samples, {}));
    return normalize::to_json(mapping);
  };
  CDX_TRY_LET(const auto source, open_file_source(options));
  const SystemClock clock;
  ImportReport report;
  return import_source(call, *source, store, clock, report, [](const ImportReport&) {});
}

// Person by "platform/user id", and niche by person.
struct Truth {
  std::map<std::string, std::string> person, niche;

  static Result<Truth> read(const fs::path& folder) {
    Truth out;
    CDX_TRY_LET(const auto identity, read_whole((folder / "identity.tsv").string()));
    for (const auto& row : tsv_rows(identity))
      if (row.size() >= 5) out.person[row[1] + "/" + row[2]] = row[4];
    CDX_TRY_LET(const auto niches, read_whole((folder / "niche.tsv").string()));
    for (const auto& row : tsv_rows(niches))
      if (row.size() >= 2) out.niche[row[0]] = top_of(row[1]);
    return out;
  }

  std::string of(const Account& account) const {
    const auto who = person.find(fmt::format("{}/{}", name(account.platform), account.user_id));
    if (who == person.end()) return {};
    const auto it = niche.find(who->second);
    return it == niche.end() ? std::string() : it->second;
  }
};

NicheCase text_case(const std::string& niche, const std::string& name, const std::string& bio,
                    double weight) {
  NicheCase out;
  out.profile = profile_of(Platform::youtube, "", name, bio);
  if (!niche.empty()) out.right = {niche};
  out.source = "examples";
  out.weight = weight;
  return out;
}

class Dice {
 public:
  std::size_t below(std::size_t n) {
    auto x = state_ += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((x ^ (x >> 31U)) % n);
  }

 private:
  std::uint64_t state_ = 7;
};

// What stands in bios of every kind and says nothing of the subject.
constexpr std::string_view nothing[] = {
    "Welcome to my channel. Please like, share and subscribe",
    "Official account. For business inquiries: mail in the link",
    "Hi everyone, thanks for stopping by",
    "Subscribe and hit the bell icon",
    "Just me. DM for collabs",
    "New video every week",
    "Official channel",
    "No copyright infringement intended",
    "Follow me on my other pages, links below",
    "Hola, bienvenidos a mi canal, suscribete",
    "Bem-vindo ao meu canal, inscreva-se",
    "Willkommen auf meinem Kanal, abonniert mich",
    "Bienvenue sur ma chaine, abonnez-vous",
    "Selamat datang, jangan lupa subscribe",
    "\xE0\xA4\x9A\xE0\xA5\x88\xE0\xA4\xA8\xE0\xA4\xB2 \xE0\xA4\x95\xE0\xA5\x8B "
    "\xE0\xA4\xB8\xE0\xA4\xAC\xE0\xA5\x8D\xE0\xA4\xB8\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB0\xE0\xA4\xBE\xE0\xA4"
    "\x87"
    "\xE0\xA4\xAC \xE0\xA4\x95\xE0\xA4\xB0\xE0\xA5\x87\xE0\xA4\x82",
    "",
    "",
    "",
};

}  // namespace

Result<std::vector<NicheCase>> sample_niche_cases(const Call& call, Store& empty, std::uint64_t creators,
                                                  std::uint64_t seed) {
  const TemporaryFolder folder(seed);
  SampleOptions options;
  options.creators = creators;
  options.seed = seed;
  options.out = folder.path;
  options.today = *parse_time("2026-11-20");
  options.call = call;
  CDX_TRY(write_sample(options));
  CDX_TRY(import_sample(call, empty, folder.path / "accounts.ndjson"));
  CDX_TRY_LET(const auto truth, Truth::read(folder.path / "truth"));
  std::vector<NicheCase> out;
  for (Revision since;;) {
    CDX_TRY_LET(const auto changes, empty.changes(call, since, page));
    std::vector<CreatorId> ids;
    for (const auto& change : changes.changes)
      if (!change.removed) ids.push_back(change.creator);
    CDX_TRY_LET(auto profiles, empty.profiles(call, ids, most_items));
    for (auto& profile : profiles) {
      if (profile.accounts.empty()) continue;
      NicheCase one;
      one.right = {truth.of(profile.accounts.front())};
      one.source = "invented creators";
      one.profile = std::move(profile);
      if (!one.right[0].empty()) out.push_back(std::move(one));
    }
    since = changes.reached;
    if (!changes.more) return out;
  }
}

std::vector<NicheCase> example_niche_cases() {
  std::vector<NicheCase> out;
  for (const auto& row : tsv_rows(embedded::evaluate_niche_examples()))
    if (row.size() == 3) out.push_back(text_case(row[0], row[1], row[2], example_weight));
  Dice dice;
  for (const auto& niche : vocab::niches()) {
    std::vector<std::string> phrases = {niche.label};
    for (const auto* list : {&niche.synonyms, &niche.synonyms, &niche.words})  // a niche's names count double
      phrases.insert(phrases.end(), list->begin(), list->end());
    for (int i = 0; i < texts_a_niche; ++i) {
      std::string bio;
      const auto count = 2 + dice.below(7);
      for (std::size_t j = 0; j < count; ++j)
        bio += (j == 0 ? "" : ", ") + phrases[dice.below(phrases.size())];
      out.push_back(
          text_case(top_of(niche.key), dice.below(3) == 0 ? niche.label : "", bio, vocabulary_weight));
    }
  }
  const auto names = SampleNames::open(nothing_texts, 11);
  for (std::size_t i = 0; names && i < nothing_texts; ++i) {
    const auto who = names->of(i);
    out.push_back(text_case("", i % 2 == 0 ? who.name : who.plain_name,
                            std::string(nothing[dice.below(std::size(nothing))]), vocabulary_weight));
  }
  return out;
}

}  // namespace cdx::evaluate
