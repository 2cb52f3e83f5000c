// Measures niche guesses on real lists whose category is held apart, and prints them. The limits are far
// below what is measured: they notice breakage, they are no goal.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "enrich/enrich.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

namespace fs = std::filesystem;

fs::path shared(const std::string& path) {
  const char* set = std::getenv("CREATORDEX_SHARED");
  return (set != nullptr ? fs::path(set) : fs::path(CDX_SOURCE_DIR).parent_path() / "shared") / "data" / path;
}

std::vector<std::vector<std::string>> read_csv(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  const std::string content = bytes.str();
  std::vector<std::vector<std::string>> out;
  std::string_view rest = content;
  while (!rest.empty()) {
    const auto span = text::find_row(rest, {});
    text::Cells cells;
    text::split_row(rest.substr(0, span.size), {}, cells);
    out.emplace_back(cells.values.begin(), cells.values.end());
    rest.remove_prefix(span.next);
  }
  return out;
}

Profile profile_of(const std::string& name, const std::string& handle, const std::string& bio) {
  Profile profile;
  Account account;
  account.name = Sourced<std::string>{name};
  account.handle = Sourced<std::string>{handle};
  account.bio = Sourced<std::string>{bio};
  account.origin({});
  profile.accounts.push_back(std::move(account));
  return profile;
}

std::string top_of(const std::string& key) { return key.substr(0, key.find('/')); }

struct Count {
  int rows = 0, answered = 0, right = 0;
  std::string shown() const {
    return std::to_string(rows) + " rows, answered " + std::to_string(answered) + ", right " +
           std::to_string(right);
  }
};

void take(Count& count, const Creator& creator, const std::set<std::string>& right) {
  ++count.rows;
  if (creator.primary_niche.empty()) return;
  ++count.answered;
  if (right.contains(creator.primary_niche)) ++count.right;
}

TEST(Measure, NichesFromNamesAloneAgainstTheListsCategories) {
  const auto folder = shared("creators/top1000_social_media_2022");
  if (!fs::exists(folder)) GTEST_SKIP() << "SKIPPED: " << folder << " is missing (set CREATORDEX_SHARED)";
  struct List {
    const char* file;
    std::size_t handle, name, category;
  };
  for (const auto& [file, handle, name, category] :
       {List{"social media influencers - youtube.csv", 0, 1, 2},
        List{"social media influencers - instagram.csv", 0, 1, 2}}) {
    Count count, given;
    for (const auto& row : read_csv(folder / file)) {
      if (row.size() <= category || row[category].empty()) continue;
      const auto* niche = vocab::find_niche(text::fold(row[category]));
      if (!niche) continue;
      auto profile = profile_of(row[name], row[handle], "");
      take(count, derive(profile), {top_of(niche->key)});
      profile.accounts[0].categories = Sourced<std::vector<std::string>>{{row[category]}};
      take(given, derive(profile), {top_of(niche->key)});
    }
    std::cout << file << ": category held apart, name and handle only: " << count.shown() << "\n";
    std::cout << file << ": category given: " << given.shown() << "\n";
    EXPECT_GT(count.rows, 500);
    EXPECT_GE(given.right, given.rows * 8 / 10);
    EXPECT_LE(count.answered, count.rows / 4) << "a name alone seldom tells";
  }
}

TEST(Measure, CategoriesOfTheListsAreKnown) {
  const auto path = shared("creators/instagram_global_top_1000.csv");
  if (!fs::exists(path)) GTEST_SKIP() << "SKIPPED: " << path << " is missing (set CREATORDEX_SHARED)";
  std::map<std::string, int> unknown;
  int known = 0, all = 0;
  for (const auto& row : read_csv(path)) {
    if (row.size() < 6 || row[5].empty() || row[5] == "Category") continue;
    for (std::size_t begin = 0; begin <= row[5].size();) {
      const auto end = std::min(row[5].find('|', begin), row[5].size());
      const auto part = row[5].substr(begin, end - begin);
      ++all;
      if (vocab::find_niche(text::fold(part)))
        ++known;
      else
        ++unknown[part];
      begin = end + 1;
    }
  }
  std::cout << "categories known: " << known << " of " << all << "; not known:";
  for (const auto& [name, count] : unknown) std::cout << " " << name << " (" << count << ")";
  std::cout << "\n";
  EXPECT_GE(known, all * 9 / 10);
}

// Topics of judged queries, and the niches that a channel judged relevant to them may rightly have.
const std::map<std::string, std::set<std::string>>& topics() {
  static const std::map<std::string, std::set<std::string>> table = {
      {"q01", {"ai", "technology", "education"}},
      {"q03", {"technology", "ai", "science"}},
      {"q10", {"photography"}},
      {"q13", {"science"}},
      {"q16", {"technology"}},
      {"q20", {"finance"}},
      {"q21", {"science", "education"}},
      {"q33", {"crypto", "finance"}},
      {"q38", {"marketing", "business"}},
      {"q39", {"technology"}},
      {"q54", {"crypto", "finance"}},
      {"q60", {"finance"}},
  };
  return table;
}

TEST(Measure, NichesFromTitleAndDescriptionAgainstJudgedTopics) {
  const auto qrels = shared("judged/qrels_topic.txt");
  const auto channels = shared("creators/youtube_channels_with_descriptions.csv");
  if (!fs::exists(qrels) || !fs::exists(channels))
    GTEST_SKIP() << "SKIPPED: " << qrels << " is missing (set CREATORDEX_SHARED)";
  std::map<std::string, Creator> derived;
  Count all;
  std::map<std::string, int> languages;
  for (const auto& row : read_csv(channels)) {
    if (row.size() < 3 || row[0] == "channel_id") continue;
    auto creator = derive(profile_of(row[1], "", row[2]));
    take(all, creator, {});
    ++languages[creator.language];
    derived.emplace(row[0], std::move(creator));
  }
  std::ifstream in(qrels);
  std::string query, zero, channel;
  int grade = 0;
  Count count;
  while (in >> query >> zero >> channel >> grade) {
    const auto topic = topics().find(query);
    const auto it = derived.find(channel);
    if (grade < 2 || topic == topics().end() || it == derived.end()) continue;
    take(count, it->second, topic->second);
  }
  std::cout << "title and description against judged topics (grade 2 and 3): " << count.shown() << "\n";
  std::cout << "all channels: " << all.rows << ", with a niche " << all.answered << "; languages:";
  for (const auto& [code, n] : languages)
    if (n >= 10) std::cout << " " << (code.empty() ? "unknown" : code) << " " << n;
  std::cout << "\n";
  EXPECT_GT(count.rows, 30);
  EXPECT_GE(2 * count.answered, count.rows);
  EXPECT_GE(4 * count.right, 3 * count.answered);
}

}  // namespace
}  // namespace cdx::enrich
