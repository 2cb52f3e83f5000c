#include "serve/same_pictures.h"

#include <algorithm>
#include <set>

#include "pipeline/pictures.h"

namespace cdx::serve {
namespace {

// Of either kind; beyond them all is forgotten at once: what is shown again is soon known again.
constexpr std::size_t most_remembered = 200'000;

template <class Map>
void make_room(Map& map, std::size_t more) {
  if (map.size() + more > most_remembered) map.clear();
}

}  // namespace

std::map<Digest, SamePictures::Hashes> SamePictures::known_hashes(
    const std::vector<ShownPicture>& shown) const {
  std::map<Digest, Hashes> out;
  const std::scoped_lock lock(mutex_);
  for (const auto& one : shown)
    if (const auto found = hashes_.find(one.sha256); found != hashes_.end()) out.insert(*found);
  return out;
}

void SamePictures::remember_hashes(const Prints& prints) {
  const std::scoped_lock lock(mutex_);
  make_room(hashes_, prints.size());
  for (const auto& [sha256, print] : prints)
    hashes_[sha256] = {print.hash, print.mirrored_hash, image::mean_colours(print.signature)};
}

std::map<Digest, image::MeanColours> SamePictures::colours(const std::vector<ShownPicture>& shown) const {
  std::map<Digest, image::MeanColours> out;
  for (const auto& [sha256, hashes] : known_hashes(shown)) out.emplace(sha256, hashes.colours);
  return out;
}

Result<SamePictures::Prints> SamePictures::fetch(const Call& call, const std::vector<AccountId>& accounts) {
  Prints out;
  if (accounts.empty()) return out;
  CDX_TRY_LET(const auto pictures, store_.pictures(call, accounts));
  for (const auto& picture : pictures)
    if (auto print = fingerprint_of(picture)) out.emplace(picture.sha256, *std::move(print));
  remember_hashes(out);
  return out;
}

// Pairs whose fingerprints are not at hand stay undecided.
void SamePictures::decide(std::vector<Near>& near, const Prints& prints) {
  std::map<Pair, bool> fresh;
  for (auto& one : near) {
    if (one.same) continue;
    const auto a = prints.find(one.pair.first), b = prints.find(one.pair.second);
    if (a == prints.end() || b == prints.end()) continue;
    one.same = image::compare(a->second, b->second).sameness != image::Sameness::different;
    fresh[one.pair] = *one.same;
  }
  const std::scoped_lock lock(mutex_);
  make_room(decided_, fresh.size());
  decided_.insert(fresh.begin(), fresh.end());
}

// Pairs of different files, by their numbers among `shown`, whose hashes are near; the earlier one first.
std::vector<SamePictures::Near> SamePictures::near_pairs(const std::vector<ShownPicture>& shown,
                                                         const std::map<Digest, Hashes>& hashes) const {
  const auto most = image::DuplicateOptions{}.whole;
  std::vector<const Hashes*> of(shown.size(), nullptr);
  for (std::size_t i = 0; i < shown.size(); ++i)
    if (const auto found = hashes.find(shown[i].sha256); found != hashes.end()) of[i] = &found->second;
  std::vector<Near> out;
  for (std::size_t i = 0; i < shown.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (of[i] != nullptr && of[j] != nullptr && of[i] != of[j] &&
          (image::distance(of[j]->plain, of[i]->plain) <= most ||
           image::distance(of[j]->plain, of[i]->mirrored) <= most))
        out.push_back({j, i, {shown[j].sha256, shown[i].sha256}, {}});
  const std::scoped_lock lock(mutex_);
  for (auto& one : out)
    if (const auto known = decided_.find(one.pair); known != decided_.end()) one.same = known->second;
  return out;
}

Result<std::vector<std::optional<Digest>>> SamePictures::copies(const Call& call,
                                                                const std::vector<ShownPicture>& shown) {
  auto hashes = known_hashes(shown);
  std::set<AccountId> unseen;
  for (const auto& one : shown)
    if (!hashes.contains(one.sha256)) unseen.insert(one.account);
  CDX_TRY_LET(auto prints, fetch(call, {unseen.begin(), unseen.end()}));
  for (const auto& [sha256, print] : prints) hashes[sha256] = {print.hash, print.mirrored_hash, {}};

  auto near = near_pairs(shown, hashes);
  std::set<AccountId> wanted;
  for (const auto& one : near)
    for (const auto k : {one.first, one.second})
      if (!one.same && !prints.contains(shown[k].sha256)) wanted.insert(shown[k].account);
  CDX_TRY_LET(auto more, fetch(call, {wanted.begin(), wanted.end()}));
  prints.merge(more);
  CDX_TRY(call.check());
  decide(near, prints);

  std::vector<std::optional<Digest>> out(shown.size());
  std::map<Digest, std::size_t> first;  // of each file
  auto pair = near.begin();             // they come by their second picture, then by their first
  for (std::size_t i = 0; i < shown.size(); ++i) {
    std::optional<std::size_t> like;
    if (const auto [found, fresh] = first.emplace(shown[i].sha256, i); !fresh) like = found->second;
    for (; pair != near.end() && pair->second == i; ++pair)
      if (pair->same.value_or(false) && !out[pair->first]) like = std::min(like.value_or(i), pair->first);
    if (like) out[i] = out[*like] ? *out[*like] : shown[*like].sha256;
  }
  return out;
}

std::vector<ShownPicture> shown_pictures(const Answer& answer) {
  std::vector<ShownPicture> out;
  for (const auto& hit : answer.hits)
    for (const auto& matched : hit.pictures) {
      const auto& all = hit.profile.pictures;
      const auto known =
          std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.sha256 == matched.sha256; });
      out.push_back({matched.sha256, known == all.end() ? AccountId{} : known->account});
    }
  return out;
}

std::vector<std::vector<std::optional<Digest>>> by_hit(const Answer& answer,
                                                       const std::vector<std::optional<Digest>>& all) {
  std::vector<std::vector<std::optional<Digest>>> out;
  std::size_t at = 0;
  for (const auto& hit : answer.hits) {
    auto& row = out.emplace_back();
    for (std::size_t i = 0; i < hit.pictures.size() && at < all.size(); ++i) row.push_back(all[at++]);
  }
  return out;
}

}  // namespace cdx::serve
