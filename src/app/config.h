// The effective configuration: defaults, then the TOML file, then environment variables, then flags.
// Only the app room reads files, environment and flags; every other room gets plain option structs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace cdx::app {

enum class KeyType { text, whole, fraction, flag, choice, path };

struct Key {
  std::string name;  // "server.port"
  KeyType type;
  std::string fallback;  // default
  std::string help;
  std::string allowed;       // for people: "1 to 65535"; for choices: "a|b|c"
  double low = 0, high = 0;  // of whole and fraction
  bool secret = false;       // never shown
};
const std::vector<Key>& keys();
std::string environment_name(const Key& key);  // "CREATORDEX_SERVER_PORT"

struct Setting {
  std::string value;
  std::string origin;  // "default", "file creatordex.toml:3", "environment CREATORDEX_DATA", "flag --data"
};

// Every key of keys() has a valid value here.
class Config {
 public:
  const std::string& text(std::string_view key) const;
  std::int64_t whole(std::string_view key) const;
  double fraction(std::string_view key) const;
  bool flag(std::string_view key) const;
  const std::map<std::string, Setting, std::less<>>& settings() const { return settings_; }

 private:
  friend Result<Config> load_config(const std::string&, bool, const std::map<std::string, std::string>&,
                                    const std::map<std::string, std::string>&);
  std::map<std::string, Setting, std::less<>> settings_;
};

// `file` is read when it exists; when it was asked for (`required`), its absence is an error. `environment`
// holds the CREATORDEX_ variables; `flags` values by key. Errors name the place and what is allowed there.
Result<Config> load_config(const std::string& file, bool required,
                           const std::map<std::string, std::string>& environment,
                           const std::map<std::string, std::string>& flags);

std::map<std::string, std::string> creatordex_environment();

}  // namespace cdx::app
