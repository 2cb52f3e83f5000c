// Cursors: which snapshot, which question, how far. Signed, opaque, and alive only while the snapshot is
// kept. Private to the search room.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/time.h"
#include "search/search.h"

namespace cdx {

struct CursorPosition {
  std::uint64_t generation = 0;
  std::uint64_t question = 0;  // hash of everything but limit and cursor
  std::uint64_t offset = 0;
};

std::string write_cursor(const CursorPosition& position, std::string_view key);
// `invalid` for what we did not write.
Result<CursorPosition> read_cursor(std::string_view text, std::string_view key);

// Keeps the snapshots that cursors point at. Thread-safe.
class PinnedViews {
 public:
  PinnedViews(const Clock& clock, std::chrono::minutes life, std::size_t most)
      : clock_(clock), life_(life), most_(most) {}
  void pin(std::shared_ptr<const SearchView> view);
  std::shared_ptr<const SearchView> find(std::uint64_t generation);  // null: forgotten

 private:
  struct Pinned {
    std::shared_ptr<const SearchView> view;
    Time used;
  };
  void forget_old();

  const Clock& clock_;
  std::chrono::minutes life_;
  std::size_t most_;
  std::mutex mutex_;
  std::list<Pinned> views_;  // newest use first
};

}  // namespace cdx
