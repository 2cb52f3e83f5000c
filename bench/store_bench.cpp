// How fast a SqliteStore takes in new accounts, gives profiles back, and keeps vectors.
//
//   store_bench FOLDER [ACCOUNTS=200000] [BATCH=5000] [normal]
//
// Each account comes with a raw record of 300 bytes, a creator, two keys and one snapshot. Making the values
// is not timed; hashing, encoding, writing and syncing are. Rates of the first and the last tenth show the
// effect of size.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "store/sqlite/sqlite_store.h"

namespace {

using namespace cdx;
using Stopwatch = std::chrono::steady_clock;

// Of this process, in user and system mode: what remains comparable on a busy machine.
double cpu_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}
double seconds_since(Stopwatch::time_point start) {
  return std::chrono::duration<double>(Stopwatch::now() - start).count();
}

template <class T>
T need(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  return *std::move(result);
}

const Provenance& terms() {
  static const Provenance value{
      "file:bench.csv", Time(std::chrono::hours(490'000)), {}, "public-list", "CC0", 1};
  return value;
}

RawRecord record(std::size_t number) {
  auto body = std::to_string(number) + ",@handle" + std::to_string(number) + ",";
  body.resize(300, 'x');
  return {terms().source, "row " + std::to_string(number), "{\"format\":\"csv\"}", std::move(body), terms()};
}

Account account(std::size_t number) {
  Account account;
  account.platform = Platform::youtube;
  account.user_id = "UC" + std::to_string(number);
  account.id = account_id(account.platform, account.user_id);
  const auto origin = account.origin(terms());
  account.handle = Sourced<std::string>{"handle" + std::to_string(number), origin};
  account.name = Sourced<std::string>{"Name of " + std::to_string(number), origin};
  account.bio = Sourced<std::string>{
      "Fitness and food for busy people, new videos every week " + account.user_id, origin};
  account.image_url = Sourced<std::string>{"https://images.example/" + account.user_id + ".jpg", origin};
  account.country = Sourced<std::string>{"BR", origin};
  account.followers = Sourced<std::int64_t>{static_cast<std::int64_t>(number * 17 % 1'000'000), origin};
  account.engagement_rate = Sourced<double>{0.034, origin};
  return account;
}

ChangeSet batch(std::size_t from, std::size_t to, Revision based_on) {
  ChangeSet changes;
  changes.based_on = based_on;
  for (auto number = from; number < to; ++number) {
    auto one = account(number);
    Creator creator;
    creator.id = creator_id(one.id);
    creator.links = {{one.id, "first_account", "", 1}};
    creator.name = one.name->value;
    creator.handle = one.handle->value;
    creator.primary_niche = "fitness";
    creator.summary = one.bio->value;
    creator.total_followers = one.followers->value;
    changes.snapshots.push_back({one.id, Metric::followers, terms().fetched_at,
                                 static_cast<double>(one.followers->value), 1, terms()});
    changes.accounts.push_back({std::move(one),
                                creator.id,
                                {{"profile", "youtube/handle" + std::to_string(number)},
                                 {"profile", "youtube/UC" + std::to_string(number)}}});
    changes.creators.push_back(std::move(creator));
  }
  changes.checkpoints = {{"cursor", std::to_string(to)}};
  return changes;
}

void write_accounts(Store& store, std::size_t accounts, std::size_t size) {
  const Call call;
  double total = 0, raw_total = 0, tenth = 0, cpu = 0;
  std::size_t in_tenth = 0;
  Revision revision;
  for (std::size_t from = 0; from < accounts; from += size) {
    const auto to = std::min(accounts, from + size);
    std::vector<RawRecord> records;
    for (auto number = from; number < to; ++number) records.push_back(record(number));
    const auto changes = batch(from, to, revision);
    const auto start = Stopwatch::now();
    const auto cpu_start = cpu_seconds();
    need(store.append_raw(call, records));
    raw_total += seconds_since(start);
    revision = need(store.commit(call, changes));
    const auto taken = seconds_since(start);
    total += taken;
    cpu += cpu_seconds() - cpu_start;
    tenth += taken;
    in_tenth += to - from;
    if (in_tenth >= accounts / 10) {
      std::printf("  at %8zu: %8.0f accounts/s\n", to, static_cast<double>(in_tenth) / tenth);
      tenth = 0;
      in_tenth = 0;
    }
  }
  std::printf("write: %.0f accounts/s (append_raw %.1f s, commit %.1f s); %.0f a CPU-second\n",
              static_cast<double>(accounts) / total, raw_total, total - raw_total,
              static_cast<double>(accounts) / cpu);
}

void read_profiles(const Store& store, std::size_t accounts, std::size_t per_call) {
  std::mt19937_64 random(1);  // NOLINT: the same questions in every run
  constexpr std::size_t wanted = 100'000;
  std::vector<std::vector<CreatorId>> questions;
  for (std::size_t i = 0; i < wanted / per_call; ++i) {
    auto& ids = questions.emplace_back();
    for (std::size_t k = 0; k < per_call; ++k) ids.push_back(creator_id(account(random() % accounts).id));
  }
  std::size_t found = 0;
  const auto cpu = cpu_seconds();
  const auto start = Stopwatch::now();
  for (const auto& ids : questions) found += need(store.profiles({}, ids, 5)).size();
  std::printf("read: %.0f profiles/s, %zu a call; %.0f a CPU-second\n",
              static_cast<double>(found) / seconds_since(start), per_call,
              static_cast<double>(found) / (cpu_seconds() - cpu));
}

void keep_vectors(Store& store) {
  constexpr std::size_t count = 50'000, size = 1000, dimension = 384;
  std::mt19937_64 random(2);  // NOLINT: the same keys in every run
  double total = 0;
  for (std::size_t done = 0; done < count; done += size) {
    std::vector<KeptVector> vectors(size);
    for (auto& vector : vectors) vector = {{7, random()}, std::vector<float>(dimension, 0.5F)};
    const auto start = Stopwatch::now();
    if (const auto kept = store.keep_vectors({}, vectors); !kept) {
      std::fprintf(stderr, "%s\n", kept.error().message.c_str());
      std::exit(1);
    }
    total += seconds_since(start);
  }
  std::printf("keep: %.0f vectors/s (%zu numbers each)\n", count / total, dimension);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "store_bench FOLDER [ACCOUNTS=200000] [BATCH=5000] [normal]\n");
    return 2;
  }
  const std::size_t accounts = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200'000;
  const std::size_t size = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 5000;
  SqliteStoreOptions options;
  options.path = std::string(argv[1]) + "/bench.db";
  options.full_sync = argc <= 4 || std::string(argv[4]) != "normal";
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(options.path + end);
  const auto store = need(open_sqlite_store(options));
  write_accounts(*store, accounts, size);
  read_profiles(*store, accounts, 1);
  read_profiles(*store, accounts, 50);
  keep_vectors(*store);
  const auto start = Stopwatch::now();
  const auto counts = need(store->counts({}));
  std::printf("count: %.1f ms for %llu accounts\n", seconds_since(start) * 1e3,
              static_cast<unsigned long long>(counts.accounts));
  std::printf("file: %.0f bytes an account before vectors (about)\n",
              (static_cast<double>(std::filesystem::file_size(options.path)) - 50'000.0 * 1640) /
                  static_cast<double>(accounts));
  return 0;
}
