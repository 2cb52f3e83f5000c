// From configuration to what asks other machines. Nothing here is opened unless it is configured.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "app/endpoint.h"
#include "app/wiring.h"
#include "embed/remote/remote_embedder.h"
#include "enrich/chat/chat_annotator.h"

namespace cdx::app {
namespace {

constexpr std::string_view chat = "chat:";
constexpr std::chrono::hours kept_for{24 * 100};  // longer than judgements are left alone
constexpr double most_usd = 1'000'000;

Result<std::string> api_key(const Config& config, std::string_view key) {
  const auto& variable = config.text(key);
  if (variable.empty()) return std::string();
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr || *value == '\0')
    return fail(ErrorKind::unauthorized,
                fmt::format("{} names the environment variable {}, which is not set", key, variable));
  return std::string(value);
}

Result<std::unique_ptr<http::HttpClient>> open_client(const Endpoint& endpoint, http::ClientOptions options) {
  CDX_TRY_LET(const bool plain, endpoint.flag("plain_http", false));
  if (plain) options.plain_http_hosts.push_back(http::host_of(endpoint.url));
  options.ca_file = endpoint.text("ca_file", "");
  if (const auto may = http::check_url(endpoint.url, options); !may)
    return fail(may.error().kind, endpoint.key + ": " + may.error().message);
  return http::open_http_client(options);
}

// 0: no limit.
template <class Number>
std::optional<Number> limit(Number configured) {
  return configured > 0 ? std::optional(configured) : std::nullopt;
}

Result<enrich::ChatOptions> chat_options(const Config& config, const Endpoint& endpoint) {
  enrich::ChatOptions out;
  out.url = endpoint.url;
  out.model = endpoint.text("model", "");
  out.terms = enrich::vocabulary_terms();
  CDX_TRY_LET(out.api_key, api_key(config, "annotate_key_variable"));
  CDX_TRY_LET(out.batch, endpoint.whole("batch", out.batch, 1, 64));
  CDX_TRY_LET(out.usd_per_million_input, endpoint.number("usd_in", 0, 0, most_usd));
  CDX_TRY_LET(out.usd_per_million_output, endpoint.number("usd_out", 0, 0, most_usd));
  const auto format = endpoint.text("format", "json_schema");
  if (format == "json_object")
    out.format = enrich::AnswerFormat::json_object;
  else if (format == "none")
    out.format = enrich::AnswerFormat::none;
  else if (format != "json_schema")
    return fail(ErrorKind::invalid, "annotate: format must be json_schema, json_object or none");
  out.limit_field = endpoint.text("limit", out.limit_field);
  if (out.limit_field == "none") out.limit_field.clear();
  if (endpoint.text("temperature", "") == "none") {
    out.temperature = std::nullopt;
  } else {
    CDX_TRY_LET(out.temperature, endpoint.number("temperature", 0, 0, 2));
  }
  return out;
}

}  // namespace

bool is_endpoint(std::string_view value) {
  return value.starts_with("https://") || value.starts_with("http://");
}

Result<std::unique_ptr<EmbeddingProvider>> open_remote_embeddings(const Config& config) {
  CDX_TRY_LET(const auto endpoint,
              parse_endpoint("embed", config.text("embed"),
                             {"model", "dimension", "version", "ask_dimension", "query_prefix",
                              "passage_prefix", "window", "batch", "usd", "plain_http", "ca_file"}));
  RemoteEmbedderOptions options;
  options.url = endpoint.url;
  options.model = endpoint.text("model", "");
  options.version = endpoint.text("version", "");
  options.query_prefix = endpoint.text("query_prefix", "");
  options.passage_prefix = endpoint.text("passage_prefix", "");
  options.queries = config.flag("embed_queries");
  CDX_TRY_LET(options.dimension, endpoint.whole("dimension", 0, 2, 65'536));
  CDX_TRY_LET(options.ask_dimension, endpoint.flag("ask_dimension", false));
  CDX_TRY_LET(options.window_bytes, endpoint.whole("window", options.window_bytes, 64, 1'000'000));
  CDX_TRY_LET(options.batch_texts, endpoint.whole("batch", options.batch_texts, 1, 2'048));
  CDX_TRY_LET(options.usd_per_million_tokens, endpoint.number("usd", 0, 0, most_usd));
  CDX_TRY_LET(options.api_key, api_key(config, "embed_key_variable"));
  http::ClientOptions client;
  client.body_bytes =
      1024 * 1024 + options.batch_texts * options.dimension * 32;  // a number is 10 to 25 bytes
  CDX_TRY_LET(auto opened, open_client(endpoint, client));
  return open_remote_embedder(std::move(opened), options);
}

Result<AnnotatorParts> open_annotator(const Config& config, const Clock& clock) {
  AnnotatorParts out;
  const auto& value = config.text("annotate");
  if (value == "words") {
    out.annotator = enrich::make_words_annotator();
    return out;
  }
  if (!value.starts_with(chat) || !is_endpoint(std::string_view(value).substr(chat.size())))
    return fail(ErrorKind::invalid,
                "annotate must be words or chat:https://HOST/v1/chat/completions#model=NAME");
  CDX_TRY_LET(const auto endpoint, parse_endpoint("annotate", std::string_view(value).substr(chat.size()),
                                                  {"model", "format", "batch", "temperature", "limit",
                                                   "usd_in", "usd_out", "plain_http", "ca_file"}));
  CDX_TRY_LET(const auto options, chat_options(config, endpoint));
  http::ClientOptions slow;
  slow.request_timeout = std::chrono::minutes(3);  // a batch of long answers
  CDX_TRY_LET(auto client, open_client(endpoint, slow));
  const std::filesystem::path folder = config.text("data");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  CDX_TRY_LET(out.kept, enrich::open_annotation_file((folder / "annotations.db").string()));
  CDX_TRY(out.kept->forget_before({}, clock.now() - kept_for));
  enrich::DailyBudget budget;
  budget.requests = limit(static_cast<std::uint64_t>(config.whole("annotate_daily_requests")));
  budget.tokens = limit(static_cast<std::uint64_t>(config.whole("annotate_daily_tokens")));
  budget.usd = limit(config.fraction("annotate_daily_usd"));
  CDX_TRY_LET(auto model, enrich::open_chat_annotator(std::move(client), options, out.kept.get(), clock));
  auto bounded = enrich::make_budgeted_annotator(std::move(model), *out.kept, budget, clock);
  out.annotator = enrich::make_cached_annotator(std::move(bounded), *out.kept, clock);
  return out;
}

}  // namespace cdx::app
