#include "fetch/schedule.h"

namespace cdx::fetch {

void Schedule::enqueue(Host& host) {
  if (host.queued || host.jobs.empty() || host.in_flight >= options_.per_host) return;
  host.queued = true;
  turn_.push_back(&host);
}

void Schedule::add(const std::string& name, Job job) {
  auto& host = hosts_[name];
  host.jobs.push_back(job);
  ++waiting_;
  enqueue(host);
}

void Schedule::release(Instant now) {
  while (!later_.empty() && later_.top().at <= now) {
    const auto due = later_.top();
    later_.pop();
    if (due.job) due.host->jobs.push_front(*due.job);
    enqueue(*due.host);
  }
}

std::optional<Job> Schedule::next(Instant now) {
  release(now);
  if (in_flight_ >= options_.concurrency) return std::nullopt;
  while (!turn_.empty()) {
    auto& host = *turn_.front();
    turn_.pop_front();
    host.queued = false;
    if (host.jobs.empty() || host.in_flight >= options_.per_host) continue;
    if (host.rests_until > now) {
      later_.push({host.rests_until, &host, std::nullopt});
      continue;
    }
    const auto job = host.jobs.front();
    host.jobs.pop_front();
    ++host.in_flight;
    ++in_flight_;
    --waiting_;
    enqueue(host);
    return job;
  }
  return std::nullopt;
}

std::optional<Instant> Schedule::wake() const {
  return later_.empty() ? std::nullopt : std::optional<Instant>(later_.top().at);
}

void Schedule::ended(const std::string& name, bool host_failed, Instant now) {
  auto& host = hosts_.at(name);
  --host.in_flight;
  --in_flight_;
  if (!host_failed) {
    host.failures = 0;
    host.rests = 0;
  } else if (++host.failures >= options_.breaker_failures && host.rests_until <= now) {
    // After a rest one failure is enough for the next one.
    host.failures = options_.breaker_failures - 1;
    host.rests_until = now + options_.breaker_rest;
    ++host.rests;
  }
  enqueue(host);
}

void Schedule::retry(const std::string& name, Job job, Instant not_before) {
  ++waiting_;
  later_.push({not_before, &hosts_.at(name), job});
}

bool Schedule::given_up(const std::string& name) const {
  const auto at = hosts_.find(name);
  return at != hosts_.end() && at->second.rests > options_.breaker_rests;
}

std::vector<Job> Schedule::take_lost(const std::string& name) {
  auto& host = hosts_.at(name);
  std::vector<Job> out(host.jobs.begin(), host.jobs.end());
  waiting_ -= out.size();
  host.jobs.clear();
  return out;
}

}  // namespace cdx::fetch
