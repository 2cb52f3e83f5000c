#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "benchmark/benchmark.h"
#include "benchmark/cost.h"
#include "benchmark/kept_index.h"
#include "benchmark/speed.h"
#include "io/disk.h"
#include "io/file.h"
#include "sample/sample.h"
#include "search/search.h"
#include "store/store.h"
#include "text/text.h"

namespace cdx::benchmark {
namespace {

constexpr std::size_t batch = 10'000;
constexpr std::size_t longest_prefix = 6;
constexpr std::size_t answers_shown = 10;

CreatorId id_of(std::uint64_t index) { return CreatorId{(index + 1) * 0x9E3779B97F4A7C15ULL}; }

Profile profile_of(const SampleNames& names, std::uint64_t index) {
  const auto from = names.of(index);
  Profile out;
  out.creator.id = id_of(index);
  out.creator.name = from.name;
  if (!from.handles.empty()) out.creator.handle = from.handles.front();
  out.creator.total_followers = static_cast<std::int64_t>(from.followers);
  for (const auto& handle : from.handles) {
    auto& account = out.accounts.emplace_back();
    account.name = {{from.name, 0}};
    account.handle = {{handle, 0}};
    account.followers = {{out.creator.total_followers, 0}};
  }
  return out;
}

struct World {
  SampleNames names;
  std::unique_ptr<SearchBackend> backend;
  bool built = true;
};

Status fill_store(const Call& call, const SuggestOptions& options, const SampleNames& names, Store& store) {
  for (std::uint64_t first = 0; first < options.creators; first += batch) {
    ChangeSet changes;
    CDX_TRY_LET(changes.based_on, store.revision(call));
    for (auto i = first; i < std::min(first + batch, options.creators); ++i)
      changes.creators.push_back(profile_of(names, i).creator);
    CDX_TRY(store.commit(call, changes));
  }
  return {};
}

Status fill_index(const Call& call, const SuggestOptions& options, World& world) {
  for (std::uint64_t first = 0; first < options.creators; first += batch) {
    IndexBatch documents;
    for (auto i = first; i < std::min(first + batch, options.creators); ++i)
      documents.upserts.push_back(to_document(profile_of(world.names, i), {}, Time{}));
    CDX_TRY(world.backend->apply(call, documents));
  }
  return options.segments > 1 ? Status{} : world.backend->compact(call);
}

// An index opened with another schema than it was written with is started anew; this file beside it keeps a
// wrong folder from costing anybody an index.
Status claim_folder(const SuggestOptions& options) {
  namespace fs = std::filesystem;
  const fs::path folder = options.asking.index;
  const auto marker = (folder / "creatordex-bench").string();
  const auto mark = fmt::format("names of {} creators, seed {}\n", options.creators, options.seed);
  std::error_code error;
  if (!fs::exists(folder, error) || fs::is_empty(folder, error)) {
    CDX_TRY(posix_disk().make_folder(folder.string()));
    return cdx::replace_file(marker, mark);
  }
  const auto text = read_file(marker, 1'000);
  if (text && *text == mark) return {};
  return fail(ErrorKind::invalid, fmt::format("{}: keeps something else than the {}", folder.string(),
                                              mark.substr(0, mark.size() - 1)));
}

Result<World> make_world(const Call& call, const SuggestOptions& options) {
  World out;
  CDX_TRY_LET(out.names, SampleNames::open(options.creators, options.seed));
  IndexOptions index;
  index.merge = false;
  index.background = false;
  index.flush_documents = std::max<std::size_t>(options.creators / options.segments, batch);
  index.segment_documents = index.flush_documents;
  const auto schema = creator_schema(1);
  if (options.asking.index.empty()) {
    CDX_TRY_LET(out.backend, make_embedded_backend(schema, index));
  } else {
    CDX_TRY(claim_folder(options));
    CDX_TRY_LET(out.backend, open_embedded_backend(posix_disk(), options.asking.index, schema, index));
  }
  out.built = out.backend->view()->size() != options.creators;  // some may be there from a run that was ended
  if (out.built) CDX_TRY(fill_index(call, options, out));
  return out;
}

// Letters as they are typed: code points, blanks included.
std::vector<std::string> letters_of(std::string_view text) {
  std::vector<std::string> out;
  for (const char byte : text) {
    if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U) out.emplace_back();
    if (!out.empty()) out.back() += byte;
  }
  return out;
}

std::string join(const std::vector<std::string>& letters, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < std::min(count, letters.size()); ++i) out += letters[i];
  return out;
}

// One of the four ways to slip, not in the first letter.
void slip(std::vector<std::string>& letters, std::mt19937_64& random) {
  if (letters.size() < 3) return;
  const auto at = static_cast<std::ptrdiff_t>(1 + random() % (letters.size() - 2));
  const auto place = letters.begin() + at;
  const std::string other(1, static_cast<char>('a' + random() % 26));
  switch (random() % 4) {
    case 0:
      letters.erase(place);
      break;
    case 1:
      letters.insert(place, other);
      break;
    case 2:
      *place = other;
      break;
    default:
      std::swap(*place, *(place + 1));
  }
}

struct Asked {
  std::string text;         // what is typed
  std::string name, shown;  // whose name it is, folded: in Latin letters, and as it is shown
};

std::vector<Asked> ask_of_kind(const SuggestOptions& options, const SampleNames& names,
                               std::size_t prefix_letters, std::size_t typos) {
  std::mt19937_64 random(options.seed + 1000 * prefix_letters + typos);
  const auto count = options.asking.first == 0 ? std::size_t{500} : options.asking.first;
  std::vector<Asked> out;
  while (out.size() < count) {
    const auto who = names.of(random() % options.creators);
    const auto name = text::fold(who.plain_name);
    auto letters = letters_of(name);
    for (std::size_t i = 0; i < typos; ++i) slip(letters, random);
    out.push_back(
        {join(letters, prefix_letters == 0 ? letters.size() : prefix_letters), name, text::fold(who.name)});
  }
  return out;
}

// What one query brought: names, folded.
using Names = std::vector<std::string>;

Result<Names> suggest(const Call& call, const Searcher& searcher, const std::string& text) {
  CDX_TRY_LET(const auto suggestions, searcher.suggest(call, text, answers_shown));
  Names out;
  for (const auto& one : suggestions)
    if (one.creator) out.push_back(text::fold(one.text));
  return out;
}

Result<Names> search(const Call& call, const Searcher& searcher, const std::string& text) {
  Query query;
  query.text = text;
  query.mode = SearchMode::keyword;
  query.limit = answers_shown;
  CDX_TRY_LET(const auto answer, searcher.search(call, query));
  Names out;
  for (const auto& hit : answer.hits) out.push_back(text::fold(hit.profile.creator.name));
  return out;
}

Result<SuggestPoint> ask(const Call& call, const SuggestOptions& options, std::string kind,
                         const std::vector<Asked>& asked,
                         const std::function<Result<Names>(const std::string&)>& answer) {
  SuggestPoint out;
  out.kind = std::move(kind);
  std::vector<Names> answers(asked.size());
  CDX_TRY_LET(out.speed,
              measure_speed(call, asked.size(), options.asking.threads, [&](std::size_t i) -> Status {
                CDX_TRY_LET(answers[i], answer(asked[i].text));
                return {};
              }));
  const auto count = static_cast<double>(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto& brought = answers[i];
    out.answers += static_cast<double>(brought.size()) / count;
    const bool found = std::any_of(brought.begin(), brought.end(), [&](const std::string& name) {
      return name == asked[i].name || name == asked[i].shown;
    });
    if (found) out.found += 1 / count;
  }
  return out;
}

}  // namespace

Result<SuggestReport> measure_suggest(const Call& call, const SuggestOptions& options, Store& store) {
  BuildCost cost;
  CDX_TRY_LET(const auto world, make_world(call, options));
  cost.stop();
  SuggestReport out;
  out.creators = options.creators;
  out.segments = world.backend->health().segments;
  out.build = cost.report(world.built, options.creators,
                          options.asking.index.empty() ? 0 : folder_bytes(options.asking.index));
  CDX_TRY(fill_store(call, options, world.names, store));
  const SystemClock clock;
  const Searcher searcher(*world.backend, store, nullptr, clock);
  const auto by_prefix = [&](const std::string& text) { return suggest(call, searcher, text); };
  const auto by_name = [&](const std::string& text) { return search(call, searcher, text); };
  for (std::size_t letters = 1; letters <= longest_prefix; ++letters) {
    CDX_TRY_LET(auto point, ask(call, options, fmt::format("prefix {}", letters),
                                ask_of_kind(options, world.names, letters, 0), by_prefix));
    out.points.push_back(std::move(point));
  }
  const char* kinds[] = {"name", "typo", "two typos"};
  for (std::size_t typos = 0; typos < std::size(kinds); ++typos) {
    CDX_TRY_LET(auto point,
                ask(call, options, kinds[typos], ask_of_kind(options, world.names, 0, typos), by_name));
    out.points.push_back(std::move(point));
  }
  return out;
}

}  // namespace cdx::benchmark
