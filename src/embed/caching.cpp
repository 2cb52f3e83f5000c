#include <list>
#include <mutex>
#include <unordered_map>

#include "base/metrics.h"
#include "embed/embed.h"

namespace cdx {
namespace {

constexpr std::size_t longest_remembered_bytes = 4096;

// The least recently used text leaves first. Not thread-safe.
class RecentVectors {
 public:
  explicit RecentVectors(std::size_t capacity) : capacity_(capacity) {}

  // The vector stays valid until the next put().
  const std::vector<float>* find(std::string_view text) {
    const auto at = places_.find(text);
    if (at == places_.end()) return nullptr;
    order_.splice(order_.begin(), order_, at->second);
    return &at->second->vector;
  }

  void put(std::string_view text, std::span<const float> vector) {
    if (capacity_ == 0 || text.size() > longest_remembered_bytes || find(text) != nullptr) return;
    order_.push_front({std::string(text), {vector.begin(), vector.end()}});
    places_.emplace(order_.front().text, order_.begin());
    if (order_.size() <= capacity_) return;
    places_.erase(order_.back().text);
    order_.pop_back();
  }

 private:
  struct Entry {
    std::string text;
    std::vector<float> vector;
  };
  std::size_t capacity_;
  std::list<Entry> order_;
  std::unordered_map<std::string_view, std::list<Entry>::iterator> places_;  // keys point into order_
};

class CachingEmbedder final : public EmbeddingProvider {
 public:
  CachingEmbedder(EmbeddingProvider& inner, std::size_t capacity) : inner_(inner), recent_(capacity) {}

  const ModelCard& model() const override { return inner_.model(); }

  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole role) override {
    if (role != TextRole::query) return inner_.embed(call, texts, role);
    CDX_TRY(call.check());
    const std::size_t columns = inner_.model().dimension;
    Matrix out{columns, std::vector<float>(texts.size() * columns)};
    const std::vector<std::size_t> missing = fill_known(texts, out);
    count("hit", texts.size() - missing.size());
    count("miss", missing.size());
    if (missing.empty()) return out;

    std::vector<std::string_view> asked;
    asked.reserve(missing.size());
    for (const std::size_t i : missing) asked.push_back(texts[i]);
    CDX_TRY_LET(const Matrix fresh, inner_.embed(call, asked, role));
    const std::lock_guard lock(mutex_);
    for (std::size_t k = 0; k < missing.size(); ++k) {
      const std::span<const float> row = fresh.row(k);
      std::copy(row.begin(), row.end(), out.row(missing[k]).begin());
      recent_.put(asked[k], row);
    }
    return out;
  }

 private:
  // Copies what is remembered; gives the numbers of the texts that are not.
  std::vector<std::size_t> fill_known(std::span<const std::string_view> texts, Matrix& out) {
    std::vector<std::size_t> missing;
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::vector<float>* known = recent_.find(texts[i]);
      if (known == nullptr) {
        missing.push_back(i);
      } else {
        std::copy(known->begin(), known->end(), out.row(i).begin());
      }
    }
    return missing;
  }

  static void count(const char* outcome, std::size_t by) {
    metrics::count("creatordex_embed_cache_total", "Query vectors asked of the cache, by outcome.",
                   {{"outcome", outcome}}, static_cast<double>(by));
  }

  EmbeddingProvider& inner_;
  std::mutex mutex_;
  RecentVectors recent_;
};

}  // namespace

std::unique_ptr<EmbeddingProvider> make_caching_embedder(EmbeddingProvider& inner, std::size_t capacity) {
  return std::make_unique<CachingEmbedder>(inner, capacity);
}

}  // namespace cdx
