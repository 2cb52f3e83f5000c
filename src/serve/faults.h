// What is wrong with a request, place by place. Private to serve.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdx::serve {

struct Fault {
  std::string pointer;  // JSON pointer into the body; "?name" for a query parameter; empty: the whole
  std::string code;     // for programs: "out_of_range"
  std::string detail;   // for people
};

// Collects faults, so that one answer names them all; beyond a dozen the rest is left out.
class Faults {
 public:
  void add(std::string_view pointer, std::string_view code, std::string_view detail) {
    if (list_.size() < 12) list_.push_back({std::string(pointer), std::string(code), std::string(detail)});
  }
  bool none() const { return list_.empty(); }
  const std::vector<Fault>& list() const { return list_; }

 private:
  std::vector<Fault> list_;
};

}  // namespace cdx::serve
