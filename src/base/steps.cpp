#include "base/steps.h"

#include <algorithm>

namespace cdx {

std::size_t Steps::first_below(std::size_t from, std::size_t bytes) const {
  if (bytes > most_shared) return std::min(from, shared.size());  // more than is kept: any may share fewer
  constexpr std::size_t stride = 64;                              // at a time, without a branch a string
  const auto limit = static_cast<std::uint8_t>(bytes);
  for (; from + stride <= shared.size(); from += stride) {
    const auto* const some = shared.data() + from;
    std::uint8_t least = most_shared;
    for (std::size_t i = 0; i < stride; ++i) least = std::min(least, some[i]);
    if (least < limit) break;
  }
  while (from < shared.size() && shared[from] >= limit) ++from;
  return from;
}

StepTable::StepTable(const Sections& sections, const std::string& name)
    : shared_(sections.section(name + ".shared")), next_(sections.section(name + ".next")) {}

Steps StepTable::part(std::size_t first, std::size_t count) const {
  const Steps out{shared_.part_of<std::uint8_t>(first, count), next_.part_of<std::uint32_t>(first, count)};
  return out.shared.size() == count && out.next.size() == count ? out : Steps{};
}

bool StepTable::fits(std::size_t strings) const {
  return shared_.size() == next_.count<std::uint32_t>() && (shared_.size() == 0 || shared_.size() == strings);
}

void StepList::add(std::string_view text) {
  const auto most = std::min({text.size(), before_.size(), most_shared});
  std::size_t same = 0;
  while (same < most && text[same] == before_[same]) ++same;
  shared_.push_back(static_cast<std::uint8_t>(same));
  std::uint32_t next = 0;
  const auto behind = text.substr(same, step_bytes);
  for (std::size_t i = 0; i < behind.size(); ++i)
    next |= std::uint32_t{static_cast<std::uint8_t>(behind[i])} << (8 * i);
  const bool plain = behind.find('\0') == std::string_view::npos;
  next_.push_back(plain ? next : ~std::uint32_t{0});
  before_.assign(text.substr(0, most_shared));
}

Status StepList::write(SectionWriter& out, const std::string& name) const {
  CDX_TRY(out.add(name + ".shared", shared_));
  return out.add(name + ".next", next_);
}

}  // namespace cdx
