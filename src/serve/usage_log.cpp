#include "serve/usage_log.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"

namespace cdx::serve {
namespace {

constexpr std::size_t batch = 256;

std::uint64_t words_of(const Query& query) {
  return hash64(query.text + '\0' + describe(canonical(query.filter)));
}

using Feature = std::pair<std::string, double>;

// As evaluate/tune.h reads them: each part by its name, and each field's cosine.
template <class OneHit>
std::vector<Feature> search_features(const OneHit& hit) {
  std::vector<Feature> out;
  for (const auto& part : hit.parts) {
    out.emplace_back(part.name, part.value);
    if (part.name != "semantic") continue;
    for (const auto& [field, cosine] : part.details) out.emplace_back("cosine:" + field, cosine);
  }
  return out;
}

std::vector<Feature> features_of(const Hit& hit) { return search_features(hit); }
std::vector<Feature> features_of(const Considered& one) { return search_features(one); }

template <class OneHit>
std::vector<Feature> match_features(const OneHit& hit) {
  std::vector<Feature> out;
  for (const auto& part : hit.parts)
    if (part.value) out.emplace_back(part.name, *part.value);
  return out;
}

std::vector<Feature> features_of(const MatchHit& hit) { return match_features(hit); }
std::vector<Feature> features_of(const ConsideredMatch& one) { return match_features(one); }

template <class Hits>
void take_features(LoggedQuestion& question, const Hits& hits) {
  auto& names = question.feature_names;
  for (const auto& hit : hits) {
    ShownCreator shown{hit.id, hit.score, std::vector<float>(names.size(), std::nanf(""))};
    for (const auto& [name, value] : features_of(hit)) {
      const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      if (at == names.size()) {
        names.push_back(name);
        shown.features.push_back(std::nanf(""));
      }
      shown.features[at] = static_cast<float>(value);
    }
    question.shown.push_back(std::move(shown));
    if (question.shown.size() == max_shown_creators) break;
  }
  for (auto& shown : question.shown) shown.features.resize(names.size(), std::nanf(""));
}

// The candidates, and which of them were seen; where they are not told, those seen.
template <class AnyAnswer>
void take_candidates(LoggedQuestion& question, const AnyAnswer& answer) {
  if (answer.considered.empty()) {
    take_features(question, answer.hits);
    return;
  }
  take_features(question, answer.considered);
  const auto& shown = question.shown;
  const auto place = [&](CreatorId id) {
    return static_cast<std::uint32_t>(
        std::find_if(shown.begin(), shown.end(), [&](const auto& one) { return one.creator == id; }) -
        shown.begin());
  };
  if (answer.hits.empty()) return;
  question.first_seen = place(answer.hits.front().id);
  question.count_seen = place(answer.hits.back().id) - question.first_seen + 1;
}

}  // namespace

UsageLog::UsageLog(UsageStore& store, const Clock& clock, UsageLogOptions options)
    : store_(store), clock_(clock), options_(options), swept_(clock.now()) {
  std::random_device random;
  seed_ = static_cast<std::uint64_t>(random()) << 32U | random();
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

UsageLog::~UsageLog() {
  thread_.request_stop();
  thread_.join();
  if (const auto done = flush(Call::within(std::chrono::seconds(5))); !done)
    log::warning("usage was not written", {{"reason", done.error().message}});
}

QuestionId UsageLog::take(LoggedQuestion question) {
  const std::scoped_lock lock(mutex_);
  const auto count = ++count_;
  question.id = QuestionId{hash64({reinterpret_cast<const char*>(&count), sizeof count}, seed_)};
  question.at = clock_.now();
  const auto id = question.id;
  if (questions_.size() < options_.most_waiting)
    questions_.push_back(std::move(question));
  else
    metrics::count("creatordex_usage_lost_total", "Questions that were not logged because too many waited");
  return id;
}

QuestionId UsageLog::note(const Query& query, const Answer& answer) {
  LoggedQuestion question;
  question.kind = "search";
  question.words = words_of(query);
  question.profile = std::string(name(query.mode));
  take_candidates(question, answer);
  return take(std::move(question));
}

QuestionId UsageLog::note(const Brief& brief, const MatchAnswer& answer) {
  LoggedQuestion question;
  question.kind = "match";
  question.words = brief_hash(brief);
  question.profile = answer.profile;
  take_candidates(question, answer);
  return take(std::move(question));
}

Status UsageLog::flush(const Call& call) {
  const std::scoped_lock writing(writing_);
  for (;;) {
    std::vector<LoggedQuestion> some;
    {
      const std::scoped_lock lock(mutex_);
      const auto size = std::min(batch, questions_.size());
      some.assign(questions_.begin(), questions_.begin() + static_cast<std::ptrdiff_t>(size));
    }
    if (some.empty()) return {};
    CDX_TRY(store_.log_questions(call, some));
    const std::scoped_lock lock(mutex_);
    questions_.erase(questions_.begin(), questions_.begin() + static_cast<std::ptrdiff_t>(some.size()));
  }
}

Status UsageLog::choose(const Call& call, LoggedChoice choice) {
  choice.at = clock_.now();
  CDX_TRY(flush(call));
  return store_.log_choices(call, {&choice, 1});
}

void UsageLog::run(std::stop_token stop) {
  const Call call{std::chrono::steady_clock::time_point::max(), stop};
  std::mutex mutex;
  while (!stop.stop_requested()) {
    if (const auto done = flush(call); !done && done.error().kind != ErrorKind::cancelled)
      log::warning("usage was not written", {{"reason", done.error().message}});
    if (clock_.now() - swept_ > std::chrono::hours(1)) {
      swept_ = clock_.now();
      if (const auto gone = store_.forget_questions(call, clock_.now() - options_.keep); !gone)
        log::warning("old usage was not forgotten", {{"reason", gone.error().message}});
    }
    std::unique_lock lock(mutex);
    waiting_.wait_for(lock, stop, options_.every, [] { return false; });
  }
}

}  // namespace cdx::serve
