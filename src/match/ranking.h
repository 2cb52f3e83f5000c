// One brief's candidates, scored and in order. Private to the match room.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "match/match.h"

namespace cdx {

// Least recently used goes first. Thread-safe.
template <class Value>
class Remembered {
 public:
  explicit Remembered(std::size_t most) : most_(most) {}
  std::optional<Value> find(std::uint64_t key) {
    const std::scoped_lock lock(mutex_);
    const auto found = at_.find(key);
    if (found == at_.end()) return std::nullopt;
    list_.splice(list_.begin(), list_, found->second);
    return list_.front().second;
  }
  void put(std::uint64_t key, Value value) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = at_.find(key); found != at_.end()) list_.erase(found->second);
    list_.emplace_front(key, std::move(value));
    at_[key] = list_.begin();
    while (list_.size() > most_) {
      at_.erase(list_.back().first);
      list_.pop_back();
    }
  }

 private:
  using Entry = std::pair<std::uint64_t, Value>;
  std::size_t most_;
  std::mutex mutex_;
  std::list<Entry> list_;
  std::unordered_map<std::uint64_t, typename std::list<Entry>::iterator> at_;
};

struct Ranked {
  CreatorId id;
  ScoredCreator scored;
};
struct Ranking {
  std::vector<Ranked> creators;  // by order descending, then id
  std::size_t matching = 0;
  bool bounded = false;
  std::string model;
  std::vector<std::string> degraded;
  std::string plan;
  std::uint64_t generation = 0;
  Revision revision;
};

// What ranks: borrowed parts and what is remembered of them. Thread-safe.
class Ranker {
 public:
  Ranker(const Searcher& searcher, const Store& store, EmbeddingProvider* embedder, const Clock& clock,
         const MatcherOptions& options)
      : searcher_(searcher),
        store_(store),
        embedder_(embedder),
        clock_(clock),
        options_(options),
        vectors_(options.remembered_vectors) {}

  // `brief` is checked already. `max`: candidates at most.
  Result<Ranking> rank(const Call& call, const Brief& brief, const ScoringProfile& profile,
                       std::size_t max) const;

 private:
  using Vector = std::shared_ptr<const std::vector<float>>;
  Result<std::vector<Vector>> embed(const Call& call, const std::vector<std::string>& texts) const;
  Status ask_meaning(const Call& call, const Brief& brief, const ScoringProfile& profile,
                     CandidateQuestion& question, Ranking& out) const;

  const Searcher& searcher_;
  const Store& store_;
  EmbeddingProvider* embedder_;
  const Clock& clock_;
  MatcherOptions options_;
  mutable Remembered<Vector> vectors_;
};

}  // namespace cdx
