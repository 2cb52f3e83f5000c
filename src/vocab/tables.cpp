#include "vocab/tables.h"

#include <cstring>

#include "base/assert.h"

namespace cdx::vocab {
namespace {

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0;;) {
    const auto end = text.find(mark, begin);
    out.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return out;
    begin = end + 1;
  }
}

}  // namespace

std::vector<std::string> split_cell(std::string_view cell) {
  std::vector<std::string> out;
  for (const auto part : split(cell, '|'))
    if (!part.empty()) out.emplace_back(part);
  return out;
}

std::vector<std::vector<std::string>> read_rows(std::string_view table, std::size_t columns) {
  std::vector<std::vector<std::string>> out;
  for (const auto line : split(table, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line, '\t');
    CDX_ASSERT(cells.size() == columns);
    out.emplace_back(cells.begin(), cells.end());
  }
  return out;
}

LooseName::LooseName(std::string_view folded_name) {
  for (const char c : folded_name) {
    if (c == '&' || c == '+') {
      put_blank();
      put("and");
      put_blank();
    } else if (c == ' ' || c == '/' || c == '|' || c == '_' || c == '-' || c == ',') {
      put_blank();
    } else {
      put({&c, 1});
    }
  }
  if (size_ > 0 && bytes_[size_ - 1] == ' ') --size_;
}

void LooseName::put(std::string_view text) {
  if (size_ + text.size() > sizeof bytes_) return;
  std::memcpy(bytes_ + size_, text.data(), text.size());
  size_ += text.size();
}

void LooseName::put_blank() {
  if (size_ > 0 && bytes_[size_ - 1] != ' ') put(" ");
}

}  // namespace cdx::vocab
