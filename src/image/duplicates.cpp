#include "image/duplicates.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/assert.h"

namespace cdx::image {
namespace {

void put(HashIndex& index, std::vector<std::uint32_t>& owners, PerceptualHash hash, std::uint32_t owner) {
  if (hash == 0) return;  // no structure
  index.add(hash);
  owners.push_back(owner);
}

void look(const HashIndex& index, const std::vector<std::uint32_t>& owners, PerceptualHash hash, int radius,
          std::vector<std::uint32_t>& out) {
  if (hash == 0) return;
  for (const auto& near : index.near(hash, radius)) out.push_back(owners[near.item]);
}

// Which group each picture is in, as they are joined (union by the lower number, paths halved).
class Groups {
 public:
  explicit Groups(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t of(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t first = of(a), second = of(b);
    parent_[std::max(first, second)] = std::min(first, second);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace

void PictureIndex::add(const Fingerprint& fingerprint) {
  CDX_ASSERT(known_.size() < UINT32_MAX);
  const auto number = static_cast<std::uint32_t>(known_.size());
  known_.push_back(fingerprint);
  const auto hashes = part_hashes(fingerprint.signature);
  put(whole_, owner_of_whole_, hashes.whole, number);
  for (const auto hash : hashes.windows) put(windows_, owner_of_window_, hash, number);
  for (std::size_t i = 0; i < quarters_.size(); ++i)
    put(quarters_[i], owner_of_quarter_[i], hashes.quarters[i], number);
}

std::vector<std::uint32_t> PictureIndex::candidates(const Signature& signature) const {
  const auto hashes = part_hashes(signature);
  std::vector<std::uint32_t> out;
  look(whole_, owner_of_whole_, hashes.whole, options_.whole, out);
  look(windows_, owner_of_window_, hashes.whole, options_.window, out);
  for (const auto hash : hashes.windows) look(whole_, owner_of_whole_, hash, options_.window, out);
  for (std::size_t i = 0; i < quarters_.size(); ++i)
    look(quarters_[i], owner_of_quarter_[i], hashes.quarters[i], options_.quarter, out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<std::vector<PictureIndex::Match>> PictureIndex::find(const Call& call,
                                                            const Fingerprint& fingerprint) const {
  std::map<std::uint32_t, Comparison> found;
  const auto search = [&](const Signature& signature, Sameness sameness) -> Status {
    CDX_TRY(call.check());
    for (const auto number : candidates(signature)) {
      CDX_TRY(call.check());
      auto comparison = known_[number].sha256 == fingerprint.sha256
                            ? compare(known_[number], fingerprint)
                            : compare(known_[number].signature, signature);
      if (comparison.sameness == Sameness::near) comparison.sameness = sameness;
      auto& kept = found[number];
      if (comparison.edges > kept.edges) kept = comparison;
    }
    return {};
  };
  CDX_TRY(search(fingerprint.signature, Sameness::near));
  if (options_.mirrored) CDX_TRY(search(mirrored(fingerprint.signature), Sameness::mirrored));
  std::vector<Match> out;
  for (const auto& [number, comparison] : found)
    if (comparison.sameness != Sameness::different) out.push_back({number, comparison});
  std::stable_sort(out.begin(), out.end(),
                   [](const Match& a, const Match& b) { return a.comparison.edges > b.comparison.edges; });
  return out;
}

Result<std::vector<DuplicateGroup>> duplicates(const Call& call, std::span<const Fingerprint> pictures,
                                               const DuplicateOptions& options) {
  PictureIndex index(options);
  Groups groups(pictures.size());
  std::vector<DuplicateGroup::Link> links;
  std::map<Digest, std::uint32_t> by_bytes;
  for (std::uint32_t i = 0; i < pictures.size(); ++i) {
    // The same bytes need no looking, structure or not.
    const auto [first, fresh] = by_bytes.emplace(pictures[i].sha256, i);
    if (!fresh) links.push_back({first->second, i, compare(pictures[i], pictures[i])});
    CDX_TRY_LET(const auto matches, index.find(call, pictures[i]));
    for (const auto& match : matches)
      if (match.comparison.sameness != Sameness::exact) links.push_back({match.picture, i, match.comparison});
    index.add(pictures[i]);
  }
  for (const auto& link : links) groups.join(link.first, link.second);
  std::map<std::uint32_t, DuplicateGroup> by_first;
  for (std::uint32_t i = 0; i < pictures.size(); ++i) by_first[groups.of(i)].pictures.push_back(i);
  for (const auto& link : links) by_first[groups.of(link.first)].links.push_back(link);
  std::vector<DuplicateGroup> out;
  for (auto& [first, group] : by_first)
    if (group.pictures.size() > 1) out.push_back(std::move(group));
  return out;
}

std::vector<DuplicateGroup> across_owners(std::vector<DuplicateGroup> groups,
                                          std::span<const std::uint64_t> owner_of) {
  std::erase_if(groups, [&](const DuplicateGroup& group) {
    return std::all_of(group.pictures.begin(), group.pictures.end(), [&](std::uint32_t picture) {
      return owner_of[picture] == owner_of[group.pictures.front()];
    });
  });
  return groups;
}

}  // namespace cdx::image
