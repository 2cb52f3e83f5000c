// Commits one batch after another and says so on standard output, until it is killed. The other half of
// crash_test.
#include <unistd.h>

#include <cstdio>
#include <string>

#include "store/sqlite/batches.h"
#include "store/sqlite/sqlite_store.h"

namespace {

using namespace cdx;

Status say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size())) return {};
  return fail(ErrorKind::unavailable, "nobody listens");
}

Status commit_for_ever(const std::string& path) {
  // A short log, so that folding it into the file is interrupted as well.
  const SqliteStoreOptions options{.path = path, .readers = 1, .wal_pages = 60};
  CDX_TRY_LET(const auto store, open_sqlite_store(options));
  CDX_TRY_LET(const auto campaigns, open_sqlite_campaign_store(options));
  CDX_TRY_LET(const auto usage, open_sqlite_usage_store(options));
  const Call call;
  CDX_TRY(campaigns->put_campaign(call, crash::campaign()));
  CDX_TRY_LET(const auto last, store->checkpoint(call, "batch"));
  for (int batch = last ? std::stoi(*last) + 1 : 0;; ++batch) {
    CDX_TRY(store->append_raw(call, crash::raw_batch(batch)));
    CDX_TRY(say("raw " + std::to_string(batch) + "\n"));
    CDX_TRY(store->commit(call, crash::change_batch(batch)));
    CDX_TRY(say("commit " + std::to_string(batch) + "\n"));
    CDX_TRY(campaigns->put_scores(call, crash::scores(batch)));
    CDX_TRY(say("scores " + std::to_string(batch) + "\n"));
    CDX_TRY(usage->log_questions(call, crash::questions(batch)));
    CDX_TRY(usage->log_choices(call, crash::choices(batch)));
    CDX_TRY(say("choices " + std::to_string(batch) + "\n"));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto ended = commit_for_ever(argv[1]);
  std::fprintf(stderr, "%s\n", ended.error().message.c_str());
  return 1;
}
