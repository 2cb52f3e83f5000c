// Lists of influencers of several months on two platforms. They give handle, name and categories, and no
// text.
#include <algorithm>
#include <array>
#include <filesystem>

#include "evaluate/niche_tables.h"
#include "text/text.h"

namespace cdx::evaluate {
namespace {

namespace fs = std::filesystem;

struct List {
  const char* file;
  Platform platform;
  std::size_t handle, name;
};
// The oldest first.
constexpr std::array<List, 9> lists = {{
    {"instagram_global_top_1000.csv", Platform::instagram, 2, 3},
    {"top1000_social_media_2022/social media influencers - youtube.csv", Platform::youtube, 0, 1},
    {"top1000_social_media_2022/social media influencers - instagram.csv", Platform::instagram, 0, 1},
    {"top1000_social_media_2022/social media influencers - Youtube sep-2022.csv", Platform::youtube, 2, 1},
    {"top1000_social_media_2022/social media influencers - instagram sep-2022.csv", Platform::instagram, 1,
     2},
    {"top1000_social_media_2022/social media influencers-youtube - --nov 2022.csv", Platform::youtube, 1, 2},
    {"top1000_social_media_2022/social media influencers-instagram - -nov 2022.csv", Platform::instagram, 1,
     2},
    {"top1000_social_media_2022/social media influencers-YOUTUBE - --DEC 2022.csv", Platform::youtube, 1, 2},
    {"top1000_social_media_2022/social media influencers-INSTAGRAM - -DEC 2022.csv", Platform::instagram, 1,
     2},
}};

struct Seen {
  std::string handle, name;
  std::vector<std::vector<std::string>> categories;  // of each list that has any, the oldest first
};
using Found = std::map<std::string, Seen>;  // by folded handle

std::vector<std::string> categories_of(const Row& row, const std::vector<std::size_t>& columns) {
  std::vector<std::string> out;
  for (const auto column : columns)
    if (column < row.size())
      for (auto& part : split_keys(row[column]))
        if (part.find_first_not_of(" \t\r\n") != std::string::npos) out.push_back(std::move(part));
  return out;
}

Status read_list(const std::string& folder, const List& list, Found& found) {
  CDX_TRY_LET(const auto rows, read_csv(folder + "/creators/" + list.file));
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (columns.empty()) {
      for (std::size_t j = 0; j < rows[i].size(); ++j)
        if (text::fold(rows[i][j]).find("categor") != std::string::npos) columns.push_back(j);
      continue;
    }
    if (rows[i].size() <= std::max(list.handle, list.name) || rows[i][list.handle].empty()) continue;
    auto& seen = found[text::fold(rows[i][list.handle])];
    seen.handle = rows[i][list.handle];
    seen.name = rows[i][list.name];
    if (auto categories = categories_of(rows[i], columns); !categories.empty())
      seen.categories.push_back(std::move(categories));
  }
  return {};
}

std::string plain_category(const std::string& category) {
  std::string out;
  for (const char c : text::fold(category)) {
    if (c == '&')
      out += "and";
    else if (c == '/' || c == ' ')
      out += out.empty() || out.back() == ' ' ? "" : " ";
    else
      out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

const std::map<std::string, std::vector<std::string>>& category_table() {
  static const auto table = [] {
    std::map<std::string, std::vector<std::string>> out;
    for (const auto& row : tsv_rows(embedded::evaluate_category_niches())) out[row[0]] = split_keys(row[1]);
    return out;
  }();
  return table;
}

// Main niches of all categories first, then what else would be right.
std::vector<std::string> right_niches(const std::vector<std::string>& categories) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& key) {
    if (std::find(out.begin(), out.end(), key) == out.end()) out.push_back(key);
  };
  for (const bool others : {false, true})
    for (const auto& category : categories)
      if (const auto it = category_table().find(plain_category(category)); it != category_table().end())
        for (std::size_t i = others ? 1 : 0; i < (others ? it->second.size() : 1); ++i) add(it->second[i]);
  return out;
}

NicheCase case_of(Platform platform, const Seen& seen, std::string source,
                  const std::vector<std::string>& truth) {
  NicheCase out;
  out.profile = profile_of(platform, seen.handle, seen.name, "");
  out.right = right_niches(truth);
  out.source = std::move(source);
  out.held_out = in_held_out_half(text::fold(seen.handle));
  return out;
}

void give_categories(NicheCase& one, const std::vector<std::string>& categories) {
  one.profile.accounts[0].categories = {{categories, 0}};
}

std::vector<std::string> all_of(const Seen& seen) {
  std::vector<std::string> out;
  for (const auto& categories : seen.categories) out.insert(out.end(), categories.begin(), categories.end());
  return out;
}

// Handles shorter than this are often two people's.
constexpr std::size_t shortest_shared_handle = 6;

}  // namespace

Result<std::vector<NicheCase>> list_cases(const std::string& folder) {
  Found youtube, instagram;
  for (const auto& list : lists)
    CDX_TRY(read_list(folder, list, list.platform == Platform::youtube ? youtube : instagram));
  std::vector<NicheCase> out;
  const auto take = [&](NicheCase one) {
    if (!one.right.empty()) out.push_back(std::move(one));
  };
  for (const auto& [found, platform, label] : {std::tuple{&youtube, Platform::youtube, "YouTube"},
                                               std::tuple{&instagram, Platform::instagram, "Instagram"}})
    for (const auto& [key, seen] : *found) {
      if (seen.categories.empty()) continue;
      take(case_of(platform, seen, std::string(label) + " lists, name alone", all_of(seen)));
      if (seen.categories.size() < 2) continue;
      auto one = case_of(platform, seen, std::string(label) + " lists, category of an earlier month",
                         seen.categories.back());
      give_categories(one, seen.categories.front());
      take(std::move(one));
    }
  std::map<std::string, const Seen*> by_plain;
  for (const auto& [key, seen] : instagram)
    if (!seen.categories.empty()) by_plain.emplace(text::squash(key), &seen);
  for (const auto& [key, seen] : youtube) {
    const auto plain = text::squash(key);
    const auto other = by_plain.find(plain);
    if (seen.categories.empty() || other == by_plain.end() || plain.size() < shortest_shared_handle) continue;
    auto one = case_of(Platform::youtube, seen, "YouTube lists, category on Instagram", all_of(seen));
    give_categories(one, other->second->categories.back());
    take(std::move(one));
  }
  return out;
}

Result<std::vector<NicheCase>> real_niche_cases(const std::string& folder) {
  CDX_TRY_LET(auto out, channel_cases(folder));
  CDX_TRY_LET(auto more, list_cases(folder));
  for (auto& one : more) out.push_back(std::move(one));
  return out;
}

}  // namespace cdx::evaluate
