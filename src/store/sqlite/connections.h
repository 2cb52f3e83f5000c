// Database handles lent to one caller at a time.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "io/sqlite.h"

namespace cdx {

class Connections {
 public:
  // Gives the handle back when it leaves scope.
  class Lent {
   public:
    Lent(Connections& home, SqliteDatabase& database) : home_(&home), database_(&database) {}
    Lent(Lent&& other) noexcept : home_(std::exchange(other.home_, nullptr)), database_(other.database_) {}
    Lent& operator=(Lent&&) = delete;
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    ~Lent() {
      if (home_ != nullptr) home_->give_back(*database_);
    }
    SqliteDatabase& operator*() const { return *database_; }

   private:
    Connections* home_;
    SqliteDatabase* database_;
  };

  // `unavailable` when none becomes free within `patience`.
  Connections(std::vector<std::unique_ptr<SqliteDatabase>> databases, std::chrono::milliseconds patience);
  // The handle obeys `call` until it is given back.
  Result<Lent> lend(const Call& call);

 private:
  void give_back(SqliteDatabase& database);

  std::vector<std::unique_ptr<SqliteDatabase>> databases_;
  std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::vector<SqliteDatabase*> free_;
};

}  // namespace cdx
