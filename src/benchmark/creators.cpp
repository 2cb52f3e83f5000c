#include "benchmark/creators.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace cdx::benchmark {
namespace {

constexpr std::size_t columns = 9;

tl::unexpected<Error> refuse(const std::string& path, std::size_t line, std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("{}:{}: {}", path, line, why));
}

// The part before `end`, taken off the front of `rest` together with the mark.
std::string_view take(std::string_view& rest, char end) {
  const auto at = std::min(rest.find(end), rest.size());
  const auto out = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return out;
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

Result<CreatorRow> read_row(const std::string& path, std::size_t line, std::string_view text) {
  const auto tabs = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\t'));
  if (tabs + 1 != columns)
    return refuse(
        path, line,
        fmt::format(
            "has {} columns, {} are needed: id, name, bio, tags, platform, followers, niche, country, "
            "engagement",
            tabs + 1, columns));
  std::array<std::string_view, columns> parts;
  for (auto& part : parts) part = take(text, '\t');
  CreatorRow row{parts[1], parts[2], parts[3], parts[4], parts[6], parts[7]};
  std::size_t id = 0;
  if (!read_number(parts[0], id) || id != line - 1)
    return refuse(
        path, line,
        fmt::format("the id is \"{}\", but must be {}, the line's number from 0", parts[0], line - 1));
  if (!read_number(parts[5], row.followers))
    return refuse(path, line, fmt::format("followers is \"{}\", which is no number", parts[5]));
  if (!read_number(parts[8], row.engagement))
    return refuse(path, line, fmt::format("engagement is \"{}\", which is no number", parts[8]));
  return row;
}

}  // namespace

Result<CreatorFile> read_creators(const std::string& path) {
  CreatorFile out;
  CDX_TRY_LET(out.file, MappedFile::open(path));
  auto rest = out.file.bytes();
  for (std::size_t line = 1; !rest.empty(); ++line) {
    CDX_TRY_LET(const auto row, read_row(path, line, take(rest, '\n')));
    out.rows.push_back(row);
  }
  if (out.rows.empty()) return fail(ErrorKind::invalid, fmt::format("{}: is empty", path));
  return out;
}

Result<std::vector<std::string>> read_questions(const std::string& path) {
  CDX_TRY_LET(const auto file, MappedFile::open(path));
  std::vector<std::string> out;
  for (auto rest = file.bytes(); !rest.empty();)
    if (const auto line = take(rest, '\n'); line.find_first_not_of(" \t\r") != std::string_view::npos)
      out.emplace_back(line);
  if (out.empty()) return fail(ErrorKind::invalid, fmt::format("{}: holds no question", path));
  return out;
}

}  // namespace cdx::benchmark
