#include "pipeline/picture_report.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "pipeline/picture_wishes.h"
#include "pipeline/pictures.h"

namespace cdx {
namespace {

struct Gathered {
  std::vector<image::Fingerprint> fingerprints;
  std::vector<std::uint64_t> owners;
  std::vector<ReportedPicture> pictures;
};

Result<Gathered> gather(const Call& call, const Store& store, PictureReport& report) {
  Gathered out;
  std::set<CreatorId> seen;
  CDX_TRY(walk_pictures(call, store, [&](CreatorId creator, std::vector<KnownPicture> pictures) -> Status {
    if (!seen.insert(creator).second) return {};
    for (auto& picture : pictures) {
      ++report.pictures;
      auto fingerprint = fingerprint_of(picture);
      if (!fingerprint) {
        ++report.unreadable;
        continue;
      }
      picture.signature = {};
      out.fingerprints.push_back(*std::move(fingerprint));
      out.owners.push_back(creator.value);
      out.pictures.push_back({std::move(picture), creator, {}, {}, {}});
    }
    return {};
  }));
  report.creators = seen.size();
  return out;
}

// Who was known with it first; of one time, whatever the order of the store.
bool known_before(const ReportedPicture& a, const ReportedPicture& b) {
  const auto key = [](const ReportedPicture& one) {
    return std::tuple(one.picture.origin.fetched_at, one.picture.account, one.picture.sha256);
  };
  return key(a) < key(b);
}

SamePictures group_of(const image::DuplicateGroup& group, const std::vector<ReportedPicture>& pictures) {
  auto order = group.pictures;
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return known_before(pictures[a], pictures[b]); });
  std::map<std::uint32_t, std::size_t> place;
  SamePictures out;
  for (const auto number : order) {
    place[number] = out.pictures.size();
    out.pictures.push_back(pictures[number]);
  }
  for (const auto& link : group.links) {
    const auto [first, second] = std::minmax(place.at(link.first), place.at(link.second));
    const bool exact = link.comparison.sameness == image::Sameness::exact;
    out.links.push_back({first, second, link.comparison.sameness, exact ? 1 : link.comparison.edges});
  }
  std::sort(out.links.begin(), out.links.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  return out;
}

std::size_t creators_of(const SamePictures& group) {
  std::set<CreatorId> out;
  for (const auto& one : group.pictures) out.insert(one.creator);
  return out.size();
}

Status add_names(const Call& call, const Store& store, std::vector<SamePictures>& groups) {
  std::set<CreatorId> ids;
  for (const auto& group : groups)
    for (const auto& one : group.pictures) ids.insert(one.creator);
  CDX_TRY_LET(const auto profiles, store.profiles(call, std::vector(ids.begin(), ids.end()), 0));
  std::unordered_map<CreatorId, const Profile*> known;
  for (const auto& profile : profiles) known.emplace(profile.creator.id, &profile);
  for (auto& group : groups)
    for (auto& one : group.pictures) {
      const auto profile = known.find(one.creator);
      if (profile == known.end()) continue;  // removed meanwhile
      one.creator_name = profile->second->creator.name;
      for (const auto& account : profile->second->accounts) {
        if (account.id != one.picture.account) continue;
        one.platform = account.platform;
        one.handle = value_or<std::string>(account.handle, account.user_id);
      }
    }
  return {};
}

}  // namespace

Result<PictureReport> report_same_pictures(const Call& call, const Store& store,
                                           const image::DuplicateOptions& options) {
  PictureReport out;
  CDX_TRY_LET(const auto all, gather(call, store, out));
  CDX_TRY_LET(auto groups, image::duplicates(call, all.fingerprints, options));
  for (const auto& group : image::across_owners(std::move(groups), all.owners))
    out.groups.push_back(group_of(group, all.pictures));
  std::stable_sort(out.groups.begin(), out.groups.end(),
                   [](const auto& a, const auto& b) { return creators_of(a) > creators_of(b); });
  CDX_TRY(add_names(call, store, out.groups));
  return out;
}

}  // namespace cdx
