// Writing JSON by hand, quickly: appends to a string. Invalid UTF-8 becomes U+FFFD, so the output is always
// valid.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cdx {

void append_json_string(std::string& out, std::string_view text);  // with quotes
void append_json_number(std::string& out, double value);  // shortest exact form; NaN and infinity are null
void append_json_number(std::string& out, std::int64_t value);

// A writer that places commas itself. Usage: object([&]{ key("a").value(1); }).
class JsonWriter {
 public:
  template <class Body>
  JsonWriter& object(Body&& body) {
    open('{');
    body();
    return close('}');
  }
  template <class Body>
  JsonWriter& array(Body&& body) {
    open('[');
    body();
    return close(']');
  }
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(double number);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(bool flag);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // already valid JSON

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string out_;
  bool fresh_ = true;  // nothing written yet at this level, or a key just was
};

}  // namespace cdx
