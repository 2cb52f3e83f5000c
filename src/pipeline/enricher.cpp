#include "pipeline/enricher.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "pipeline/changed.h"
#include "pipeline/embed_missing.h"

namespace cdx {
namespace {

constexpr int most_tries = 5;  // at a commit that meets other writers

enum class Reason { none, first, version, drift, age };
std::string_view name(Reason reason) {
  constexpr std::string_view names[] = {"none", "first", "version", "drift", "age"};
  return names[static_cast<std::size_t>(reason)];
}

std::uint64_t input_hash(const Profile& profile, const std::vector<Passage>& passages) {
  std::string all;
  for (const auto& passage : passages)
    for (const auto& text : passage.texts) all += passage.field + '\0' + text + '\0';
  for (const auto& account : profile.accounts)
    for (const auto& category : value_or(account.categories, std::vector<std::string>()))
      all += category + '\0';
  return hash64(all);
}

// The unit mean of all vectors there are; empty without any.
std::vector<float> centroid(const std::vector<Passage>& passages, const TextVectors& vectors) {
  std::vector<float> sum;
  for (const auto& passage : passages) {
    const auto row = pooled(passage, vectors);
    if (row.empty()) continue;
    sum.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) sum[i] += row[i];
  }
  double length = 0;
  for (const float x : sum) length += static_cast<double>(x) * static_cast<double>(x);
  if (length <= 0) return {};
  for (auto& x : sum) x = static_cast<float>(static_cast<double>(x) / std::sqrt(length));
  return sum;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

// One creator on the bench.
struct Case {
  const Profile* profile = nullptr;
  std::uint64_t input = 0;
  std::vector<float> meaning;
  Reason reason = Reason::none;
};

}  // namespace

struct Enricher::State {
  Store& store;
  enrich::Annotator& annotator;
  EmbeddingProvider* embedder;
  const Clock& clock;
  EnricherOptions options;
  std::string version;           // of the annotator when this began
  std::optional<Revision> seen;  // read from the checkpoint at the first step
  Time swept{};
  mutable std::mutex mutex;  // guards `shown` alone
  EnricherProgress shown;

  std::string checkpoint() const { return "enricher " + version; }
  // Where centroids of judged creators are kept: a space of their own, addressed by creator.
  VectorKey judged_key(CreatorId id) const {
    return {hash64("judged centroid", embedder->model().space()), id.value};
  }

  Status begin(const Call& call);
  Result<std::vector<Case>> cases(const Call& call, const std::vector<Profile>& profiles) const;
  Reason reason_for(const Creator& creator, const Case& one,
                    const std::map<std::uint64_t, std::vector<float>>& before) const;
  Status judge(const Call& call, std::span<const Case> batch, ChangeSet& out);
  Status keep_centroids(const Call& call, std::span<const Case> batch) const;
  Result<bool> attempt(const Call& call);
  void report(const EnricherProgress& more);
};

Status Enricher::State::begin(const Call& call) {
  if (seen) return {};
  CDX_TRY_LET(const auto kept, store.checkpoint(call, checkpoint()));
  seen = Revision{kept ? std::strtoull(kept->c_str(), nullptr, 10) : 0};
  swept = clock.now();
  return {};
}

Reason Enricher::State::reason_for(const Creator& creator, const Case& one,
                                   const std::map<std::uint64_t, std::vector<float>>& before) const {
  const auto& judged = creator.judged;
  if (judged.by.empty()) return Reason::first;
  if (judged.by != version) return Reason::version;
  if (judged.input == one.input) return Reason::none;
  const auto age = clock.now() - judged.at;
  if (age >= options.oldest) return Reason::age;
  const auto old = before.find(creator.id.value);
  if (old == before.end() || old->second.size() != one.meaning.size())
    return age >= options.patience ? Reason::age : Reason::none;
  return 1 - cosine(old->second, one.meaning) > options.drift ? Reason::drift : Reason::none;
}

Result<std::vector<Case>> Enricher::State::cases(const Call& call,
                                                 const std::vector<Profile>& profiles) const {
  TextVectors vectors;
  std::map<std::uint64_t, std::vector<float>> before;
  if (embedder != nullptr) {
    CDX_TRY(embed_profiles(call, store, *embedder, profiles, options.most_items));
    CDX_TRY_LET(vectors, kept_vectors(call, store, embedder->model().space(), profiles, options.most_items));
    std::vector<VectorKey> keys;
    for (const auto& profile : profiles) keys.push_back(judged_key(profile.creator.id));
    CDX_TRY_LET(auto kept, store.vectors(call, keys));
    for (auto& one : kept) before.emplace(one.key.text, std::move(one.values));
  }
  std::vector<Case> out;
  for (const auto& profile : profiles) {
    Case one{&profile, 0, {}, Reason::none};
    const auto passages = passages_of(profile, options.most_items);
    one.input = input_hash(profile, passages);
    one.meaning = centroid(passages, vectors);
    one.reason = reason_for(profile.creator, one, before);
    if (one.reason != Reason::none) out.push_back(std::move(one));
  }
  return out;
}

Status Enricher::State::judge(const Call& call, std::span<const Case> batch, ChangeSet& out) {
  std::vector<enrich::AnnotatorInput> inputs;
  for (const auto& one : batch)
    inputs.push_back({one.profile, one.meaning, embedder == nullptr ? 0 : embedder->model().space()});
  CDX_TRY_LET(const auto answers, annotator.annotate(call, inputs));
  EnricherProgress more;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& one = batch[i];
    const auto now = clock.now();
    metrics::count("creatordex_enrichments_total", "Creators judged by an annotator",
                   {{"reason", std::string(name(one.reason))},
                    {"outcome", answers[i] ? "ok" : std::string(cdx::name(answers[i].error().kind))}});
    if (!answers[i]) {
      ++more.failed;
      out.quarantine.push_back(
          {"enrich", one.profile->creator.id.text(), version, answers[i].error().message, "", now, ""});
      continue;
    }
    ++more.judged;
    auto creator = one.profile->creator;
    enrich::apply_annotation(creator, *answers[i], {version, now, one.input});
    out.creators.push_back(std::move(creator));
  }
  report(more);
  return {};
}

Status Enricher::State::keep_centroids(const Call& call, std::span<const Case> batch) const {
  if (embedder == nullptr) return {};
  std::vector<KeptVector> kept;
  for (const auto& one : batch)
    if (!one.meaning.empty()) kept.push_back({judged_key(one.profile->creator.id), one.meaning});
  return store.keep_vectors(call, kept);
}

void Enricher::State::report(const EnricherProgress& more) {
  const std::scoped_lock lock(mutex);
  shown.looked_at += more.looked_at;
  shown.judged += more.judged;
  shown.failed += more.failed;
}

Result<bool> Enricher::State::attempt(const Call& call) {
  CDX_TRY(begin(call));
  CDX_TRY_LET(const auto page, store.changes(call, *seen, options.change_batch));
  if (page.changes.empty() && page.reached == *seen) {
    if (clock.now() - swept < options.sweep) return false;
    swept = clock.now();
    seen = Revision{};
    return true;
  }
  ChangeSet changes;
  CDX_TRY_LET(changes.based_on, store.revision(call));
  CDX_TRY_LET(const auto profiles, store.profiles(call, living(page), options.most_items));
  CDX_TRY_LET(const auto bench, cases(call, profiles));
  const auto size = std::max<std::size_t>(1, annotator.batch());
  for (std::size_t at = 0; at < bench.size(); at += size)
    CDX_TRY(judge(call, std::span(bench).subspan(at, std::min(size, bench.size() - at)), changes));
  CDX_TRY(keep_centroids(call, bench));
  changes.checkpoints.push_back({checkpoint(), std::to_string(page.reached.value)});
  // Looking alone is not written down each time: it would make a revision to look at.
  if (!changes.creators.empty() || !changes.quarantine.empty()) CDX_TRY(store.commit(call, changes));
  seen = page.reached;
  report({profiles.size(), 0, 0});
  return true;
}

Enricher::Enricher(Store& store, enrich::Annotator& annotator, EmbeddingProvider* embedder,
                   const Clock& clock, EnricherOptions options)
    : state_(new State{store, annotator, embedder, clock, options, annotator.version(), {}, {}, {}, {}}) {}
Enricher::~Enricher() = default;

Result<bool> Enricher::step(const Call& call) {
  for (int tries = 1;; ++tries) {
    auto worked = state_->attempt(call);
    if (worked || worked.error().kind != ErrorKind::conflict || tries == most_tries) return worked;
  }
}

Status Enricher::catch_up(const Call& call, const std::function<void(const EnricherProgress&)>& progress) {
  for (;;) {
    CDX_TRY(call.check());
    CDX_TRY_LET(const bool worked, step(call));
    if (progress) progress(this->progress());
    if (!worked) return {};
  }
}

void Enricher::run(std::stop_token stop) {
  const Call call{std::chrono::steady_clock::time_point::max(), stop};
  std::mutex mutex;
  std::condition_variable_any waiting;
  while (!stop.stop_requested()) {
    const auto worked = step(call);
    auto pause = worked && *worked ? std::chrono::milliseconds{0} : state_->options.poll;
    if (!worked && worked.error().kind != ErrorKind::cancelled) {
      log::warning("enrich failed", {{"reason", worked.error().message}});
      pause = std::max(std::chrono::milliseconds{1'000},
                       worked.error().wait.value_or(std::chrono::milliseconds{0}));
    }
    std::unique_lock lock(mutex);
    waiting.wait_for(lock, stop, pause, [] { return false; });
  }
}

EnricherProgress Enricher::progress() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->shown;
}

}  // namespace cdx
