#include "search/cursor.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/hash.h"

namespace cdx {
namespace {

constexpr std::size_t number_digits = 16, signature_digits = 16;
constexpr std::size_t cursor_digits = 3 * number_digits + signature_digits;

void append_hex(std::string& out, std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[value >> static_cast<unsigned>(shift) & 15U];
}

std::uint64_t read_hex(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

std::string signature(std::string_view body, std::string_view key) {
  return hex(hmac_sha256(key, body)).substr(0, signature_digits);
}

}  // namespace

std::string write_cursor(const CursorPosition& position, std::string_view key) {
  std::string body;
  append_hex(body, position.generation);
  append_hex(body, position.question);
  append_hex(body, position.offset);
  return body + signature(body, key);
}

Result<CursorPosition> read_cursor(std::string_view text, std::string_view key) {
  const auto body = text.substr(0, std::min(text.size(), 3 * number_digits));
  if (text.size() != cursor_digits || text.substr(body.size()) != signature(body, key))
    return fail(ErrorKind::invalid, "/cursor: is not one that this server gave");
  return CursorPosition{read_hex(body.substr(0, number_digits)),
                        read_hex(body.substr(number_digits, number_digits)),
                        read_hex(body.substr(2 * number_digits))};
}

void PinnedViews::pin(std::shared_ptr<const SearchView> view) {
  const std::scoped_lock lock(mutex_);
  views_.remove_if([&](const Pinned& pinned) { return pinned.view->generation() == view->generation(); });
  views_.push_front({std::move(view), clock_.now()});
  forget_old();
}

std::shared_ptr<const SearchView> PinnedViews::find(std::uint64_t generation) {
  const std::scoped_lock lock(mutex_);
  forget_old();
  const auto found = std::find_if(views_.begin(), views_.end(), [&](const Pinned& pinned) {
    return pinned.view->generation() == generation;
  });
  if (found == views_.end()) return nullptr;
  found->used = clock_.now();
  views_.splice(views_.begin(), views_, found);
  return views_.front().view;
}

void PinnedViews::forget_old() {
  while (!views_.empty() && (views_.size() > most_ || clock_.now() - views_.back().used > life_))
    views_.pop_back();
}

}  // namespace cdx
