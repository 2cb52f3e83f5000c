#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

constexpr double strong = 1.0, medium = 0.45, weak = 0.15;
constexpr std::string_view general_key = "*";

std::vector<Risk> read_risks() {
  std::vector<Risk> out;
  std::vector<std::string> general;
  for (auto& cells : read_rows(table_text("risks"), 6)) {
    auto excuses = split_cell(cells[5]);
    if (cells[0] == general_key) {
      general = std::move(excuses);
      continue;
    }
    Risk risk{cells[0], cells[1], {}, {}};
    const double weights[] = {strong, medium, weak};
    for (std::size_t tier = 0; tier < 3; ++tier)
      for (auto& phrase : split_cell(cells[2 + tier]))
        risk.phrases.push_back({std::move(phrase), weights[tier]});
    for (auto& excuse : excuses)
      if (excuse == general_key)
        risk.excuses.insert(risk.excuses.end(), general.begin(), general.end());
      else
        risk.excuses.push_back(std::move(excuse));
    out.push_back(std::move(risk));
  }
  return out;
}

}  // namespace

std::span<const Risk> risks() {
  static const auto rows = read_risks();
  return rows;
}

const Risk* risk(std::string_view key) {
  for (const auto& one : risks())
    if (one.key == key) return &one;
  return nullptr;
}

}  // namespace cdx::vocab
