#include "figures/labelled_accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/guard.h"

namespace cdx::figures {
namespace {

using Row = std::vector<std::string>;

// RFC 4180: quotes may hold commas, doubled quotes and line ends.
std::vector<Row> rows_of(std::string_view bytes) {
  std::vector<Row> rows;
  Row row;
  std::string cell;
  bool quoted = false, any = false;
  const auto end_cell = [&] { row.push_back(std::exchange(cell, {})); };
  const auto end_row = [&] {
    if (any || !row.empty() || !cell.empty()) {
      end_cell();
      rows.push_back(std::exchange(row, {}));
    }
    any = false;
  };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    any |= c != '\n' && c != '\r';
    if (quoted && c == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"') {
      cell += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      end_cell();
    } else if (!quoted && c == '\n') {
      end_row();
    } else if (quoted || c != '\r') {
      cell += c;
    }
  }
  end_row();
  return rows;
}

class Table {
 public:
  Table(std::vector<Row> rows, std::string_view name) : rows_(std::move(rows)), name_(name) {
    for (std::size_t i = 0; !rows_.empty() && i < rows_[0].size(); ++i) columns_.emplace(rows_[0][i], i);
  }
  bool has(std::string_view column) const { return columns_.contains(std::string(column)); }
  std::size_t rows() const { return rows_.empty() ? 0 : rows_.size() - 1; }
  std::string_view text(std::size_t row, std::string_view column) const {
    const auto at = columns_.find(std::string(column));
    const auto& cells = rows_[row + 1];
    return at == columns_.end() || at->second >= cells.size() ? std::string_view() : cells[at->second];
  }
  Result<double> number(std::size_t row, std::string_view column) const {
    const auto cell = text(row, column);
    double out = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
    if (cell.empty() || error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(out) ||
        out < 0)
      return fail(ErrorKind::invalid, fmt::format("{}, row {}: \"{}\" is not a count or share but \"{}\"",
                                                  name_, row + 2, column, cell.substr(0, 40)));
    return out;
  }
  const std::string& name() const { return name_; }

 private:
  std::vector<Row> rows_;
  std::string name_;
  std::map<std::string, std::size_t> columns_;
};

Result<LabelledAccount> instagram_row(const Table& table, std::size_t row) {
  LabelledAccount out;
  CDX_TRY_LET(out.features.followers, table.number(row, "#followers"));
  CDX_TRY_LET(out.features.following, table.number(row, "#follows"));
  CDX_TRY_LET(out.features.posts, table.number(row, "#posts"));
  CDX_TRY_LET(out.features.bio_length, table.number(row, "description length"));
  CDX_TRY_LET(out.features.has_picture, table.number(row, "profile pic"));
  CDX_TRY_LET(out.features.is_private, table.number(row, "private"));
  CDX_TRY_LET(out.features.digit_share, table.number(row, "nums/length username"));
  CDX_TRY_LET(const double fake, table.number(row, "fake"));
  out.fake = fake != 0;
  return out;
}

double digit_share(std::string_view handle) {
  const auto digits =
      std::count_if(handle.begin(), handle.end(), [](char c) { return c >= '0' && c <= '9'; });
  return handle.empty() ? FakeFeatures::unknown
                        : static_cast<double>(digits) / static_cast<double>(handle.size());
}

Result<LabelledAccount> twitter_row(const Table& table, std::size_t row) {
  LabelledAccount out;
  CDX_TRY_LET(out.features.followers, table.number(row, "followers_count"));
  CDX_TRY_LET(out.features.following, table.number(row, "friends_count"));
  CDX_TRY_LET(out.features.posts, table.number(row, "statuses_count"));
  out.features.bio_length = static_cast<double>(table.text(row, "description").size());
  out.features.has_picture = table.text(row, "default_profile_image") == "1" ? 0 : 1;
  out.features.is_private = table.text(row, "protected") == "1" ? 1 : 0;
  out.features.digit_share = digit_share(table.text(row, "screen_name"));
  const auto set = table.text(row, "dataset");
  out.fake = set == "INT" || set == "FSF" || set == "TWT";
  if (!out.fake && set != "E13" && set != "TFP")
    return fail(ErrorKind::invalid, fmt::format("{}, row {}: \"dataset\" is \"{}\", which names no known set",
                                                table.name(), row + 2, set.substr(0, 40)));
  return out;
}

Result<std::vector<LabelledAccount>> read_table(std::string_view bytes, std::string_view name) {
  const Table table(rows_of(bytes), name);
  const bool instagram = table.has("#followers") && table.has("#follows") && table.has("fake");
  const bool twitter = table.has("followers_count") && table.has("friends_count") && table.has("dataset");
  if (!instagram && !twitter)
    return fail(ErrorKind::invalid,
                fmt::format("{}: no set of labelled accounts that is known here; expected "
                            "columns #followers, #follows, fake, or followers_count, "
                            "friends_count, dataset",
                            name));
  std::vector<LabelledAccount> out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    CDX_TRY_LET(auto one, instagram ? instagram_row(table, row) : twitter_row(table, row));
    out.push_back(one);
  }
  return out;
}

Result<std::vector<LabelledAccount>> read_json(std::string_view bytes, std::string_view name) {
  return guard(name, ErrorKind::invalid, [&]() -> Result<std::vector<LabelledAccount>> {
    const auto parsed = nlohmann::json::parse(bytes);
    std::vector<LabelledAccount> out;
    for (const auto& row : parsed) {
      const auto number = [&](const char* key) { return row.at(key).get<double>(); };
      LabelledAccount one;
      one.features = {number("userFollowerCount"),
                      number("userFollowingCount"),
                      number("userMediaCount"),
                      number("userBiographyLength"),
                      number("userHasProfilPic"),
                      number("userIsPrivate"),
                      number("usernameDigitCount") / std::max(number("usernameLength"), 1.0)};
      one.fake = number("isFake") != 0;
      out.push_back(one);
    }
    return out;
  });
}

}  // namespace

Result<std::vector<LabelledAccount>> read_labelled_accounts(std::string_view bytes, std::string_view name) {
  const auto start = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string_view::npos) return fail(ErrorKind::invalid, fmt::format("{}: empty", name));
  if (bytes[start] == '[') return read_json(bytes.substr(start), name);
  return read_table(bytes.substr(start), name);
}

}  // namespace cdx::figures
