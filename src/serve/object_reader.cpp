#include "serve/object_reader.h"

#include <algorithm>
#include <cmath>

#include "base/json_text.h"

namespace cdx::serve {

std::string number_text(double number) {
  std::string out;
  append_json_number(out, number);
  return out;
}

ObjectReader::ObjectReader(const Json& value, std::string pointer, Faults& faults)
    : value_(value), pointer_(std::move(pointer)), faults_(faults) {
  if (!is_object())
    faults_.add(pointer_, "wrong_type", "must be an object, not " + std::string(name(value.kind)));
}

const Json* ObjectReader::field(std::string_view name) {
  known_.push_back(name);
  for (const auto& [key, value] : value_.fields)
    if (key == name) return value.kind == Json::Kind::null ? nullptr : &value;
  return nullptr;
}

const Json* ObjectReader::typed(std::string_view name, Json::Kind kind) {
  const auto* value = field(name);
  if (value == nullptr || value->kind == kind) return value;
  faults_.add(at(name), "wrong_type",
              "must be " + std::string(serve::name(kind)) + ", not " + std::string(serve::name(value->kind)));
  return nullptr;
}

std::optional<std::string> ObjectReader::text(std::string_view name, std::size_t longest) {
  const auto* value = typed(name, Json::Kind::string);
  if (value == nullptr) return {};
  if (value->text.size() <= longest) return value->text;
  faults_.add(at(name), "too_long", "may have " + std::to_string(longest) + " bytes at most");
  return {};
}

std::optional<bool> ObjectReader::flag(std::string_view name) {
  const auto* value = typed(name, Json::Kind::boolean);
  return value == nullptr ? std::nullopt : std::optional(value->flag);
}

std::optional<double> ObjectReader::number(std::string_view name, double low, double high) {
  const auto* value = typed(name, Json::Kind::number);
  if (value == nullptr) return {};
  if (value->number >= low && value->number <= high) return value->number;
  faults_.add(at(name), "out_of_range", "must be between " + number_text(low) + " and " + number_text(high));
  return {};
}

std::optional<std::size_t> ObjectReader::whole(std::string_view name, std::size_t low, std::size_t high) {
  const auto found = number(name, static_cast<double>(low), static_cast<double>(high));
  if (!found) return {};
  if (std::trunc(*found) == *found) return static_cast<std::size_t>(*found);
  faults_.add(at(name), "wrong_type", "must be a whole number");
  return {};
}

const Json* ObjectReader::array(std::string_view name, std::size_t most) {
  const auto* value = typed(name, Json::Kind::array);
  if (value == nullptr || value->items.size() <= most) return value;
  faults_.add(at(name), "too_many", "may have " + std::to_string(most) + " elements at most");
  return nullptr;
}

std::optional<std::vector<std::string>> ObjectReader::texts(std::string_view name, std::size_t most,
                                                            std::size_t longest) {
  const auto* value = array(name, most);
  if (value == nullptr) return {};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < value->items.size(); ++i) {
    const auto& item = value->items[i];
    if (item.kind != Json::Kind::string)
      faults_.add(step(at(name), i), "wrong_type",
                  "must be a string, not " + std::string(serve::name(item.kind)));
    else if (item.text.size() > longest)
      faults_.add(step(at(name), i), "too_long", "may have " + std::to_string(longest) + " bytes at most");
    else
      out.push_back(item.text);
  }
  return out;
}

void ObjectReader::refuse_others() {
  for (const auto& [key, value] : value_.fields) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    std::string detail = "is not a field here; there are";
    for (const auto name : known_) detail += ' ' + std::string(name);
    faults_.add(at(key), "unknown_field", detail);
  }
}

}  // namespace cdx::serve
