#include "app/wiring.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "app/picture_wiring.h"
#include "embed/hashing/hashing_embedder.h"
#include "io/disk.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#ifdef CDX_WITH_IMAGE
#include "image/sandbox/sandboxed_decoder.h"
#endif
#ifdef CDX_WITH_XGBOOST
#include "figures/xgboost/xgboost_fake_model.h"
#endif
#ifdef CDX_WITH_OPENVINO
#include "embed/openvino/openvino_embedder.h"
#endif

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

Result<fs::path> data_folder(const Config& config) {
  const fs::path folder = config.text("data");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(ErrorKind::unavailable,
                fmt::format("cannot make the data folder {}: {}", folder.string(), error.message()));
  return folder;
}

Error wrong(std::string_view key, std::string_view value, std::string_view allowed) {
  return {ErrorKind::invalid, fmt::format("{} is \"{}\", but must be {}", key, value, allowed), {}};
}

// A folder name for an embedding space: its model, and a mark of everything that makes vectors comparable.
std::string space_name(const EmbeddingProvider* embedder) {
  if (embedder == nullptr) return "words";
  std::string out;
  for (const char c : embedder->model().name)
    out += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
  return fmt::format("{}-{:016x}", out, embedder->model().space());
}

Result<SqliteStoreOptions> sqlite_options(const Config& config) {
  const auto& url = config.text("store");
  constexpr std::string_view sqlite = "sqlite:";
  if (!url.starts_with(sqlite) || url.size() == sqlite.size())
    return tl::unexpected<Error>(wrong("store", url, "sqlite:FILE or memory:"));
  CDX_TRY_LET(const auto folder, data_folder(config));
  SqliteStoreOptions options;
  options.path = (folder / url.substr(sqlite.size())).string();
  return options;
}

constexpr std::string_view embed_forms =
    "openvino, openvino:FOLDER, hashing:DIMENSION, https://HOST/v1/embeddings#model=NAME&dimension=N or none";

Result<std::unique_ptr<EmbeddingProvider>> open_hashing(std::string_view dimension) {
  HashingOptions options;
  const auto [end, error] =
      std::from_chars(dimension.data(), dimension.data() + dimension.size(), options.dimension);
  if (error != std::errc{} || end != dimension.data() + dimension.size())
    return tl::unexpected<Error>(wrong("embed", "hashing:" + std::string(dimension), embed_forms));
  return open_hashing_embedder(options);
}

#ifdef CDX_WITH_OPENVINO
Result<std::unique_ptr<EmbeddingProvider>> open_local_model(const Config& config, std::string folder,
                                                            std::string& note) {
  const bool named = !folder.empty();
  if (!named) folder = (fs::path(config.text("data")) / "models" / "all-minilm-l6-v2").string();
  std::error_code error;
  if (!named && !fs::exists(folder, error)) folder = CDX_DEFAULT_MODEL_DIR;
  if (!named && !fs::exists(folder, error)) {
    note = "no embedding model is installed: search works by words; `./x setup` installs all-minilm-l6-v2";
    return std::unique_ptr<EmbeddingProvider>();
  }
  OpenVinoOptions options;
  options.model_dir = folder;
  options.threads = static_cast<unsigned>(config.whole("embed_threads"));
  return open_openvino_embedder(options);
}
#endif

Status read_vector_weights(std::string_view text, std::map<std::string, double>& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto pair = text.substr(0, end);
    const auto equals = pair.find('=');
    double weight = 0;
    if (equals == std::string_view::npos ||
        std::from_chars(pair.data() + equals + 1, pair.data() + pair.size(), weight).ec != std::errc{} ||
        weight < 0)
      return tl::unexpected<Error>(
          wrong("ranking.vector_weights", pair, "FIELD=WEIGHT, the weight 0 or more"));
    const std::string field(pair.substr(0, equals));
    bool known = false;
    for (std::size_t i = 0; i < platform_count; ++i)
      for (const bool content : {false, true})
        known |= field == vector_field(static_cast<Platform>(i), content);
    if (!known)
      return tl::unexpected<Error>(
          wrong("ranking.vector_weights", field, "a vector field such as youtube_bio"));
    out[field] = weight;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const Config& config) {
  if (config.text("store") == "memory:") return open_memory_store();
  CDX_TRY_LET(const auto options, sqlite_options(config));
  return open_sqlite_store(options);
}

Result<Ledger> open_ledger(const Config& config) {
  Ledger out;
  if (config.text("store") == "memory:") {
    out.campaigns = make_memory_campaign_store();
    out.usage = make_memory_usage_store();
    return out;
  }
  CDX_TRY_LET(const auto options, sqlite_options(config));
  CDX_TRY_LET(out.campaigns, open_sqlite_campaign_store(options));
  CDX_TRY_LET(out.usage, open_sqlite_usage_store(options));
  return out;
}

Result<std::unique_ptr<EmbeddingProvider>> open_embedder(const Config& config, std::string& note) {
  const auto& url = config.text("embed");
  if (url == "none") {
    note = "no embedding model is wanted (embed = \"none\"): search works by words";
    return std::unique_ptr<EmbeddingProvider>();
  }
  if (is_endpoint(url)) return open_remote_embeddings(config);
  if (url.starts_with("hashing:")) return open_hashing(std::string_view(url).substr(8));
#ifdef CDX_WITH_OPENVINO
  if (url == "openvino") return open_local_model(config, "", note);
  if (url.starts_with("openvino:")) return open_local_model(config, url.substr(9), note);
#else
  if (url.starts_with("openvino")) {
    note = "this program was built without OpenVINO: search works by words";
    return std::unique_ptr<EmbeddingProvider>();
  }
#endif
  return tl::unexpected<Error>(wrong("embed", url, embed_forms));
}

Schema index_schema(const EmbeddingProvider* embedder, const PictureSpace* pictures) {
  const auto dimension = embedder == nullptr ? 1 : embedder->model().dimension;
  return pictures == nullptr ? creator_schema(dimension) : creator_schema(dimension, *pictures);
}

Result<Schema> first_schema(const Config& config, const EmbeddingProvider* embedder) {
  CDX_TRY_LET(const auto wanted, wanted_picture_model(config));
  CDX_TRY_LET(const auto opened, open_picture_reader(config, wanted));
  if (opened.reader == nullptr) return index_schema(embedder, nullptr);
  const auto path = embedding_manifest_file(config);
  CDX_TRY_LET(const auto history, read_embedding_history(path));
  const auto& space = opened.reader->space();
  const auto* last = history.in_use();
  if (config.text("store") != "memory:" && (last == nullptr || last->space != space.name))
    CDX_TRY(append_embedding_event(
        path, event_of("use", opened.model, opened.reader->model(), space, SystemClock().now())));
  return index_schema(embedder, &space);
}

Result<std::string> index_folder(const Config& config, const EmbeddingProvider* embedder) {
  const auto& url = config.text("search");
  if (url == "memory:" || config.text("store") == "memory:") return std::string();
  constexpr std::string_view embedded = "embedded:";
  if (!url.starts_with(embedded) || url.size() == embedded.size())
    return tl::unexpected<Error>(wrong("search", url, "embedded:FOLDER or memory:"));
  CDX_TRY_LET(const auto folder, data_folder(config));
  return (folder / url.substr(embedded.size()) / space_name(embedder)).string();
}

Result<Backend> open_backend(const Config& config, const EmbeddingProvider* embedder, bool writing) {
  Backend out;
  CDX_TRY_LET(const auto folder, index_folder(config, embedder));
  if (folder.empty()) {
    CDX_TRY_LET(auto schema, first_schema(config, embedder));
    CDX_TRY_LET(out.search, make_embedded_backend(std::move(schema)));
    return out;
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(ErrorKind::unavailable,
                fmt::format("cannot make the folder {}: {}", folder, error.message()));
  IndexOptions options;
  auto lock = LockFile::acquire(folder + "/lock");
  if (lock) {
    out.lock = std::make_unique<LockFile>(std::move(*lock));
  } else if (writing) {
    return tl::unexpected<Error>(lock.error());
  }
  options.read_only = !lock;
  auto schema = index_schema(embedder, nullptr);
  CDX_TRY_LET(auto present, current_schema(posix_disk(), folder, schema));
  if (present) {
    schema = std::move(*present);
  } else if (lock) {
    CDX_TRY_LET(schema, first_schema(config, embedder));
  }
  CDX_TRY_LET(out.search, open_embedded_backend(posix_disk(), folder, std::move(schema), options));
  return out;
}

Result<SearcherOptions> searcher_options(const Config& config) {
  SearcherOptions out;
  auto& weights = out.weights;
  weights.alpha = config.fraction("ranking.alpha");
  weights.beta = config.fraction("ranking.beta");
  weights.gamma = config.fraction("ranking.gamma");
  weights.saturation = config.fraction("ranking.saturation");
  weights.cosine_low = config.fraction("ranking.cosine_low");
  weights.cosine_high = config.fraction("ranking.cosine_high");
  weights.picture_low = config.fraction("ranking.picture_low");
  weights.picture_high = config.fraction("ranking.picture_high");
  weights.picture_words_low = config.fraction("ranking.picture_words_low");
  weights.picture_words_high = config.fraction("ranking.picture_words_high");
  weights.rrf_k = config.fraction("ranking.rrf_k");
  out.min_score = config.fraction("ranking.min_score");
  if (weights.cosine_high <= weights.cosine_low)
    return fail(ErrorKind::invalid, "ranking.cosine_high must be above ranking.cosine_low");
  if (weights.picture_high <= weights.picture_low || weights.picture_words_high <= weights.picture_words_low)
    return fail(
        ErrorKind::invalid,
        "ranking.picture_high must be above ranking.picture_low, and ranking.picture_words_high above "
        "ranking.picture_words_low");
  if (weights.alpha + weights.beta + weights.gamma <= 0)
    return fail(ErrorKind::invalid, "one of ranking.alpha, ranking.beta and ranking.gamma must be above 0");
  CDX_TRY(read_vector_weights(config.text("ranking.vector_weights"), weights.vector_weights));
  CDX_TRY_LET(out.synonyms, open_synonyms((fs::path(config.text("data")) / "synonyms.txt").string()));
  return out;
}

std::string fake_model_file(const Config& config) {
  return (fs::path(config.text("data")) / "models" / "fake-accounts.json").string();
}

#ifdef CDX_WITH_XGBOOST
Result<std::unique_ptr<figures::FakeModel>> open_fake_model(const Config& config) {
  constexpr std::size_t most_bytes = std::size_t{64} << 20U;
  const auto path = fake_model_file(config);
  std::error_code error;
  if (!fs::exists(path, error)) return std::unique_ptr<figures::FakeModel>();
  CDX_TRY_LET(const auto bytes, read_file(path, most_bytes));
  return figures::read_xgboost_fake_model(bytes, path);
}

Result<figures::TrainedFakeModel> train_fake_model(const Call& call,
                                                   std::span<const figures::LabelledAccount> rows) {
  return figures::train_xgboost_fake_model(call, rows);
}
#else
Result<std::unique_ptr<figures::FakeModel>> open_fake_model(const Config&) {
  return std::unique_ptr<figures::FakeModel>();
}
Result<figures::TrainedFakeModel> train_fake_model(const Call&, std::span<const figures::LabelledAccount>) {
  return fail(ErrorKind::unsupported, "this program was built without XGBoost (CDX_WITH_XGBOOST)");
}
#endif

#ifdef CDX_WITH_IMAGE
Result<std::unique_ptr<image::Decoder>> open_decoder(unsigned workers) {
  image::SandboxOptions options;
  options.workers = workers;
  return image::open_sandboxed_decoder(options);
}
#endif

}  // namespace cdx::app
