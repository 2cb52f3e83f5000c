#include "serve/json_members.h"

#include <algorithm>

#include "serve/json_tree.h"

namespace cdx::serve {
namespace {

constexpr std::string_view blanks = " \t\r\n";

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }
  bool at_end() const { return at_ == text_.size(); }
  bool take(char c) {
    skip_blanks();
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // One value from here to its end; empty where there is none, or its end is missing.
  std::string_view value() {
    skip_blanks();
    const auto begin = at_;
    std::size_t depth = 0;
    do {
      if (at_end()) return {};
      const char c = text_[at_];
      if (c == '"') {
        if (!string()) return {};
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') {
        if (depth == 0) break;
        --depth;
      }
      if (depth == 0 && (c == ',' || c == ':' || blanks.find(c) != std::string_view::npos)) break;
      ++at_;
      if (depth == 0 && (c == '}' || c == ']')) break;
    } while (depth > 0 || (!at_end() && text_[begin] != '"' && text_[begin] != '{' && text_[begin] != '['));
    return text_.substr(begin, at_ - begin);
  }

 private:
  bool string() {
    bool escaped = false;
    for (++at_; !at_end(); ++at_) {
      if (escaped)
        escaped = false;
      else if (text_[at_] == '\\')
        escaped = true;
      else if (text_[at_] == '"')
        return ++at_, true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// The text of a member's name, with its quotes; absent where it is no string.
std::optional<std::string> name_of(std::string_view text) {
  Faults ignored;
  auto json = text.starts_with('"') ? read_json(text, ignored) : std::nullopt;
  if (!json || json->kind != Json::Kind::string) return {};
  return std::move(json->text);
}

}  // namespace

std::optional<std::vector<JsonMember>> read_members(std::string_view text, std::size_t most, Faults& faults) {
  const auto wrong = [&](const char* detail) {
    faults.add("", "malformed_json", detail);
    return std::optional<std::vector<JsonMember>>();
  };
  Scanner scan(text);
  if (!scan.take('{')) return wrong("is no JSON object");
  std::vector<JsonMember> out;
  if (!scan.take('}')) {
    do {
      auto name = name_of(scan.value());
      if (!name || !scan.take(':')) return wrong("has a member without a name in quotes and a colon");
      const auto value = scan.value();
      if (value.empty()) return wrong("has a member without a value, or one that does not end");
      for (const auto& other : out)
        if (other.name == *name) {
          faults.add(step("", *name), "duplicate", "is named twice");
          return {};
        }
      if (out.size() == most) return wrong("has more members than any request needs");
      out.push_back({*std::move(name), value});
    } while (scan.take(','));
    if (!scan.take('}')) return wrong("has something else than a comma between two members");
  }
  scan.skip_blanks();
  if (!scan.at_end()) return wrong("goes on behind its end");
  return out;
}

}  // namespace cdx::serve
