#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "app/images.h"
#include "app/picture_wiring.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "io/file.h"
#include "pipeline/pipeline.h"

namespace cdx::app {
namespace {

constexpr std::size_t wishes_at_once = 50'000;  // each round reads the manifest once
constexpr std::size_t kept_at_once = 64, bytes_at_once = 64'000'000;
constexpr std::size_t shown_failures = 20;
constexpr const char* quarantine_source = "pictures";

struct SyncFlags {
  std::shared_ptr<NetFlags> net = std::make_shared<NetFlags>();
  bool no_profiles = false, no_content = false, retry = false, json = false;
  std::size_t items = 20;
};

struct Tally {
  std::size_t wanted = 0;   // addresses of accounts
  std::size_t kept = 0;     // taken in, or taken in anew
  std::size_t known = 0;    // the account shows these bytes already
  std::size_t refused = 0;  // what came is no picture that is kept
  std::size_t given_up = 0, waiting = 0;
  std::size_t refused_before = 0;
  fetch::FetchProgress fetched;
  std::vector<std::pair<std::string, std::string>> failures;  // the first of them: URL and reason

  void fail(const std::string& url, const std::string& reason) {
    if (failures.size() < shown_failures) failures.emplace_back(url, reason);
  }
};

// One run over the store.
class Sync {
 public:
  Sync(const Call& call, Store& store, PictureKeeper& keeper, fetch::FetchOptions options, WishOptions wishes)
      : call_(call), store_(store), keeper_(keeper), options_(std::move(options)), wishes_(wishes) {}

  Status run();
  const Tally& tally() const { return tally_; }

 private:
  Status learn_refused();
  void leave_out(std::vector<WantedPicture>& wanted);
  Status fetch_all(const std::vector<WantedPicture>& wanted);
  Status keep_all(std::vector<WantedPicture> wanted);
  Status keep(std::vector<NewPicture>& batch);

  const Call& call_;
  Store& store_;
  PictureKeeper& keeper_;
  fetch::FetchOptions options_;
  WishOptions wishes_;
  Tally tally_;
  std::unordered_set<std::string> refused_;  // URLs that gave no picture in an earlier run
  SystemClock clock_;
};

Status Sync::learn_refused() {
  if (options_.refresh || options_.retry_dead) return {};
  CDX_TRY_LET(const auto entries,
              store_.quarantine(call_, quarantine_source, std::numeric_limits<std::size_t>::max()));
  for (const auto& one : entries) refused_.insert(one.key);
  return {};
}

// What another process fetches, and what gave no picture before.
void Sync::leave_out(std::vector<WantedPicture>& wanted) {
  std::erase_if(wanted, [&](const WantedPicture& one) {
    const auto target = fetch::parse_target(one.url, options_.net);
    if (!fetch::belongs(target ? target->url : one.url, options_.shard)) return true;
    ++tally_.wanted;
    if (!refused_.contains(one.url)) return false;
    ++tally_.refused_before;
    return true;
  });
}

Status Sync::fetch_all(const std::vector<WantedPicture>& wanted) {
  std::vector<std::string> urls;
  for (const auto& one : wanted) urls.push_back(one.url);
  Progress progress("fetching", "pictures");
  CDX_TRY_LET(const auto done,
              fetch::fetch_all(call_, urls, options_, picture_ending, [&](const fetch::FetchProgress& now) {
                const auto total = static_cast<double>(std::max<std::size_t>(now.total, 1));
                progress.show(now.finished(), static_cast<double>(now.finished()) / total);
              }));
  auto& sum = tally_.fetched;
  sum.total += done.total;
  sum.skipped += done.skipped;
  sum.fetched += done.fetched;
  sum.unchanged += done.unchanged;
  sum.dead += done.dead;
  sum.bytes += done.bytes;
  sum.attempts += done.attempts;
  return {};
}

Status Sync::keep_all(std::vector<WantedPicture> wanted) {
  CDX_TRY_LET(const auto manifest, fetch::Manifest::open(options_.folder + "/manifest.jsonl"));
  Progress progress("keeping", "pictures");
  std::vector<NewPicture> batch;
  std::size_t bytes_held = 0;
  std::map<AccountId, std::set<std::string>> shown;  // hashes of what an account shows already
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto& one = wanted[i];
    const auto target = fetch::parse_target(one.url, options_.net);
    const auto* standing = manifest.standing(target ? target->url : one.url);
    if (standing == nullptr || !standing->done) {
      const bool dead = standing != nullptr && standing->dead;
      ++(dead ? tally_.given_up : tally_.waiting);
      if (dead) tally_.fail(one.url, standing->error);
      continue;
    }
    const auto [known, fresh] = shown.try_emplace(one.account);
    if (fresh) {
      CDX_TRY_LET(const auto pictures, store_.pictures(call_, std::span(&one.account, 1)));
      for (const auto& picture : pictures) known->second.insert(hex(picture.sha256));
    }
    if (!known->second.insert(standing->sha256).second) {
      ++tally_.known;
      continue;
    }
    auto bytes = read_file(options_.folder + "/" + standing->file, options_.max_bytes + 1);
    if (!bytes) {
      ++tally_.waiting;
      tally_.fail(one.url, bytes.error().message);
      continue;
    }
    one.origin.fetched_at = clock_.now();
    batch.push_back({one.account, one.role, std::move(one.url), std::move(one.caption), *std::move(bytes),
                     std::move(one.origin)});
    bytes_held += batch.back().bytes.size();
    if (batch.size() == kept_at_once || bytes_held > bytes_at_once) {
      CDX_TRY(keep(batch));
      bytes_held = 0;
    }
    progress.show(i + 1, static_cast<double>(i + 1) / static_cast<double>(wanted.size()));
  }
  return keep(batch);
}

// What gives no picture goes aside with its reason, and is not looked at again.
Status Sync::keep(std::vector<NewPicture>& batch) {
  CDX_TRY_LET(const auto done, keeper_.add_all(call_, batch));
  ChangeSet aside;
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (done[i]) {
      ++tally_.kept;
      continue;
    }
    ++tally_.refused;
    tally_.fail(batch[i].url, done[i].error().message);
    aside.quarantine.push_back(
        {quarantine_source, batch[i].url, "", done[i].error().message, "", clock_.now(), ""});
  }
  batch.clear();
  if (aside.quarantine.empty()) return {};
  const auto committed = store_.commit(call_, aside);  // touches no creator: never a conflict
  return committed ? Status() : tl::unexpected<Error>(committed.error());
}

Status Sync::run() {
  CDX_TRY(learn_refused());
  CDX_TRY_LET(const auto until, store_.revision(call_));
  Revision since;
  for (bool more = true; more;) {
    CDX_TRY_LET(auto page, wanted_pictures(call_, store_, since, until, wishes_at_once, wishes_));
    since = page.reached;
    more = page.more;
    leave_out(page.wanted);
    if (page.wanted.empty()) continue;
    CDX_TRY(fetch_all(page.wanted));
    CDX_TRY(keep_all(std::move(page.wanted)));
  }
  return {};
}

void tell(const Tally& tally, double seconds, bool json) {
  if (!json) {
    fmt::print(
        "{} pictures wanted: {} kept, {} known by their bytes, {} refused ({} before), {} given up, {} left, "
        "in {}\n",
        tally.wanted, tally.kept, tally.known, tally.refused + tally.refused_before, tally.refused_before,
        tally.given_up, tally.waiting, short_duration(seconds));
    for (const auto& [url, reason] : tally.failures) fmt::print("  {}: {}\n", shown(url), shown(reason));
    if (tally.failures.size() == shown_failures)
      fmt::print("  … all of them: `creatordex quarantine --source pictures` and manifest.jsonl\n");
    return;
  }
  JsonWriter out;
  out.object([&] {
    const auto count = [&](std::string_view key, std::size_t value) {
      out.key(key).value(static_cast<std::uint64_t>(value));
    };
    count("wanted", tally.wanted);
    count("kept", tally.kept);
    count("known", tally.known);
    count("refused", tally.refused);
    count("refused_before", tally.refused_before);
    count("given_up", tally.given_up);
    count("left", tally.waiting);
    count("fetched", tally.fetched.fetched);
    count("unchanged", tally.fetched.unchanged);
    count("attempts", tally.fetched.attempts);
    out.key("bytes").value(tally.fetched.bytes).key("seconds").value(seconds);
    out.key("failures").array([&] {
      for (const auto& [url, reason] : tally.failures)
        out.object([&] { out.key("url").value(url).key("reason").value(reason); });
    });
  });
  fmt::print("{}\n", out.text());
}

Status run_sync(const Context& context, const SyncFlags& flags) {
  const auto begun = std::chrono::steady_clock::now();
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(auto options, fetch_options(*flags.net, pictures_folder(config)));
  options.retry_dead = flags.retry;
  CDX_TRY_LET(const auto store, open_store(config));
  const SystemClock clock;
  CDX_TRY_LET(const auto parts, open_pictures(config, *store, clock));
  WishOptions wishes;
  wishes.profiles = !flags.no_profiles;
  wishes.content = !flags.no_content;
  wishes.most_items = flags.items;
  wishes.kept_too = options.refresh;
  const auto call = stoppable_call();
  Sync sync(call, *store, *parts.keeper, std::move(options), wishes);
  const auto done = sync.run();
  // Also of a run that was stopped: another one goes on.
  tell(sync.tally(), std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(),
       flags.json);
  return done;
}

}  // namespace

void add_images_sync(CLI::App& images, const Context& context, Runner& runner) {
  auto flags = std::make_shared<SyncFlags>();
  auto* command = images.add_subcommand(
      "sync", "fetch and keep the pictures that accounts show: of profiles and of their newest content");
  add_net_flags(*command, flags->net);
  command->add_flag("--refresh", flags->net->options.refresh,
                    "ask again, conditionally, for what is kept, and take it if it changed");
  command->add_flag("--retry", flags->retry, "also what was given up or refused before");
  command->add_flag("--no-profiles", flags->no_profiles, "no profile pictures");
  command->add_flag("--no-content", flags->no_content, "no pictures of content");
  command->add_option("--items", flags->items, "newest content items of each account (default 20)")
      ->check(CLI::Range(1, 1'000));
  command->add_flag("--json", flags->json, "the result as one JSON object");
  command->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_sync(context, *flags); }; });
}

}  // namespace cdx::app
