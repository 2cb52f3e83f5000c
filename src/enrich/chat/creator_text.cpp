#include "enrich/chat/creator_text.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json_text.h"
#include "enrich/chat/orders.h"
#include "enrich/chat/private_text.h"
#include "text/text.h"

namespace cdx::enrich::chat {
namespace {

constexpr std::size_t least_handle = 3;        // shorter ones are everybody's words
constexpr std::size_t read_bytes = 16 * 1024;  // of one text, before it is cut to its limit

std::set<std::string> handles_of(const Profile& profile) {
  std::set<std::string> out;
  const auto add = [&](const std::string& handle) {
    if (auto squashed = text::squash(handle); squashed.size() >= least_handle)
      out.insert(std::move(squashed));
  };
  add(profile.creator.handle);
  for (const auto& account : profile.accounts) {
    add(value_or(account.handle, std::string()));
    add(account.user_id);
  }
  return out;
}

bool ends_sentence(std::string_view text, std::size_t at) {
  if (text[at] == '\n' || text[at] == '|') return true;
  return (text[at] == '.' || text[at] == '!' || text[at] == '?' || text[at] == ';') &&
         (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n');
}

// The sentences that speak to people; `orders` is set when others were left out.
std::string for_people(std::string_view text, bool& orders) {
  if (!gives_orders(text)) return std::string(text);
  orders = true;
  std::string out;
  for (std::size_t begin = 0, at = 0; at < text.size(); ++at) {
    if (at + 1 < text.size() && !ends_sentence(text, at)) continue;
    const auto sentence = text.substr(begin, at + 1 - begin);
    if (!gives_orders(sentence)) out += sentence;
    begin = at + 1;
  }
  // An order that no single sentence shows runs through several: nothing of it is sent.
  return gives_orders(out) || out.size() == text.size() ? std::string() : out;
}

class Collector {
 public:
  Collector(const Profile& profile, CreatorText& out) : handles_(handles_of(profile)), out_(out) {}

  void add(std::string_view text, std::size_t bytes, std::vector<std::string>& to) {
    const auto read = visible(text::clip(text, read_bytes));
    const auto clean = without_private(for_people(read, out_.orders), handles_);
    std::string cut(text::clip(clean, bytes));
    if (text::squash(cut).empty() || !seen_.insert(text::fold(cut)).second) return;
    to.push_back(std::move(cut));
  }

 private:
  std::set<std::string> handles_;
  std::set<std::string> seen_;
  CreatorText& out_;
};

// Newest first, from the accounts in turn, so that a busy one does not silence the rest.
std::vector<const ContentItem*> sampled(const Profile& profile) {
  std::map<std::uint64_t, std::vector<const ContentItem*>> by_account;
  std::vector<std::uint64_t> order;
  for (const auto& item : profile.items) {
    auto& list = by_account[item.account.value];
    if (list.empty()) order.push_back(item.account.value);
    list.push_back(&item);
  }
  std::vector<const ContentItem*> out;
  for (std::size_t round = 0; out.size() < profile.items.size(); ++round)
    for (const auto account : order)
      if (round < by_account[account].size()) out.push_back(by_account[account][round]);
  return out;
}

}  // namespace

CreatorText creator_text(const Profile& profile, const TextLimits& limits) {
  CreatorText out;
  Collector collector(profile, out);
  for (const auto& account : profile.accounts)
    if (account.bio && out.bio.size() < limits.bios)
      collector.add(account.bio->value, limits.bio_bytes, out.bio);
  for (const auto* item : sampled(profile))
    if (out.content.size() < limits.items)
      collector.add(item->title.empty() ? item->description : item->title, limits.item_bytes, out.content);
  return out;
}

std::string as_json(const CreatorText& text) {
  JsonWriter out;
  const auto list = [&](std::string_view key, const std::vector<std::string>& texts) {
    out.key(key).array([&] {
      for (const auto& one : texts) out.value(one);
    });
  };
  out.object([&] {
    list("bio", text.bio);
    list("content", text.content);
  });
  return out.take();
}

}  // namespace cdx::enrich::chat
