// Any bytes as a form with files, once under a boundary of ours and once with their first line as the
// Content-Type: refused with a reason, or parts that lie in the body, in order, without their border inside.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/http/multipart.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

void check(std::string_view content_type, std::string_view body) {
  const auto read = cdx::http::read_multipart(content_type, body);
  if (!read) {
    require(read.error().kind == cdx::ErrorKind::invalid && !read.error().message.empty());
    return;
  }
  require(!read->empty() && read->size() <= 256);
  const auto* at = body.data();
  for (const auto& part : *read) {
    require(part.bytes.data() >= at && part.bytes.data() + part.bytes.size() <= body.data() + body.size());
    at = part.bytes.data() + part.bytes.size();
    require(!part.name.empty() && part.name.size() <= 200 && part.file_name.size() <= 1'000);
    require(part.file_name.find_first_of(std::string_view("/\\\r\n\0", 5)) == std::string::npos);
    require(part.is_file || part.file_name.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check("multipart/form-data; boundary=edge", bytes);
  if (const auto line = bytes.find('\n'); line != std::string_view::npos)
    check("multipart/form-data; " + std::string(bytes.substr(0, line)), bytes.substr(line + 1));
  return 0;
}
