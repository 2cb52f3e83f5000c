// Puts what several requests ask for at the same time into one computation, and remembers what came out.
// Private to serve.
//
// A model reads thirty-two texts in little more time than one: while a computation runs, what is asked
// meanwhile gathers and is the next one. Equal questions are computed once. Promises: thread-safe; memory is
// bounded; whoever waits goes when its Call ends, and what nobody waits for any more is not computed; a
// computation that fails is tried again one by one, so that nobody's question spoils another's.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/metrics.h"
#include "embed/embed.h"
#include "pipeline/picture_space.h"

namespace cdx::serve {

struct GatherOptions {
  std::string name;              // for metrics: "words", "pictures"
  std::size_t at_once = 32;      // inputs of one computation
  std::size_t remember = 4'096;  // rows
  std::size_t waiting = 256;     // inputs; beyond them `unavailable`
};

template <class Input>
class GatheredRows {
 public:
  using Compute = std::function<Result<Matrix>(const Call&, PictureReader&, std::span<const Input>)>;
  GatheredRows(Compute compute, GatherOptions options)
      : compute_(std::move(compute)),
        options_(std::move(options)),
        thread_([this](std::stop_token stop) { run(stop); }) {}
  ~GatheredRows() {
    thread_.request_stop();
    thread_.join();
  }
  GatheredRows(const GatheredRows&) = delete;
  GatheredRows& operator=(const GatheredRows&) = delete;

  // What is remembered under this key; absent: nothing.
  std::optional<std::vector<float>> known(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    const auto found = places_.find(key);
    count(found == places_.end() ? "miss" : "hit");
    if (found == places_.end()) return {};
    rows_.splice(rows_.begin(), rows_, found->second);
    return found->second->second;
  }

  // `key` names the input and the reader's space: equal keys have equal rows.
  Result<std::vector<float>> row(const Call& call, const std::string& key,
                                 const std::shared_ptr<PictureReader>& reader, Input input) {
    std::unique_lock lock(mutex_);
    auto& place = jobs_[key];
    if (!place) {
      if (queue_.size() >= options_.waiting) {
        jobs_.erase(key);
        return fail(ErrorKind::unavailable, "too many " + options_.name + " wait to be read");
      }
      place = std::make_shared<Job>();
      place->key = key;
      place->reader = reader;
      place->input = std::move(input);
      place->deadline = call.deadline;
      queue_.push_back(place);
      arrived_.notify_one();
    }
    const auto job = place;
    job->deadline = std::max(job->deadline, call.deadline);
    ++job->waiters;
    const auto until = std::min(call.deadline, std::chrono::steady_clock::now() + std::chrono::hours(1));
    const bool done = job->done.wait_until(lock, call.stop, until, [&] { return job->result.has_value(); });
    --job->waiters;
    if (done) return *job->result;
    CDX_TRY(call.check());
    return fail(ErrorKind::timed_out, "the deadline has passed");
  }

 private:
  struct Job {
    std::string key;
    std::shared_ptr<PictureReader> reader;
    Input input;
    std::chrono::steady_clock::time_point deadline;  // the latest of those who wait
    std::size_t waiters = 0;
    std::optional<Result<std::vector<float>>> result;
    std::condition_variable_any done;
  };
  using Jobs = std::vector<std::shared_ptr<Job>>;
  using Row = std::pair<std::string, std::vector<float>>;

  void run(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (arrived_.wait(lock, stop, [&] { return !queue_.empty(); })) {
      const auto jobs = take();
      if (jobs.empty()) continue;
      lock.unlock();
      auto results = compute(jobs, stop);
      lock.lock();
      for (std::size_t i = 0; i < jobs.size(); ++i) settle(*jobs[i], std::move(results[i]));
    }
    for (; !queue_.empty(); queue_.pop_front())
      settle(*queue_.front(), fail(ErrorKind::cancelled, "the server stops"));
  }

  // The oldest that are still wanted, as many as go into one computation of one reader. With the lock.
  Jobs take() {
    Jobs out;
    for (auto at = queue_.begin(); at != queue_.end() && out.size() < options_.at_once;) {
      if ((*at)->waiters == 0) {
        jobs_.erase((*at)->key);
      } else if (out.empty() || out.front()->reader == (*at)->reader) {
        out.push_back(*at);
      } else {
        ++at;
        continue;
      }
      at = queue_.erase(at);
    }
    return out;
  }

  std::vector<Result<std::vector<float>>> compute(const Jobs& jobs, const std::stop_token& stop) {
    std::vector<Input> inputs;
    Call call{{}, stop};
    for (const auto& job : jobs) {
      inputs.push_back(job->input);
      call.deadline = std::max(call.deadline, job->deadline);
    }
    metrics::count("creatordex_picture_question_batches_total", "Computations for picture searches",
                   {{"of", options_.name}});
    const auto together = compute_(call, *jobs.front()->reader, inputs);
    std::vector<Result<std::vector<float>>> out;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      if (together || jobs.size() == 1 || !call.check())
        out.push_back(row_of(together, i));
      else
        out.push_back(
            row_of(compute_({jobs[i]->deadline, stop}, *jobs[i]->reader, std::span(&inputs[i], 1)), 0));
    return out;
  }

  static Result<std::vector<float>> row_of(const Result<Matrix>& rows, std::size_t i) {
    if (!rows) return tl::unexpected<Error>(rows.error());
    if (rows->rows() <= i) return fail(ErrorKind::internal, "a reader gave fewer rows than it was asked for");
    const auto row = rows->row(i);
    return std::vector<float>(row.begin(), row.end());
  }

  // With the lock.
  void settle(Job& job, Result<std::vector<float>> result) {
    if (result && places_.find(job.key) == places_.end()) {
      rows_.emplace_front(job.key, *result);
      places_.emplace(job.key, rows_.begin());
      if (rows_.size() > options_.remember) {
        places_.erase(rows_.back().first);
        rows_.pop_back();
      }
    }
    job.result = std::move(result);
    jobs_.erase(job.key);
    job.done.notify_all();
  }

  void count(const char* outcome) const {
    metrics::count("creatordex_picture_question_cache_total",
                   "Vectors asked for by picture searches, by outcome",
                   {{"of", options_.name}, {"outcome", outcome}});
  }

  Compute compute_;
  const GatherOptions options_;
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::deque<std::shared_ptr<Job>> queue_;                         // not yet computed
  std::map<std::string, std::shared_ptr<Job>, std::less<>> jobs_;  // queued or being computed
  std::list<Row> rows_;                                            // newest use first
  std::map<std::string, typename std::list<Row>::iterator, std::less<>> places_;
  std::jthread thread_;  // last: ends first
};

}  // namespace cdx::serve
