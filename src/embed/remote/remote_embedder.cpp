#include "embed/remote/remote_embedder.h"

#include <atomic>

#include "base/hash.h"
#include "base/metrics.h"
#include "embed/meter.h"
#include "embed/remote/embeddings_protocol.h"
#include "embed/remote/windows.h"

namespace cdx {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t least_window_bytes = 64;
constexpr unsigned protocol_attempts = 3;  // for answers that came, but break the protocol

// One text of a call, or a part of it.
struct Window {
  std::size_t text = 0;
  std::string bytes;
};

class RemoteEmbedder final : public EmbeddingProvider {
 public:
  RemoteEmbedder(std::unique_ptr<http::HttpClient> client, RemoteEmbedderOptions options, std::string origin)
      : options_(std::move(options)),
        place_("embeddings of " + origin),
        client_(std::move(client)),
        patient_(*client_, options_.retry) {
    card_.name = options_.model + "@" + origin.substr(origin.find("//") + 2);
    card_.dimension = options_.dimension;
    card_.longest_input = options_.window_bytes;  // counted in bytes: tokens are the endpoint's secret
    if (!options_.version.empty()) card_.name += "+" + options_.version;
    const auto prefixes = options_.query_prefix + "\n" + options_.passage_prefix;
    if (prefixes.size() > 1) card_.name += "+" + std::to_string(hash64(prefixes));
  }

  const ModelCard& model() const override { return card_; }

  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole role) override {
    CDX_TRY(call.check());
    if (role == TextRole::passage) return embed_all(call, texts, role, patient_);
    if (!options_.queries)
      return fail(ErrorKind::unsupported, place_ + ": texts of searches are not sent to it");
    if (steady_clock::now().time_since_epoch() < quiet_until_.load())
      return fail(ErrorKind::unavailable, place_ + ": it failed a moment ago");
    Call hurried = call;
    hurried.deadline = std::min(call.deadline, steady_clock::now() + options_.query_timeout);
    auto out = embed_all(hurried, texts, role, *client_);
    if (!out && out.error().kind != ErrorKind::cancelled)
      quiet_until_ = (steady_clock::now() + options_.query_pause).time_since_epoch();
    return out;
  }

 private:
  std::vector<Window> windows_of(std::span<const std::string_view> texts, TextRole role,
                                 std::size_t& long_texts) const {
    const auto& prefix = role == TextRole::query ? options_.query_prefix : options_.passage_prefix;
    std::vector<Window> out;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto text = remote::cleaned(texts[i]);
      const auto before = out.size();
      for (const auto part : remote::windows_of(text, options_.window_bytes))
        out.push_back({i, prefix + std::string(part)});
      if (out.size() - before > 1) ++long_texts;
    }
    return out;
  }

  Result<Matrix> embed_all(const Call& call, std::span<const std::string_view> texts, TextRole role,
                           http::HttpClient& client) {
    const EmbedMeter meter;
    std::size_t long_texts = 0;
    const auto windows = windows_of(texts, role, long_texts);
    Matrix out{card_.dimension, std::vector<float>(texts.size() * card_.dimension)};
    for (std::size_t begin = 0; begin < windows.size();) {
      CDX_TRY(call.check());
      std::vector<std::string> batch;
      std::size_t bytes = 0;
      for (auto i = begin; i < windows.size() && batch.size() < options_.batch_texts; ++i) {
        bytes += windows[i].bytes.size();
        if (!batch.empty() && bytes > options_.batch_bytes) break;
        batch.push_back(windows[i].bytes);
      }
      CDX_TRY_LET(auto answer, ask(call, batch, role, client));
      for (std::size_t i = 0; i < batch.size(); ++i) {
        CDX_TRY(add(answer.rows.row(i), windows[begin + i], out));
      }
      begin += batch.size();
    }
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (!make_unit(out.row(i))) return no_direction();
    meter.done(texts.size(), long_texts, role);
    return out;
  }

  // A window counts by its bytes, as in other twins by its tokens.
  Status add(std::span<float> row, const Window& window, Matrix& out) const {
    if (!make_unit(row)) return no_direction();
    const auto weight = static_cast<float>(window.bytes.size());
    const auto sum = out.row(window.text);
    for (std::size_t i = 0; i < row.size(); ++i) sum[i] += row[i] * weight;
    return {};
  }

  tl::unexpected<Error> no_direction() const {
    return fail(ErrorKind::unavailable, place_ + ": a vector without direction");
  }

  http::HttpRequest request_for(std::span<const std::string> texts) const {
    const auto dimensions = options_.ask_dimension ? std::optional(options_.dimension) : std::nullopt;
    http::HttpRequest out{"POST",
                          options_.url,
                          {{"Content-Type", "application/json"}},
                          remote::request_body(options_.model, texts, dimensions)};
    if (!options_.api_key.empty()) out.headers.emplace_back("Authorization", "Bearer " + options_.api_key);
    return out;
  }

  Result<remote::Answer> ask(const Call& call, std::span<const std::string> texts, TextRole role,
                             http::HttpClient& client) {
    const auto request = request_for(texts);
    const unsigned attempts = role == TextRole::query ? 1 : protocol_attempts;
    for (unsigned tries = 1;; ++tries) {
      auto answer = ask_once(call, request, texts.size(), client);
      count(answer ? "ok" : name(answer.error().kind));
      if (answer) {
        EmbedMeter::batch_done(answer->tokens, role);
        metrics::count("creatordex_embed_cost_usd_total",
                       "Cost of remote embeddings by the configured price.", {},
                       static_cast<double>(answer->tokens) * options_.usd_per_million_tokens / 1e6);
        return answer;
      }
      CDX_TRY(call.check());
      // The client has already repeated what failed on the way.
      if (!answer.error().message.starts_with(place_) || answer.error().kind != ErrorKind::unavailable ||
          tries >= attempts)
        return answer;
    }
  }

  Result<remote::Answer> ask_once(const Call& call, const http::HttpRequest& request, std::size_t texts,
                                  http::HttpClient& client) const {
    CDX_TRY_LET(auto response, client.send(call, request));
    CDX_TRY(http::check_status(request, response));
    return remote::read_answer(place_, std::move(response.body), texts, options_.dimension);
  }

  static void count(std::string_view outcome) {
    metrics::count("creatordex_embed_requests_total", "Requests to a remote embedding endpoint, by outcome.",
                   {{"outcome", std::string(outcome)}});
  }

  RemoteEmbedderOptions options_;
  std::string place_;
  ModelCard card_;
  std::unique_ptr<http::HttpClient> client_;
  http::RetryingClient patient_;
  std::atomic<steady_clock::duration> quiet_until_ = steady_clock::duration::min();
};

}  // namespace

Result<std::unique_ptr<EmbeddingProvider>> open_remote_embedder(std::unique_ptr<http::HttpClient> client,
                                                                const RemoteEmbedderOptions& options) {
  CDX_TRY_LET(auto origin, http::origin_of(options.url));
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorKind::invalid, "embeddings of " + origin + ": " + what);
  };
  if (options.model.empty()) return wrong("the model has no name");
  if (options.dimension < 2 || options.dimension > 65'536)
    return wrong("dimension " + std::to_string(options.dimension) + " is not between 2 and 65536");
  if (options.window_bytes < least_window_bytes)
    return wrong("windows must have " + std::to_string(least_window_bytes) + " bytes or more");
  if (options.batch_texts == 0) return wrong("a request must take at least one text");
  return std::make_unique<RemoteEmbedder>(std::move(client), options, std::move(origin));
}

}  // namespace cdx
