// Profiles for the tests of this folder.
#pragma once

#include <string>
#include <vector>

#include "enrich/annotate.h"

namespace cdx::enrich::test {

inline Profile creator(const std::string& bio, const std::vector<std::string>& titles = {},
                       const std::string& handle = "ana.dances") {
  Profile out;
  Account account;
  account.id = account_id(Platform::instagram, handle);
  account.platform = Platform::instagram;
  account.user_id = "17841400000000001";
  account.handle = Sourced<std::string>{handle, 0};
  account.name = Sourced<std::string>{"Ana Maria Private-Name", 0};
  account.bio = Sourced<std::string>{bio, 0};
  account.followers = Sourced<std::int64_t>{48'213, 0};
  out.creator.id = creator_id(account.id);
  out.creator.handle = handle;
  for (const auto& title : titles) {
    ContentItem item;
    item.id = content_id(Platform::instagram, handle + title);
    item.account = account.id;
    item.title = title;
    item.url = "https://instagram.example/p/Cx12345";
    out.items.push_back(item);
  }
  out.accounts.push_back(std::move(account));
  return out;
}

inline std::vector<AnnotatorInput> inputs(const std::vector<Profile>& profiles) {
  std::vector<AnnotatorInput> out;
  for (const auto& profile : profiles) out.push_back({&profile, {}});
  return out;
}

// "niche fitness, secondary_niche fitness/yoga, language en"
inline std::string said(const Annotation& annotation) {
  std::string out;
  for (const auto& one : annotation.judgements)
    out += (out.empty() ? "" : ", ") + one.subject + " " + one.value;
  return out;
}

}  // namespace cdx::enrich::test
