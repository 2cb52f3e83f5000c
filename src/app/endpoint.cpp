#include "app/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace cdx::app {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned code = 0;
    if (text.size() - i < 3) return {};
    const auto* end = text.data() + i + 3;
    if (std::from_chars(text.data() + i + 1, end, code, 16).ptr != end) return {};
    out += static_cast<char>(code);
    i += 2;
  }
  return out;
}

template <class Number>
std::optional<Number> read(std::string_view text) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return out;
}

}  // namespace

std::string Endpoint::text(std::string_view name, std::string_view otherwise) const {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string(otherwise) : found->second;
}

Result<double> Endpoint::number(std::string_view name, double otherwise, double low, double high) const {
  const auto found = settings.find(name);
  if (found == settings.end()) return otherwise;
  const auto value = read<double>(found->second);
  if (!value || !(*value >= low && *value <= high))
    return fail(ErrorKind::invalid,
                fmt::format("{}: {} must be a number from {} to {}", key, name, low, high));
  return *value;
}

Result<std::size_t> Endpoint::whole(std::string_view name, std::size_t otherwise, std::size_t low,
                                    std::size_t high) const {
  const auto found = settings.find(name);
  if (found == settings.end()) return otherwise;
  const auto value = read<std::size_t>(found->second);
  if (!value || *value < low || *value > high)
    return fail(ErrorKind::invalid,
                fmt::format("{}: {} must be a whole number from {} to {}", key, name, low, high));
  return *value;
}

Result<bool> Endpoint::flag(std::string_view name, bool otherwise) const {
  const auto value = text(name, otherwise ? "true" : "false");
  if (value != "true" && value != "false")
    return fail(ErrorKind::invalid, fmt::format("{}: {} must be true or false", key, name));
  return value == "true";
}

Result<Endpoint> parse_endpoint(std::string_view key, std::string_view text,
                                std::initializer_list<std::string_view> allowed) {
  const auto mark = std::min(text.find('#'), text.size());
  Endpoint out{std::string(key), std::string(text.substr(0, mark)), {}};
  auto rest = text.substr(std::min(mark + 1, text.size()));
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = pair.find('=');
    const auto name = decoded(pair.substr(0, std::min(equals, pair.size())));
    if (!name || std::find(allowed.begin(), allowed.end(), *name) == allowed.end())
      return fail(ErrorKind::invalid,
                  fmt::format("{}: after the # may stand NAME=VALUE, joined by &; names are {}", key,
                              fmt::join(allowed, ", ")));
    const auto value = equals == std::string_view::npos ? std::nullopt : decoded(pair.substr(equals + 1));
    if (!value)
      return fail(ErrorKind::invalid, fmt::format("{}: {} has no value that can be read", key, *name));
    if (!out.settings.emplace(*name, *value).second)
      return fail(ErrorKind::invalid, fmt::format("{}: {} is there twice", key, *name));
  }
  return out;
}

}  // namespace cdx::app
