#include "pipeline/picture_wishes.h"

#include <map>
#include <set>

#include "pipeline/changed.h"

namespace cdx {
namespace {

constexpr std::size_t change_batch = 500;

using Address = std::pair<AccountId, std::string>;

// Where the pictures of a creator were found that are kept.
Result<std::set<Address>> kept_addresses(const Call& call, const Store& store, const Profile& profile) {
  std::set<Address> out;
  const auto add = [&](const std::vector<KnownPicture>& pictures) {
    for (const auto& one : pictures)
      if (!one.url.empty()) out.emplace(one.account, one.url);
  };
  add(profile.pictures);
  if (profile.pictures.size() < max_profile_pictures) return out;  // these are all
  std::vector<AccountId> accounts;
  for (const auto& account : profile.accounts) accounts.push_back(account.id);
  CDX_TRY_LET(const auto all, store.pictures(call, accounts));
  add(all);
  return out;
}

Status add_wishes(const Call& call, const Store& store, const Profile& profile, const WishOptions& options,
                  std::vector<WantedPicture>& out) {
  std::set<Address> seen;
  if (!options.kept_too) {
    CDX_TRY_LET(seen, kept_addresses(call, store, profile));
  }
  const auto add = [&](WantedPicture wish) {
    if (!wish.url.empty() && seen.emplace(wish.account, wish.url).second) out.push_back(std::move(wish));
  };
  for (const auto& account : profile.accounts) {
    if (!options.profiles || !account.image_url) continue;
    const auto origin = account.origins.at(account.image_url->origin);
    add({account.id, PictureRole::profile, account.image_url->value, {}, origin});
  }
  for (const auto& item : profile.items)
    if (options.content) add({item.account, PictureRole::content, item.image_url, item.title, item.origin});
  return {};
}

}  // namespace

Result<WishPage> wanted_pictures(const Call& call, const Store& store, Revision since, Revision until,
                                 std::size_t max, const WishOptions& options) {
  WishPage out;
  out.reached = since;
  const auto items = options.content ? options.most_items : 0;
  while (out.reached < until) {
    CDX_TRY(call.check());
    if (out.wanted.size() >= max) {
      out.more = true;
      return out;
    }
    CDX_TRY_LET(const auto page, store.changes(call, out.reached, change_batch));
    CDX_TRY_LET(const auto profiles, store.profiles(call, living(page), items));
    for (const auto& profile : profiles) CDX_TRY(add_wishes(call, store, profile, options, out.wanted));
    out.reached = page.reached;
    if (!page.more) break;
  }
  return out;
}

Status walk_pictures(const Call& call, const Store& store,
                     const std::function<Status(CreatorId, std::vector<KnownPicture>)>& each) {
  for (Revision since{};;) {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto page, store.changes(call, since, change_batch));
    CDX_TRY_LET(const auto creators, store.creators(call, living(page)));
    for (const auto& creator : creators) {
      std::vector<AccountId> accounts;
      for (const auto& link : creator.links) accounts.push_back(link.account);
      CDX_TRY_LET(auto pictures, store.pictures(call, accounts));
      if (!pictures.empty()) CDX_TRY(each(creator.id, std::move(pictures)));
    }
    since = page.reached;
    if (!page.more) return {};
  }
}

}  // namespace cdx
