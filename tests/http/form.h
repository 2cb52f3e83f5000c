// Forms with files, as a browser sends them. For tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdx::test {

struct FormPart {
  std::string name;
  std::string bytes;
  std::string file_name = {};  // empty: a field
};

inline constexpr std::string_view form_header =
    "Content-Type: multipart/form-data; boundary=----edge7MA4YWxkTrZu0gW\r\n";

inline std::string form_body(const std::vector<FormPart>& parts) {
  std::string out;
  for (const auto& part : parts) {
    out += "------edge7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
    if (!part.file_name.empty())
      out += "; filename=\"" + part.file_name + "\"\r\nContent-Type: application/octet-stream";
    out += "\r\n\r\n" + part.bytes + "\r\n";
  }
  return out + "------edge7MA4YWxkTrZu0gW--\r\n";
}

}  // namespace cdx::test
