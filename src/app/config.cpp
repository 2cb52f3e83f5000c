#include "app/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "base/assert.h"

namespace cdx::app {
namespace {

const Key* find_key(std::string_view name) {
  const auto found =
      std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.name == name; });
  return found == keys().end() ? nullptr : &*found;
}

template <class Number>
bool reads_as(const std::string& text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool is_choice(std::string_view allowed, std::string_view value) {
  while (!allowed.empty()) {
    const auto end = std::min(allowed.find('|'), allowed.size());
    if (allowed.substr(0, end) == value) return true;
    allowed.remove_prefix(std::min(end + 1, allowed.size()));
  }
  return false;
}

bool fits(const Key& key, const std::string& value) {
  switch (key.type) {
    case KeyType::text:
      return true;
    case KeyType::path:
      return !value.empty();
    case KeyType::flag:
      return value == "true" || value == "false";
    case KeyType::choice:
      return is_choice(key.allowed, value);
    case KeyType::whole: {
      std::int64_t number = 0;
      return reads_as(value, number) && static_cast<double>(number) >= key.low &&
             static_cast<double>(number) <= key.high;
    }
    case KeyType::fraction: {
      double number = 0;
      return reads_as(value, number) && std::isfinite(number) && number >= key.low && number <= key.high;
    }
  }
  return false;
}

// Variables that say where to look, to this program's main and to the scripts around it; no keys.
constexpr std::string_view for_tools =
    "CREATORDEX_CONFIG|CREATORDEX_SHARED|CREATORDEX_WHEELS|CREATORDEX_URL|CREATORDEX_SHOTS";

// The known key that is most like a misspelt one, for the error message.
std::string hint(std::string_view name) {
  for (const auto& key : keys()) {
    const auto last = key.name.substr(key.name.find('.') + 1);
    if (key.name.find(name) != std::string::npos || name.find(last) != std::string_view::npos)
      return fmt::format("; did you mean {}?", key.name);
  }
  return "; `creatordex config show` lists all keys";
}

using Settings = std::map<std::string, Setting, std::less<>>;

Status put(Settings& settings, std::string_view name, std::string value, const std::string& origin) {
  const auto* key = find_key(name);
  if (key == nullptr)
    return fail(ErrorKind::invalid, fmt::format("{}: unknown key {}{}", origin, name, hint(name)));
  if (!fits(*key, value))
    return fail(ErrorKind::invalid, fmt::format("{}: {} is \"{}\", but must be {}", origin, name,
                                                key->secret ? "(secret)" : value, key->allowed));
  settings[key->name] = {std::move(value), origin};
  return {};
}

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
  if (const auto* number = node.as_floating_point()) return fmt::to_string(number->get());
  return {};
}

Status read_table(Settings& settings, const toml::table& table, const std::string& prefix,
                  const std::string& file) {
  for (const auto& [key, node] : table) {
    const auto name = prefix + std::string(key.str());
    const auto origin = fmt::format("file {}:{}", file, node.source().begin.line);
    if (const auto* inner = node.as_table()) {
      CDX_TRY(read_table(settings, *inner, name + ".", file));
      continue;
    }
    auto value = scalar_text(node);
    if (!value) return fail(ErrorKind::invalid, fmt::format("{}: {} must be a plain value", origin, name));
    CDX_TRY(put(settings, name, *std::move(value), origin));
  }
  return {};
}

Status read_file(Settings& settings, const std::string& file, bool required) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    if (required) return fail(ErrorKind::not_found, fmt::format("there is no configuration file {}", file));
    return {};
  }
  try {
    return read_table(settings, toml::parse_file(file), "", file);
  } catch (const toml::parse_error& wrong) {
    return fail(ErrorKind::invalid,
                fmt::format("file {}:{}: {}", file, wrong.source().begin.line, wrong.description()));
  }
}

}  // namespace

const std::string& Config::text(std::string_view key) const {
  const auto found = settings_.find(key);
  CDX_ASSERT(found != settings_.end());
  return found->second.value;
}

std::int64_t Config::whole(std::string_view key) const {
  std::int64_t out = 0;
  CDX_ASSERT(reads_as(text(key), out));
  return out;
}

double Config::fraction(std::string_view key) const {
  double out = 0;
  CDX_ASSERT(reads_as(text(key), out));
  return out;
}

bool Config::flag(std::string_view key) const { return text(key) == "true"; }

Result<Config> load_config(const std::string& file, bool required,
                           const std::map<std::string, std::string>& environment,
                           const std::map<std::string, std::string>& flags) {
  Config out;
  for (const auto& key : keys()) out.settings_[key.name] = {key.fallback, "default"};
  CDX_TRY(read_file(out.settings_, file, required));
  for (const auto& variable : environment) {
    const auto& name = variable.first;
    if (is_choice(for_tools, name)) continue;
    const auto key = std::find_if(keys().begin(), keys().end(),
                                  [&](const Key& one) { return environment_name(one) == name; });
    CDX_TRY(
        put(out.settings_, key == keys().end() ? name : key->name, variable.second, "environment " + name));
  }
  for (const auto& [name, value] : flags) CDX_TRY(put(out.settings_, name, value, "flag for " + name));
  return out;
}

std::map<std::string, std::string> creatordex_environment() {
  std::map<std::string, std::string> out;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry = *at;
    const auto equals = entry.find('=');
    if (entry.starts_with("CREATORDEX_") && equals != std::string_view::npos)
      out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return out;
}

}  // namespace cdx::app
