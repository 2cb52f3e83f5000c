#include "embed/remote/windows.h"

#include "base/assert.h"
#include "text/code_point.h"

namespace cdx::remote {
namespace {

constexpr std::int32_t replacement = 0xFFFD;

bool is_inside(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string cleaned(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto code = text::next_code_point(text, at);
    if (code == replacement) continue;
    const bool blank = code <= 0x20 || (code >= 0x7F && code <= 0xA0);
    if (!blank)
      out += text.substr(begin, at - begin);
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.empty()) out = " ";
  return out;
}

std::vector<std::string_view> windows_of(std::string_view text, std::size_t most) {
  CDX_ASSERT(most >= 16);
  std::vector<std::string_view> out;
  while (text.size() > most) {
    auto end = text.rfind(' ', most - 1);
    // A blank in the first half would make too many windows of a text of long words.
    if (end == std::string_view::npos || end < most / 2) {
      end = most;
      while (is_inside(text[end])) --end;
    } else {
      ++end;
    }
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (!text.empty() || out.empty()) out.push_back(text);
  return out;
}

}  // namespace cdx::remote
