#include "store/sqlite/connections.h"

#include <algorithm>

namespace cdx {

Connections::Connections(std::vector<std::unique_ptr<SqliteDatabase>> databases,
                         std::chrono::milliseconds patience)
    : databases_(std::move(databases)), patience_(patience) {
  for (const auto& database : databases_) free_.push_back(database.get());
}

Result<Connections::Lent> Connections::lend(const Call& call) {
  CDX_TRY(call.check());
  std::unique_lock lock(mutex_);
  if (free_.empty()) {
    const auto until = std::min(call.deadline, std::chrono::steady_clock::now() + patience_);
    const bool won = freed_.wait_until(lock, call.stop, until, [this] { return !free_.empty(); });
    if (!won) {
      CDX_TRY(call.check());
      return fail(ErrorKind::unavailable, databases_.front()->path() + ": every connection stayed busy for " +
                                              std::to_string(patience_.count()) + " ms");
    }
  }
  auto& database = *free_.back();
  free_.pop_back();
  lock.unlock();
  database.obey(call);
  return Lent(*this, database);
}

void Connections::give_back(SqliteDatabase& database) {
  database.obey(Call{});
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(&database);
  }
  freed_.notify_one();
}

}  // namespace cdx
