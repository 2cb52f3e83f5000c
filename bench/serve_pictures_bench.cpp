// How fast the server answers picture searches under many clients: POST /v1/images/search over loopback,
// against an index of made-up pictures (random unit rows, which no graph finds easily) and a store on disk,
// with a real ViT-B/32 of made-up weights encoding the questions. The clients are a process of their own. One
// JSON line a case.
//
//   serve_pictures_bench FOLDER [--pictures N] [--clients N] [--think-ms MS]… [--seconds S] [--workers N]
//
//   [--case NAME]…
//
// FOLDER keeps model and store between runs. Cases: words-known (50 texts, asked before), words-new (each
// asked once), words-mixed (nine of ten known), example-known (20 pictures), example-new (each sent once),
// plain (a creator search by words, for comparison).
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

#include "base/base64.h"
#include "base/log.h"
#include "embed/openvino/made_up_clip.h"
#include "embed/openvino/openvino_clip.h"
#include "load_clients.h"
#include "search/search.h"
#include "serve/serve.h"
#include "store/sqlite/sqlite_store.h"
#include "support/made_up_pictures.h"

namespace {

using namespace cdx;
namespace fs = std::filesystem;

constexpr std::size_t pictures_a_creator = 10;
constexpr const char* merges = CDX_SOURCE_DIR "/.deps/models/clip-merges/bpe_simple_vocab_16e6.txt.gz";

struct Flags {
  std::string folder;
  std::size_t pictures = 100'000;
  int clients = 100;
  std::vector<double> think_ms;
  double seconds = 10;
  unsigned workers = 8;
  std::vector<std::string> cases;
};

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}
void must(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().message.c_str());
  std::exit(1);
}

class OneSpace final : public PictureSpaces {
 public:
  explicit OneSpace(std::shared_ptr<PictureReader> reader) : reader_(std::move(reader)) {}
  Result<std::shared_ptr<PictureReader>> wanted(const Call&) override { return reader_; }
  Result<std::shared_ptr<PictureReader>> reader(const Call&, std::string_view) override { return reader_; }

 private:
  std::shared_ptr<PictureReader> reader_;
};

Digest digest_of(std::size_t number) { return sha256("picture " + std::to_string(number)); }

std::vector<float> row_of(std::size_t number, std::size_t dimension) {
  std::mt19937_64 random(number);
  std::normal_distribution<float> normal;
  std::vector<float> out(dimension);
  double square = 0;
  for (float& value : out) {
    value = normal(random);
    square += static_cast<double>(value) * static_cast<double>(value);
  }
  for (float& value : out) value /= static_cast<float>(std::sqrt(square));
  return out;
}

Profile creator_of(std::size_t number) {
  constexpr const char* subjects[] = {"dance", "bread", "travel", "chess", "makeup", "cars", "yoga", "games"};
  Profile profile;
  const auto handle = fmt::format("creator{}", number);
  auto& account = profile.accounts.emplace_back();
  account.platform = number % 2 == 0 ? Platform::tiktok : Platform::youtube;
  account.id = account_id(account.platform, handle);
  account.user_id = handle;
  const auto origin = account.origin({"file:bench.csv", Time{}, {}, "", "", 1});
  account.handle = Sourced<std::string>{handle, origin};
  account.bio = Sourced<std::string>{
      fmt::format("I speak of {} and {} every day", subjects[number % 8], subjects[number / 8 % 8]), origin};
  account.followers = Sourced<std::int64_t>{static_cast<std::int64_t>(1'000 + number), origin};
  auto& creator = profile.creator;
  creator.id = creator_id(account.id);
  creator.name = creator.handle = handle;
  creator.summary = account.bio->value;
  creator.total_followers = account.followers->value;
  creator.links = {{account.id, "first_account", "", 1.0}};
  return profile;
}

// Pictures without files: known, with random signatures and vectors.
void add_pictures(std::size_t number, Profile& profile, const PictureSpace& space, std::vector<float>& rows,
                  std::vector<KeptVector>& kept) {
  for (std::size_t i = 0; i < pictures_a_creator; ++i) {
    const auto at = number * pictures_a_creator + i;
    KnownPicture picture;
    picture.account = profile.accounts[0].id;
    picture.sha256 = digest_of(at);
    picture.role = i == 0 ? PictureRole::profile : PictureRole::content;
    picture.url = fmt::format("https://pictures.example/{}.jpg", at);
    picture.format = "jpeg";
    picture.width = picture.height = 640;
    picture.fingerprint_version = image::fingerprint_version;
    std::mt19937 random(static_cast<std::uint32_t>(at));
    picture.signature.resize(1'536);
    for (char& byte : picture.signature) byte = static_cast<char>(random());
    picture.origin = profile.accounts[0].origins[0];
    const auto row = row_of(at, space.dimension);
    rows.insert(rows.end(), row.begin(), row.end());
    kept.push_back({{space.id, vector_key(picture.sha256)}, row});
    profile.pictures.push_back(std::move(picture));
  }
}

void fill(Store& store, SearchBackend& backend, const PictureSpace& space, std::size_t pictures) {
  const auto creators = pictures / pictures_a_creator;
  const bool stored = must(store.counts({})).creators == creators;
  constexpr std::size_t batch = 1'000;
  for (std::size_t begin = 0; begin < creators; begin += batch) {
    ChangeSet changes;
    IndexBatch index;
    std::vector<KeptVector> kept;
    for (std::size_t i = begin; i < std::min(creators, begin + batch); ++i) {
      auto profile = creator_of(i);
      std::vector<float> rows;
      add_pictures(i, profile, space, rows, kept);
      index.upserts.push_back(to_document(profile, {{std::string(picture_field), std::move(rows)}}, Time{},
                                          backend.view()->schema()));
      changes.accounts.push_back({profile.accounts[0], profile.creator.id, {}});
      changes.creators.push_back(profile.creator);
      for (auto& picture : profile.pictures) changes.pictures.push_back(std::move(picture));
    }
    if (!stored) {
      changes.based_on = must(store.revision({}));
      must(store.commit({}, changes));
      must(store.keep_vectors({}, kept));
    }
    index.reached = must(store.revision({}));
    must(backend.apply({}, index));
  }
  must(backend.compact({}));
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::string request_of(std::string_view path, const std::string& body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      path, body.size(), body);
}

// 786,432 different ones, each of about ten tokens.
std::string words_of(std::uint64_t number) {
  constexpr const char* colours[] = {"red", "blue", "old", "small", "bright", "dark", "green", "wooden"};
  constexpr const char* things[] = {"dress", "surfer", "bread",   "mountain", "guitar", "cat",
                                    "car",   "lamp",   "bicycle", "coat",     "garden", "horse",
                                    "piano", "shoes",  "mirror",  "bag"};
  constexpr const char* beside[] = {"with a dog",  "with flowers", "with a child", "with sunglasses",
                                    "in the rain", "in snow",      "on grass",     "on a table"};
  constexpr const char* places[] = {"at the beach", "in the street", "in a kitchen", "at a concert",
                                    "in a forest",  "by a lake",     "on a roof",    "in a studio"};
  constexpr const char* times[] = {"at night", "in summer", "at sunset", "in winter",
                                   "at noon",  "in fog",    "",          "today"};
  constexpr const char* kinds[] = {"",        "a photo of",   "a drawing of", "a selfie with", "close up of",
                                   "two of",  "someone near", "portrait,",    "looking at",    "selling",
                                   "drawing", "wearing"};
  const auto pick = [&](const auto& words) {
    const auto count = std::size(words);
    const auto* out = words[number % count];
    number /= count;
    return out;
  };
  const auto* colour = pick(colours);
  const auto* thing = pick(things);
  const auto* company = pick(beside);
  const auto* place = pick(places);
  const auto* time = pick(times);
  return fmt::format("{} a {} {} {} {} {}", pick(kinds), colour, thing, company, place, time);
}

// Photos of 640 x 480, sent as JPEG; `mark` behind its end makes another file of each.
std::string picture_of(std::uint64_t number, const std::string& mark) {
  static const auto files = [] {
    std::vector<std::string> out;
    for (std::uint32_t seed = 0; seed < 20; ++seed)
      out.push_back(test::encode_jpeg(test::scene(seed, 640, 480)));
    return out;
  }();
  return base64(files[number % files.size()] + mark);
}

std::function<std::string(std::uint64_t)> requests_of(const std::string& name) {
  const auto words = [](std::uint64_t number) {
    return request_of("/v1/images/search", fmt::format(R"({{"text":"{}","limit":20}})", words_of(number)));
  };
  // What is not known must differ from run to run within one server.
  static const auto fresh = static_cast<std::uint64_t>(::getpid()) * 7'919;
  if (name == "words-known") return [words](std::uint64_t n) { return words(n % 50); };
  if (name == "words-new") return [words](std::uint64_t n) { return words(fresh + n); };
  if (name == "words-mixed")
    return [words](std::uint64_t n) { return words(n % 10 == 0 ? fresh + 500'000 + n : n % 50); };
  if (name == "plain")
    return [](std::uint64_t n) {
      return request_of("/v1/creators/search",
                        fmt::format(R"({{"q":"dance and chess creator{}","limit":20}})", n % 50));
    };
  const bool known = name == "example-known";
  return [known](std::uint64_t n) {
    const auto mark = known ? std::string() : std::to_string(fresh + n);
    return request_of("/v1/images/search", R"({"limit":20,"image":")" + picture_of(n, mark) + "\"}");
  };
}

// In a process of its own, so that what the clients cost is not the server's.
bench::LoadReport load_from_outside(const Flags& flags, const std::string& name, std::uint16_t port,
                                    double think_ms, double seconds) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) std::exit(1);
  const auto child = ::fork();
  if (child == 0) {
    bench::LoadOptions options;
    options.port = port;
    options.clients = flags.clients;
    options.seconds = seconds;
    options.think_s = think_ms / 1'000;
    options.request = requests_of(name);
    const auto report = bench::load(options);
    (void)!::write(pipe_ends[1], &report, sizeof report);
    ::_exit(0);
  }
  bench::LoadReport report;
  if (::read(pipe_ends[0], &report, sizeof report) != static_cast<ssize_t>(sizeof report)) std::exit(1);
  ::waitpid(child, nullptr, 0);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
  return report;
}

void measure(const Flags& flags, const std::string& name, std::uint16_t port) {
  if (name.ends_with("-known")) load_from_outside(flags, name, port, 0, 5);  // known afterwards
  for (const double think_ms : flags.think_ms) {
    const double before = cpu_seconds();
    const auto report = load_from_outside(flags, name, port, think_ms, flags.seconds);
    const double spent = cpu_seconds() - before;
    double load[1] = {0};
    (void)::getloadavg(load, 1);
    fmt::print(
        R"({{"bench":"serve_pictures","case":"{}","pictures":{},"clients":{},"think_ms":{},"workers":{},"answered":{},)"
        R"("refused":{},"failed":{},"per_s":{:.1f},"p50_ms":{:.1f},"p95_ms":{:.1f},"p99_ms":{:.1f},"most_ms":{:.1f},)"
        R"("server_cpu_s_per_s":{:.2f},"load_1min":{:.1f}}})"
        "\n",
        name, flags.pictures, flags.clients, think_ms, flags.workers, report.answered, report.refused,
        report.failed, static_cast<double>(report.answered) / report.seconds, report.p50_ms, report.p95_ms,
        report.p99_ms, report.most_ms, spent / (report.seconds + 2), load[0]);
    std::fflush(stdout);
  }
}

Flags read_flags(int argc, char** argv) {
  Flags out;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    const auto value = [&] { return ++i < argc ? argv[i] : ""; };
    if (flag == "--pictures")
      out.pictures = std::strtoul(value(), nullptr, 10);
    else if (flag == "--clients")
      out.clients = static_cast<int>(std::strtol(value(), nullptr, 10));
    else if (flag == "--think-ms")
      out.think_ms.push_back(std::strtod(value(), nullptr));
    else if (flag == "--seconds")
      out.seconds = std::strtod(value(), nullptr);
    else if (flag == "--workers")
      out.workers = static_cast<unsigned>(std::strtoul(value(), nullptr, 10));
    else if (flag == "--case")
      out.cases.emplace_back(value());
    else
      out.folder = flag;
  }
  if (out.think_ms.empty()) out.think_ms = {0, 1'000, 5'000};
  if (out.cases.empty())
    out.cases = {"words-known", "words-mixed", "words-new", "example-known", "example-new", "plain"};
  return out;
}

std::unique_ptr<PictureEmbedder> open_model(const std::string& folder) {
  if (!fs::exists(folder + "/model.safetensors")) {
    fs::create_directories(folder);
    write_made_up_clip({}, folder);
    fs::copy_file(merges, folder + "/bpe_simple_vocab_16e6.txt.gz", fs::copy_options::skip_existing);
  }
  OpenVinoClipOptions options;
  options.model_dir = folder;
  options.templates = {"{}", "a photo of {}."};
  return must(open_openvino_clip(options));
}

}  // namespace

int main(int argc, char** argv) {
  const auto flags = read_flags(argc, argv);
  if (flags.folder.empty() || !fs::exists(merges)) {
    std::fprintf(stderr,
                 "serve_pictures_bench FOLDER [--pictures N] [--clients N] [--think-ms MS] [--seconds S] "
                 "[--workers N] [--case NAME]; needs .deps/models/clip-merges (tools/fetch_deps.py)\n");
    return 2;
  }
  log::set_level(log::Level::error);
  const auto model = open_model(flags.folder + "/model");
  const std::shared_ptr<PictureReader> reader = must(make_clip_reader(*model));
  const auto store = must(open_sqlite_store({.path = fmt::format("{}/{}.db", flags.folder, flags.pictures)}));
  const auto backend = must(make_embedded_backend(creator_schema(1, reader->space())));
  const auto start = std::chrono::steady_clock::now();
  fill(*store, *backend, reader->space(), flags.pictures);
  std::fprintf(stderr, "filled in %.1f s\n",
               std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  const SystemClock clock;
  const Searcher searcher(*backend, *store, nullptr, clock);
  const auto decoder = image::make_in_process_decoder();
  const auto cache = must(image::PictureCache::open({flags.folder + "/cache"}));
  PictureKeeper keeper(*store, *decoder, *cache, flags.folder + "/pictures", clock);
  OneSpace spaces(reader);
  PictureDesk desk{keeper, spaces};
  ServerParts parts{searcher, *store, clock, {}, {}};
  parts.service.ready = [] { return true; };
  parts.pictures = &desk;
  ServeOptions options;
  options.http.port = 0;
  options.http.workers = flags.workers;
  const auto server = must(Server::open(std::move(parts), options));
  for (const auto& name : flags.cases) measure(flags, name, server->port());
  return 0;
}
