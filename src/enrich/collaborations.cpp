#include <algorithm>
#include <map>

#include "enrich/disclosure.h"
#include "text/text.h"

namespace cdx::enrich {
namespace {

constexpr std::size_t most_posts = 50;  // newest, of each account
constexpr std::size_t most_brands = 30;

void count(Collaboration& one, const ContentItem& item, const Disclosure& said) {
  ++one.posts;
  if (item.published_at) {
    one.first = one.first ? std::min(*one.first, *item.published_at) : *item.published_at;
    one.last = one.last ? std::max(*one.last, *item.published_at) : *item.published_at;
  }
  one.confidence = std::max(one.confidence, said.confidence);
  if (one.posts > 1 && said.kind <= one.kind) return;  // items come newest first
  one.kind = said.kind;
  one.evidence = said.evidence;
  one.post = item.id;
}

}  // namespace

void find_collaborations(Creator& creator, const Profile& profile) {
  creator.collaborations.clear();
  creator.sponsored_share.reset();
  std::vector<std::string> own;
  for (const auto& account : profile.accounts)
    if (account.handle) own.push_back(text::fold(account.handle->value));
  std::map<AccountId, std::size_t> seen;
  std::map<std::string, Collaboration> by_brand;
  std::size_t posts = 0, paid = 0;
  for (const auto& item : profile.items) {
    if (++seen[item.account] > most_posts) continue;
    ++posts;
    const auto said = find_disclosure(item.title, item.description, own);
    if (!said) continue;
    paid += said->kind == CollaborationKind::paid ? std::size_t{1} : std::size_t{0};
    const auto add = [&](const std::string& key, const std::string& name) {
      auto& one = by_brand[key];
      if (one.posts == 0) one.brand = key, one.name = name;
      count(one, item, *said);
    };
    for (const auto& brand : said->brands) add(brand_key(brand), brand);
    if (said->brands.empty()) add("", "");
  }
  if (posts == 0) return;
  creator.sponsored_share = static_cast<double>(paid) / static_cast<double>(posts);
  auto& out = creator.collaborations;
  for (auto& [brand, one] : by_brand) out.push_back(std::move(one));
  std::stable_sort(out.begin(), out.end(), [](const Collaboration& a, const Collaboration& b) {
    return a.last.value_or(Time{}) > b.last.value_or(Time{});
  });
  if (out.size() > most_brands) out.resize(most_brands);
}

}  // namespace cdx::enrich
