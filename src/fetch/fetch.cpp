#include "fetch/fetch.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <unordered_set>

#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "fetch/schedule.h"
#include "fetch/transfer.h"
#include "io/file.h"

namespace cdx::fetch {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// A URL of the list that is to be asked, and where it stands.
struct Task {
  Target first;   // as asked: its host is the one that is limited and counted
  Target target;  // after redirects so far
  int redirects = 0;
};

struct Slot {
  explicit Slot(const FetchOptions& options, const AddressGuard& guard, const Sniff& sniff)
      : transfer(options, guard, sniff) {}
  Transfer transfer;
  Job job;
  Instant begun;
};

struct CloseMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

class Run {
 public:
  Run(const Call& call, const FetchOptions& options, const Sniff& sniff, AddressGuard guard,
      Manifest manifest, const std::function<void(const FetchProgress&)>& progress)
      : call_(call),
        options_(options),
        sniff_(sniff),
        guard_(std::move(guard)),
        manifest_(std::move(manifest)),
        progress_(progress),
        schedule_(options),
        random_(options.seed),
        multi_(curl_multi_init()) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.per_host));
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options.concurrency));
  }

  ~Run() {
    for (auto& [easy, slot] : busy_) curl_multi_remove_handle(multi_.get(), easy);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Status take(std::span<const std::string> urls);
  Result<FetchProgress> drive();

 private:
  Status start(const Job& job, Instant now);
  void begin(std::unique_ptr<Slot> slot, Instant now);
  Status ended(CURL* easy, int code);
  Status finish(Slot& slot, const Outcome& outcome);
  Result<bool> redirected(std::unique_ptr<Slot>& slot, Outcome& outcome);
  Status keep(Slot& slot, Attempt& attempt);
  Status bury_host(const std::string& host);
  Status bury(const std::string& url, std::string reason);
  Attempt attempt_of(const Slot& slot, const Outcome& outcome) const;
  milliseconds pause(int attempt, milliseconds asked);
  Status note(const Attempt& attempt);
  void show(Instant now, bool anyway);

  const Call& call_;
  const FetchOptions& options_;
  const Sniff& sniff_;
  AddressGuard guard_;
  Manifest manifest_;
  const std::function<void(const FetchProgress&)>& progress_;
  Schedule schedule_;
  std::mt19937_64 random_;
  std::unique_ptr<CURLM, CloseMulti> multi_;
  std::vector<Task> tasks_;
  std::unordered_map<CURL*, std::unique_ptr<Slot>> busy_;
  std::vector<std::unique_ptr<Slot>> idle_;
  FetchProgress shown_;
  Instant last_shown_{};
  SystemClock clock_;
};

// Files are addressed by their content, so equal ones of many URLs are one.
std::string place(const std::string& sha256, const std::string& ending) {
  return fmt::format("files/{}/{}.{}", sha256.substr(0, 2), sha256, ending);
}

bool still_there(const FetchOptions& options, const Standing& standing) {
  std::error_code error;
  const auto size = fs::file_size(fs::path(options.folder) / standing.file, error);
  return !error && size == standing.bytes;
}

Status Run::take(std::span<const std::string> urls) {
  std::unordered_set<std::string> seen;
  for (const auto& text : urls) {
    auto target = parse_target(text, options_.net);
    const auto& url = target ? target->url : text;
    if (!belongs(url, options_.shard) || !seen.insert(url).second) continue;
    ++shown_.total;
    const auto* standing = manifest_.standing(url);
    if (standing != nullptr && standing->dead && !options_.retry_dead) {
      ++shown_.skipped;
    } else if (!target) {
      CDX_TRY(bury(url, target.error().message));
    } else if (standing != nullptr && standing->done && !options_.refresh &&
               still_there(options_, *standing)) {
      ++shown_.skipped;
    } else {
      const auto number = static_cast<std::uint32_t>(tasks_.size());
      tasks_.push_back({*target, *target, 0});
      schedule_.add(target->host, {number, 1});
    }
  }
  return {};
}

Status Run::start(const Job& job, Instant now) {
  auto& task = tasks_[job.url];
  if (schedule_.given_up(task.first.host)) {
    schedule_.ended(task.first.host, false, now);
    return bury(task.first.url, "the host failed again and again and was given up");
  }
  std::unique_ptr<Slot> slot;
  if (idle_.empty()) {
    slot = std::make_unique<Slot>(options_, guard_, sniff_);
  } else {
    slot = std::move(idle_.back());
    idle_.pop_back();
  }
  slot->job = job;
  task.target = task.first;
  task.redirects = 0;
  begin(std::move(slot), now);
  return {};
}

void Run::begin(std::unique_ptr<Slot> slot, Instant now) {
  const auto& task = tasks_[slot->job.url];
  const auto* standing = manifest_.standing(task.first.url);
  const bool compare = standing != nullptr && standing->done && still_there(options_, *standing);
  slot->begun = now;
  slot->transfer.prepare(task.target, compare ? standing : nullptr);
  auto* easy = slot->transfer.handle();
  busy_.emplace(easy, std::move(slot));
  curl_multi_add_handle(multi_.get(), easy);
}

Attempt Run::attempt_of(const Slot& slot, const Outcome& outcome) const {
  const auto& task = tasks_[slot.job.url];
  Attempt out;
  out.url = task.first.url;
  out.final_url = task.target.url;
  out.http_status = outcome.http_status;
  out.error = outcome.error;
  out.content_type = outcome.content_type;
  out.etag = outcome.etag;
  out.last_modified = outcome.last_modified;
  out.latency_ms =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - slot.begun).count();
  out.attempt = slot.job.attempt;
  out.at = clock_.now();
  return out;
}

Status Run::keep(Slot& slot, Attempt& attempt) {
  const auto body = slot.transfer.take_body();
  attempt.status = "ok";
  attempt.bytes = body.size();
  attempt.sha256 = hex(sha256(body));
  attempt.file = place(attempt.sha256, slot.transfer.ending());
  const auto path = fs::path(options_.folder) / attempt.file;
  std::error_code error;
  if (fs::file_size(path, error) == body.size() && !error) return {};
  fs::create_directories(path.parent_path(), error);
  const auto draft = path.string() + ".part";
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  out.write(body.data(), static_cast<std::streamsize>(body.size()));
  out.close();
  if (!out) return fail(ErrorKind::unavailable, fmt::format("cannot write {}", draft));
  fs::rename(draft, path, error);
  if (error)
    return fail(ErrorKind::unavailable, fmt::format("cannot write {}: {}", path.string(), error.message()));
  return {};
}

milliseconds Run::pause(int attempt, milliseconds asked) {
  const auto longest = static_cast<double>(options_.longest_pause.count());
  const double full =
      std::min(longest, static_cast<double>(options_.first_pause.count()) * std::exp2(attempt - 1));
  std::uniform_real_distribution<double> share(0.5, 1.0);
  return std::max(asked, milliseconds(static_cast<std::int64_t>(full * share(random_))));
}

Status Run::note(const Attempt& attempt) {
  ++shown_.attempts;
  metrics::count("creatordex_fetch_attempts_total", "Attempts to fetch a file", {{"status", attempt.status}});
  metrics::observe_seconds("creatordex_fetch_seconds", "Time of an attempt to fetch a file", {},
                           static_cast<double>(attempt.latency_ms) / 1000);
  return manifest_.append(attempt);
}

Status Run::bury(const std::string& url, std::string reason) {
  Attempt attempt;
  attempt.url = url;
  attempt.status = "dead";
  attempt.error = std::move(reason);
  attempt.attempt = 0;
  attempt.at = clock_.now();
  ++shown_.dead;
  return manifest_.append(attempt);
}

Status Run::bury_host(const std::string& host) {
  for (const auto& job : schedule_.take_lost(host))
    CDX_TRY(bury(tasks_[job.url].first.url, "the host failed again and again and was given up"));
  return {};
}

// True where the transfer goes on to another address.
Result<bool> Run::redirected(std::unique_ptr<Slot>& slot, Outcome& outcome) {
  auto& task = tasks_[slot->job.url];
  outcome.kind = Outcome::Kind::dead;
  if (++task.redirects > options_.redirects) {
    outcome.error = fmt::format("more than {} redirects", options_.redirects);
    return false;
  }
  auto next = follow(task.target, outcome.location, options_.net);
  if (!next) {
    outcome.error = next.error().message;
    return false;
  }
  task.target = *std::move(next);
  begin(std::move(slot), slot->begun);
  return true;
}

Status Run::finish(Slot& slot, const Outcome& outcome) {
  const auto now = std::chrono::steady_clock::now();
  const auto& host = tasks_[slot.job.url].first.host;
  auto attempt = attempt_of(slot, outcome);
  schedule_.ended(host, outcome.host_failed, now);
  const bool again = outcome.kind == Outcome::Kind::retry && slot.job.attempt < options_.attempts &&
                     !schedule_.given_up(host);
  if (outcome.kind == Outcome::Kind::ok) {
    CDX_TRY(keep(slot, attempt));
    ++shown_.fetched;
    shown_.bytes += attempt.bytes;
  } else if (outcome.kind == Outcome::Kind::unchanged) {
    attempt.status = "unchanged";
    const auto& standing = *manifest_.standing(attempt.url);
    attempt.file = standing.file;
    attempt.sha256 = standing.sha256;
    attempt.bytes = standing.bytes;
    ++shown_.unchanged;
  } else if (again) {
    attempt.status = "retry";
    schedule_.retry(host, {slot.job.url, slot.job.attempt + 1}, now + pause(slot.job.attempt, outcome.wait));
  } else {
    attempt.status = "dead";
    ++shown_.dead;
  }
  CDX_TRY(note(attempt));
  return schedule_.given_up(host) ? bury_host(host) : Status{};
}

Status Run::ended(CURL* easy, int code) {
  curl_multi_remove_handle(multi_.get(), easy);
  const auto at = busy_.find(easy);
  auto slot = std::move(at->second);
  busy_.erase(at);
  auto outcome = slot->transfer.outcome(code);
  if (outcome.kind == Outcome::Kind::redirect) {
    CDX_TRY_LET(const bool goes_on, redirected(slot, outcome));
    if (goes_on) return {};
  }
  CDX_TRY(finish(*slot, outcome));
  idle_.push_back(std::move(slot));
  return {};
}

void Run::show(Instant now, bool anyway) {
  if (!progress_ || (!anyway && now - last_shown_ < milliseconds(250))) return;
  last_shown_ = now;
  shown_.in_flight = busy_.size();
  shown_.waiting = schedule_.waiting();
  progress_(shown_);
}

Result<FetchProgress> Run::drive() {
  for (;;) {
    CDX_TRY(call_.check());
    auto now = std::chrono::steady_clock::now();
    while (const auto job = schedule_.next(now)) CDX_TRY(start(*job, now));
    if (busy_.empty() && schedule_.waiting() == 0) break;
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    int left = 0;
    bool any = false;
    while (const auto* message = curl_multi_info_read(multi_.get(), &left))
      if (message->msg == CURLMSG_DONE) {
        any = true;
        CDX_TRY(ended(message->easy_handle, message->data.result));
      }
    now = std::chrono::steady_clock::now();
    show(now, false);
    if (any) continue;
    auto patience = milliseconds(200);
    if (const auto wake = schedule_.wake())
      patience = std::clamp(std::chrono::ceil<milliseconds>(*wake - now), milliseconds(1), patience);
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(patience.count()), nullptr);
  }
  show(std::chrono::steady_clock::now(), true);
  return shown_;
}

}  // namespace

bool belongs(std::string_view canonical_url, const Shard& shard) {
  return shard.count <= 1 || hash64(canonical_url) % shard.count == shard.index;
}

Result<FetchProgress> fetch_all(const Call& call, std::span<const std::string> urls,
                                const FetchOptions& options, const Sniff& sniff,
                                const std::function<void(const FetchProgress&)>& progress) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!ready) return fail(ErrorKind::unavailable, "curl cannot be initialised");
  if (options.folder.empty()) return fail(ErrorKind::invalid, "a folder must be named");
  if (options.concurrency == 0 || options.per_host == 0 || options.attempts < 1)
    return fail(ErrorKind::invalid, "concurrency, per_host and attempts must be above 0");
  if (options.shard.count == 0 || options.shard.index >= options.shard.count)
    return fail(ErrorKind::invalid, "the shard must be i/n with i from 0 to n - 1");
  std::error_code error;
  fs::create_directories(fs::path(options.folder) / "files", error);
  if (error)
    return fail(ErrorKind::unavailable, fmt::format("cannot make {}: {}", options.folder, error.message()));
  const auto suffix = options.shard.count > 1 ? fmt::format("-{}", options.shard.index) : std::string();
  CDX_TRY_LET(const auto lock, LockFile::acquire(options.folder + "/lock" + suffix));
  CDX_TRY_LET(auto guard, AddressGuard::make(options.net));
  CDX_TRY_LET(auto manifest, Manifest::open(options.folder + "/manifest.jsonl"));
  Run run(call, options, sniff, std::move(guard), std::move(manifest), progress);
  CDX_TRY(run.take(urls));
  return run.drive();
}

}  // namespace cdx::fetch
