// Reads the fields of one JSON object by name and type, and refuses those nobody asked for. Private to serve.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/json_tree.h"

namespace cdx::serve {

// A field that is absent or null counts as not given. Wrong fields add a fault and count as not given too.
class ObjectReader {
 public:
  ObjectReader(const Json& value, std::string pointer, Faults& faults);

  const Json* field(std::string_view name);  // any type; remembered as known
  std::optional<std::string> text(std::string_view name, std::size_t longest);
  std::optional<bool> flag(std::string_view name);
  std::optional<double> number(std::string_view name, double low, double high);
  std::optional<std::size_t> whole(std::string_view name, std::size_t low, std::size_t high);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most, std::size_t longest);
  const Json* array(std::string_view name, std::size_t most);
  // Call last: a fault for every field that was not asked for.
  void refuse_others();

  std::string at(std::string_view name) const { return step(pointer_, name); }
  const std::string& pointer() const { return pointer_; }
  bool is_object() const { return value_.kind == Json::Kind::object; }

 private:
  const Json* typed(std::string_view name, Json::Kind kind);

  const Json& value_;
  std::string pointer_;
  Faults& faults_;
  std::vector<std::string_view> known_;
};

std::string number_text(double number);  // "0.5", "100"

}  // namespace cdx::serve
