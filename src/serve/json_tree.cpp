#include "serve/json_tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/guard.h"
#include "text/text.h"

namespace cdx::serve {
namespace {

// Builds the tree from the parser's events. `open_` points into the tree: a container does not move while it
// is open, because its parent gets no further child until it is closed.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(Faults& faults, JsonLimits limits) : faults_(faults), limits_(limits) {}

  bool null() override { return place(Json{}); }
  bool boolean(bool flag) override {
    Json value;
    value.kind = Json::Kind::boolean;
    value.flag = flag;
    return place(std::move(value));
  }
  bool number_integer(number_integer_t number) override { return number_value(static_cast<double>(number)); }
  bool number_unsigned(number_unsigned_t number) override {
    return number_value(static_cast<double>(number));
  }
  bool number_float(number_float_t number, const string_t&) override { return number_value(number); }
  bool string(string_t& text) override {
    Json value;
    value.kind = Json::Kind::string;
    value.text = std::move(text);
    return place(std::move(value));
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::Kind::object); }
  bool start_array(std::size_t) override { return open(Json::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    auto& fields = open_.back()->fields;
    const bool twice =
        std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
    if (twice) return refuse(step(pointer(), name), "duplicate", "is named twice");
    // A value each: what counts values also bounds the fields of one object, and with them the search above.
    if (fields.size() >= 1'000) return refuse(pointer(), "too_many", "has more than 1000 fields");
    fields.push_back({std::move(name), Json{}});
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    std::string_view words = error.what();
    if (const auto end = words.find("] "); words.starts_with('[') && end != std::string_view::npos)
      words.remove_prefix(end + 2);
    return refuse("", "malformed_json", text::clip(words, 300));
  }

  Json take() { return std::move(root_); }

 private:
  bool refuse(std::string_view where, std::string_view code, std::string_view detail) {
    faults_.add(where, code, detail);
    return false;
  }

  // Of the innermost open container.
  std::string pointer() const {
    std::string out;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i)
      out = open_[i]->kind == Json::Kind::array ? step(out, open_[i]->items.size() - 1)
                                                : step(out, open_[i]->fields.back().name);
    return out;
  }

  bool number_value(double number) {
    Json value;
    value.kind = Json::Kind::number;
    value.number = number;
    return place(std::move(value));
  }

  Json* put(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    auto& parent = *open_.back();
    if (parent.kind == Json::Kind::array) return &parent.items.emplace_back(std::move(value));
    return &(parent.fields.back().value = std::move(value));
  }

  bool place(Json value) {
    if (++values_ > limits_.values)
      return refuse("", "too_many", "holds more than " + std::to_string(limits_.values) + " values");
    put(std::move(value));
    return true;
  }

  bool open(Json::Kind kind) {
    if (open_.size() >= limits_.depth)
      return refuse("", "too_deep", "is nested more than " + std::to_string(limits_.depth) + " levels deep");
    if (++values_ > limits_.values) return place(Json{});
    Json value;
    value.kind = kind;
    open_.push_back(put(std::move(value)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Faults& faults_;
  JsonLimits limits_;
  Json root_;
  std::vector<Json*> open_;
  std::size_t values_ = 0;
};

}  // namespace

std::string_view name(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return "true or false";
    case Json::Kind::number:
      return "a number";
    case Json::Kind::string:
      return "a string";
    case Json::Kind::array:
      return "an array";
    case Json::Kind::object:
      return "an object";
  }
  return "a value";
}

std::optional<Json> read_json(std::string_view text, Faults& faults, JsonLimits limits) {
  Builder builder(faults, limits);
  const auto read = guard("JSON", ErrorKind::invalid, [&]() -> Result<bool> {
    return nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  });
  if (read && *read) return builder.take();
  if (faults.none()) faults.add("", "malformed_json", read ? "is not JSON" : read.error().message);
  return {};
}

std::string step(std::string_view pointer, std::string_view name) {
  std::string out(pointer);
  out += '/';
  for (const char c : text::clip(name, 200)) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

std::string step(std::string_view pointer, std::size_t index) { return step(pointer, std::to_string(index)); }

}  // namespace cdx::serve
