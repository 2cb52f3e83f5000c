#include "evaluate/niche_tables.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "base/hash.h"
#include "text/text.h"

namespace cdx::evaluate {

Result<std::string> read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorKind::not_found, fmt::format("cannot read {}", path));
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Result<std::vector<Row>> read_csv(const std::string& path) {
  CDX_TRY_LET(const auto bytes, read_whole(path));
  std::string_view rest = bytes;
  rest.remove_prefix(text::byte_order_mark(rest, text::Encoding::utf8));
  std::vector<Row> out;
  while (!rest.empty()) {
    const auto span = text::find_row(rest, {});
    text::Cells cells;
    text::split_row(rest.substr(0, span.size), {}, cells);
    out.emplace_back(cells.values.begin(), cells.values.end());
    rest.remove_prefix(span.next);
  }
  return out;
}

std::vector<std::string> split_keys(std::string_view cell, char mark) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= cell.size();) {
    const auto end = std::min(cell.find(mark, begin), cell.size());
    if (end > begin) out.emplace_back(cell.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::vector<Row> tsv_rows(std::string_view text) {
  std::vector<Row> out;
  for (const auto& line : split_keys(text, '\n')) {
    if (line.front() == '#') continue;
    out.push_back(split_keys(line, '\t'));
  }
  return out;
}

bool in_held_out_half(std::string_view name) { return sha256(name)[0] % 2 == 1; }

Profile profile_of(Platform platform, const std::string& handle, const std::string& name,
                   const std::string& bio) {
  Profile out;
  Account account;
  account.platform = platform;
  account.user_id = handle;
  account.id = account_id(platform, handle);
  const auto origin = account.origin({});
  if (!handle.empty()) account.handle = {{handle, origin}};
  if (!name.empty()) account.name = {{name, origin}};
  if (!bio.empty()) account.bio = {{bio, origin}};
  out.accounts.push_back(std::move(account));
  return out;
}

}  // namespace cdx::evaluate
