#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

constexpr double own_sub_niche = 0.9, sister_niches = 0.75, unrelated = 0.4;

class Pairs {
 public:
  Pairs() {
    for (const auto& cells : read_rows(table_text("compatibility"), 3)) {
      double value = 0;
      const auto& text = cells[2];
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      CDX_ASSERT(error == std::errc{} && end == text.data() + text.size());
      values_[join(cells[0], cells[1])] = value;
    }
  }

  std::optional<double> of(std::string_view campaign, std::string_view creator) const {
    for (const auto& key : {join(campaign, creator), join(creator, campaign)})
      if (const auto it = values_.find(key); it != values_.end()) return it->second;
    return {};
  }

 private:
  static std::string join(std::string_view a, std::string_view b) {
    return std::string(a).append("\t").append(b);
  }

  std::unordered_map<std::string, double> values_;
};

const Pairs& pairs() {
  static const Pairs instance;
  return instance;
}

}  // namespace

double compatibility(std::string_view campaign_niche, std::string_view creator_niche) {
  const auto* wanted = niche(campaign_niche);
  const auto* offered = niche(creator_niche);
  if (!wanted || !offered) return unrelated;
  if (wanted == offered) return 1;
  if (const auto own = pairs().of(wanted->key, offered->key)) return *own;
  const auto& wanted_top = wanted->parent.empty() ? wanted->key : wanted->parent;
  const auto& offered_top = offered->parent.empty() ? offered->key : offered->parent;
  if (wanted_top == offered_top)
    return wanted->parent.empty() || offered->parent.empty() ? own_sub_niche : sister_niches;
  if (const auto half = pairs().of(wanted->key, offered_top)) return *half;
  if (const auto half = pairs().of(wanted_top, offered->key)) return *half;
  return pairs().of(wanted_top, offered_top).value_or(unrelated);
}

}  // namespace cdx::vocab
