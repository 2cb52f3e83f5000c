// Id<Tag>: a 64-bit identity that cannot be mixed up with another kind's. Text form: a prefix and 13
// characters of Crockford base 32, such as "cr_0g3k9x2m7q1wz".
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cdx {

std::string format_id(std::string_view prefix, std::uint64_t value);
std::optional<std::uint64_t> parse_id(std::string_view prefix, std::string_view text);

template <class Tag>
struct Id {
  std::uint64_t value = 0;

  friend auto operator<=>(const Id&, const Id&) = default;
  std::string text() const { return format_id(Tag::prefix, value); }
  static std::optional<Id> parse(std::string_view text) {
    const auto value = parse_id(Tag::prefix, text);
    return value ? std::optional<Id>(Id{*value}) : std::nullopt;
  }
};

}  // namespace cdx

template <class Tag>
struct std::hash<cdx::Id<Tag>> {
  std::size_t operator()(const cdx::Id<Tag>& id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value);
  }
};
