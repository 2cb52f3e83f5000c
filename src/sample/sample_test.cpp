#include "sample/sample.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/hash.h"
#include "model/ids.h"

namespace cdx {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const Time today = *parse_time("2026-11-21");

// A folder of its own for each test, gone afterwards.
class SampleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* const info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        fs::temp_directory_path() / ("creatordex_sample_" + std::to_string(::getpid()) + "_" + info->name());
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  SampleOptions options(std::uint64_t creators, bool vectors = false) const {
    SampleOptions out;
    out.creators = creators;
    out.seed = 7;
    out.out = folder_ / "set";
    out.today = today;
    out.vectors = vectors;
    return out;
  }
  fs::path set(std::string_view name) const { return folder_ / "set" / name; }

  fs::path folder_;
};

std::string bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream out;
  out << file.rdbuf();
  return out.str();
}

std::vector<Json> json_lines(const fs::path& path) {
  std::vector<Json> out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) out.push_back(Json::parse(line));
  return out;
}

std::vector<std::vector<std::string>> rows(const fs::path& path, char separator = '\t') {
  std::vector<std::vector<std::string>> out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    auto& row = out.emplace_back();
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, separator);) row.push_back(cell);
  }
  return out;
}

std::map<std::string, Digest> digests(const fs::path& folder) {
  std::map<std::string, Digest> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out[entry.path().lexically_relative(folder)] = sha256(bytes(entry.path()));
  return out;
}

TEST_F(SampleTest, GivesEqualBytesForEqualOptionsOnAnyNumberOfThreads) {
  auto one = options(700, true);
  one.threads = 1;
  ASSERT_TRUE(write_sample(one));
  const auto first = digests(folder_ / "set");
  EXPECT_EQ(first.size(), 9U);
  auto five = options(700, true);
  five.threads = 5;
  ASSERT_TRUE(write_sample(five));  // into the same folder: an older set is replaced
  EXPECT_EQ(digests(folder_ / "set"), first);
  five.seed = 8;
  ASSERT_TRUE(write_sample(five));
  EXPECT_NE(digests(folder_ / "set"), first);
}

TEST_F(SampleTest, GivesEqualFiguresOnEveryMachine) {
  ASSERT_TRUE(write_sample(options(50)));
  std::string figures;
  for (const auto& account : json_lines(set("accounts.ndjson")))
    figures += account["followers"].dump() + account["engagement_rate"].dump() +
               account["average_views"].dump() + account["snapshots"].dump();
  // Differs only when data/world.txt or the rules of figures change, never with compiler, library or phrases.
  EXPECT_EQ(hex(sha256(figures)).substr(0, 16), "57024b120eced9b4");
}

TEST_F(SampleTest, WritesAccountsWithThePromisedKeysAndSaneFigures) {
  ASSERT_TRUE(write_sample(options(1000)));
  const std::set<std::string> platforms = {"youtube", "instagram", "tiktok", "x"};
  const std::set<std::string> types = {"video", "short", "post", "story"};
  std::set<std::pair<std::string, std::string>> ids;
  std::map<std::string, std::size_t> present;
  std::size_t count = 0;
  for (const auto& account : json_lines(set("accounts.ndjson"))) {
    ++count;
    for (const auto* key :
         {"platform", "user_id", "handle", "name", "bio", "followers", "following", "content_count",
          "engagement_rate", "average_views", "average_likes", "average_comments", "verified", "created_at",
          "last_post_at", "links", "content", "snapshots"})
      ASSERT_TRUE(account.contains(key)) << key << " in " << account.dump();
    for (const auto& [key, value] : account.items()) ++present[key];
    EXPECT_TRUE(platforms.contains(account["platform"]));
    EXPECT_TRUE(ids.emplace(account["platform"], account["user_id"]).second) << account["user_id"];
    EXPECT_FALSE(account["name"].get<std::string>().empty());
    EXPECT_LE(account["handle"].get<std::string>().size(), account["platform"] == "x" ? 15U : 30U);
    EXPECT_GT(account["engagement_rate"].get<double>(), 0);
    EXPECT_LT(account["engagement_rate"].get<double>(), 0.33);
    ASSERT_GE(account["content"].size(), 6U);
    ASSERT_LE(account["content"].size(), 12U);
    EXPECT_EQ(account["content"][0]["published_at"], account["last_post_at"]);
    for (const auto& item : account["content"]) {
      EXPECT_TRUE(types.contains(item["type"]));
      EXPECT_FALSE(item["title"].get<std::string>().empty());
      EXPECT_EQ(item["title"].get<std::string>().find('{'), std::string::npos) << item["title"];
      const auto at = parse_time(item["published_at"].get<std::string>());
      ASSERT_TRUE(at);
      EXPECT_LT(*at, today);
      EXPECT_GT(*at, *parse_time(account["created_at"].get<std::string>()));
      EXPECT_GE(item["views"].get<std::int64_t>(), item["likes"].get<std::int64_t>());
    }
    ASSERT_EQ(account["snapshots"].size(), 26U);
    EXPECT_EQ(account["snapshots"].back()["value"], account["followers"]);
  }
  EXPECT_GT(count, 1500U);
  EXPECT_LT(count, 2500U);
  const auto share = [&](const char* key) {
    return static_cast<double>(present[key]) / static_cast<double>(count);
  };
  EXPECT_NEAR(share("country"), 0.75, 0.05);
  EXPECT_NEAR(share("language"), 0.65, 0.05);
  EXPECT_NEAR(share("category"), 0.55, 0.1);
  EXPECT_NEAR(share("price_usd"), 0.4, 0.08);
}

TEST_F(SampleTest, SpansSizesNichesCountriesLanguagesAndStyles) {
  ASSERT_TRUE(write_sample(options(3000)));
  std::map<std::string, int> niches, countries, languages, styles;
  std::array<int, 5> bands{};
  const auto creators = rows(set("truth/niche.tsv"));
  for (std::size_t i = 1; i < creators.size(); ++i) {
    const auto& row = creators[i];
    ASSERT_EQ(row.size(), 10U);
    ++niches[row[1].substr(0, row[1].find('/'))];
    ++styles[row[5]];
    ++languages[row[6]];
    ++countries[row[7]];
    const auto followers = std::stod(row[8]);
    ++bands[followers < 1e4 ? 0 : followers < 1e5 ? 1 : followers < 5e5 ? 2 : followers < 1e6 ? 3 : 4];
  }
  EXPECT_EQ(creators.size(), 3001U);
  EXPECT_GE(niches.size(), 24U);
  EXPECT_EQ(countries.size(), 30U);
  EXPECT_EQ(languages.size(), 8U);
  EXPECT_EQ(styles.size(), 6U);
  for (const auto& [niche, count] : niches) EXPECT_GE(count, 20) << niche;
  for (const auto& [country, count] : countries) EXPECT_GE(count, 10) << country;
  EXPECT_GT(bands[0], 600);
  EXPECT_GT(bands[1], 900);
  EXPECT_GT(bands[2], 300);
  EXPECT_GT(bands[3], 40);
  EXPECT_GT(bands[4], 40);
  EXPECT_LT(bands[4], 300);
}

TEST_F(SampleTest, NamesNichesAndStylesAsTheVocabularyDoes) {
  ASSERT_TRUE(write_sample(options(3000)));
  const auto keys = [](std::string_view name) {
    std::set<std::string> out;
    for (const auto& row : rows(fs::path(CDX_SOURCE_DIR) / "src/vocab/data" / name))
      if (!row.empty()) out.insert(row.front());
    return out;
  };
  const auto niches = keys("niches.tsv");
  const auto styles = keys("styles.tsv");
  ASSERT_GT(niches.size(), 24U);
  const auto creators = rows(set("truth/niche.tsv"));
  for (std::size_t i = 1; i < creators.size(); ++i) {
    EXPECT_TRUE(niches.contains(creators[i][1])) << creators[i][1];
    EXPECT_TRUE(creators[i][2].empty() || niches.contains(creators[i][2])) << creators[i][2];
    EXPECT_TRUE(styles.contains(creators[i][5])) << creators[i][5];
  }
}

TEST_F(SampleTest, EngagementFallsWithSize) {
  ASSERT_TRUE(write_sample(options(2000)));
  std::map<bool, std::vector<double>> rates;
  for (const auto& account : json_lines(set("accounts.ndjson"))) {
    const auto followers = account["followers"].get<double>();
    if (followers < 10'000 || followers > 200'000)
      rates[followers > 200'000].push_back(account["engagement_rate"].get<double>());
  }
  const auto median = [](std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
  };
  EXPECT_GT(median(rates[false]), 1.25 * median(rates[true]));
}

TEST_F(SampleTest, RepeatsItselfLittle) {
  ASSERT_TRUE(write_sample(options(1000)));
  std::map<std::string, std::size_t> titles, handles;
  std::set<std::string> trigrams, bios;
  std::size_t posts = 0;
  std::size_t accounts = 0;
  const auto read = [&](const std::string& text) {
    std::stringstream words(text);
    std::string a, b, c;
    while (words >> c) {
      if (!a.empty()) trigrams.insert(a + ' ' + b + ' ' + c);
      a = b;
      b = c;
    }
  };
  for (const auto& account : json_lines(set("accounts.ndjson"))) {
    ++accounts;
    ++handles[account["platform"].get<std::string>() + '/' + account["handle"].get<std::string>()];
    bios.insert(account["bio"].get<std::string>());
    read(account["bio"]);
    for (const auto& item : account["content"]) {
      ++posts;
      ++titles[item["title"].get<std::string>()];
      read(item["title"]);
    }
  }
  for (const auto& [title, count] : titles) EXPECT_LE(count * 200, posts) << title;  // at most 0.5 %
  EXPECT_GT(titles.size() * 100, posts * 90);
  EXPECT_GT(bios.size() * 100, accounts * 85);
  EXPECT_GT(trigrams.size(), 40'000U);
  EXPECT_GE(handles.size() * 1000, accounts * 995);
}

TEST_F(SampleTest, TellsTheTruthAboutEveryAccount) {
  ASSERT_TRUE(write_sample(options(1200)));
  std::set<std::string> accounts, persons;
  std::map<std::string, std::string> name_of;
  for (const auto& account : json_lines(set("accounts.ndjson"))) {
    const auto platform = *parse_platform(account["platform"].get<std::string>());
    const auto id = account_id(platform, account["user_id"].get<std::string>()).text();
    accounts.insert(id);
    name_of[id] = account["name"];
  }
  const auto niche = rows(set("truth/niche.tsv"));
  for (std::size_t i = 1; i < niche.size(); ++i) persons.insert(niche[i][0]);
  EXPECT_EQ(persons.size(), 1200U);

  const auto identity = rows(set("truth/identity.tsv"));
  std::map<std::string, std::vector<std::string>> accounts_of;
  std::map<std::string, int> kinds;
  for (std::size_t i = 1; i < identity.size(); ++i) {
    const auto& row = identity[i];
    ASSERT_EQ(row.size(), 7U);
    EXPECT_TRUE(accounts.contains(row[0])) << row[0];
    EXPECT_TRUE(persons.contains(row[4]) && persons.contains(row[6]));
    EXPECT_EQ(row[4] == row[6], row[5] == "genuine" || row[5] == "brand" || row[5] == "agency") << row[0];
    accounts_of[row[4]].push_back(row[0]);
    ++kinds[row[5]];
  }
  EXPECT_EQ(identity.size() - 1, accounts.size());
  EXPECT_EQ(accounts_of.size(), persons.size());
  for (const auto* kind : {"genuine", "brand", "fan", "impostor", "namesake", "agency"})
    EXPECT_GE(kinds[kind], 10) << kind;

  std::map<std::string, int> spikes;
  const auto spike_rows = rows(set("truth/spikes.tsv"));
  for (std::size_t i = 1; i < spike_rows.size(); ++i) {
    EXPECT_TRUE(accounts.contains(spike_rows[i][0]));
    ++spikes[spike_rows[i][4]];
    if (spike_rows[i][4] == "inorganic") {
      EXPECT_GT(std::stod(spike_rows[i][8]), 1.15 * std::stod(spike_rows[i][7]));
    }
  }
  EXPECT_GE(spikes["inorganic"], 20);
  EXPECT_GE(spikes["viral"], 30);
}

TEST_F(SampleTest, ImpostorsCopyTheNameAndBioOfTheirIdol) {
  ASSERT_TRUE(write_sample(options(1200)));
  std::map<std::pair<std::string, std::string>, Json> account_of;  // person and platform
  const auto identity = rows(set("truth/identity.tsv"));
  const auto accounts = json_lines(set("accounts.ndjson"));
  for (std::size_t i = 0; i < accounts.size(); ++i)
    account_of[{identity[i + 1][4], identity[i + 1][1]}] = accounts[i];
  int seen = 0;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto& row = identity[i + 1];
    if (row[5] != "impostor") continue;
    const auto& idol = account_of[{row[6], row[1]}];
    ASSERT_FALSE(idol.is_null()) << row[0];
    EXPECT_EQ(accounts[i]["bio"], idol["bio"]);
    EXPECT_EQ(accounts[i]["name"], idol["name"]);
    EXPECT_NE(accounts[i]["handle"], idol["handle"]);
    EXPECT_LT(accounts[i]["followers"].get<double>(), idol["followers"].get<double>());
    ++seen;
  }
  EXPECT_GE(seen, 10);
}

TEST_F(SampleTest, TellsWhoIsInASetWithoutWritingIt) {
  ASSERT_TRUE(write_sample(options(300)));
  std::multiset<std::string> written, told;
  double largest = 0;
  for (const auto& account : json_lines(set("accounts.ndjson"))) {
    written.insert(account.at("handle").get<std::string>());
    largest = std::max(largest, account.at("followers").get<double>());
  }
  const auto names = SampleNames::open(300, 7);
  ASSERT_TRUE(names);
  double told_largest = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto one = names->of(i);
    EXPECT_FALSE(one.name.empty());
    EXPECT_FALSE(one.plain_name.empty());
    told.insert(one.handles.begin(), one.handles.end());
    told_largest = std::max(told_largest, one.followers);
  }
  const std::set<std::string> distinct(written.begin(), written.end());
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()), distinct);
  EXPECT_GT(told_largest, largest / 10);
  EXPECT_EQ(SampleNames::open(0, 7).error().kind, ErrorKind::invalid);
  EXPECT_EQ(SampleNames::open(sample_creators_limit + 1, 7).error().kind, ErrorKind::invalid);
}

TEST_F(SampleTest, AsksAboutAHundredAnswerableQuestions) {
  ASSERT_TRUE(write_sample(options(1000)));
  const auto questions = json_lines(set("truth/queries.jsonl"));
  EXPECT_GE(questions.size(), 90U);
  EXPECT_LE(questions.size(), 130U);
  std::map<std::string, int> best;
  std::map<std::string, double> followers;
  const auto niche = rows(set("truth/niche.tsv"));
  for (std::size_t i = 1; i < niche.size(); ++i) followers[niche[i][0]] = std::stod(niche[i][8]);
  std::map<std::string, Json> question_of;
  std::set<std::string> texts;
  for (const auto& question : questions) {
    question_of[question["id"]] = question;
    EXPECT_TRUE(texts.insert(question["text"]).second);
  }
  for (const auto& row : rows(set("truth/qrels.txt"), ' ')) {
    ASSERT_EQ(row.size(), 4U);
    ASSERT_TRUE(question_of.contains(row[0]));
    ASSERT_TRUE(followers.contains(row[2]));
    const auto& question = question_of[row[0]];
    best[row[0]] = std::max(best[row[0]], std::stoi(row[3]));
    EXPECT_GE(followers[row[2]], question.value("followers_min", 0.0));
    EXPECT_LE(followers[row[2]], question.value("followers_max", 1e12));
  }
  for (const auto& question : questions)
    EXPECT_GE(best[question["id"]], question["kind"] == "negation" ? 0 : 3) << question.dump();
}

TEST_F(SampleTest, WritesUnitVectorsThatClusterBySubject) {
  ASSERT_TRUE(write_sample(options(300, true)));
  const auto npy = bytes(set("vectors.npy"));
  ASSERT_EQ(npy.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const auto names = rows(set("vectors.tsv"));
  const auto count = names.size() - 1;
  ASSERT_EQ(npy.size(), 128 + count * 384 * 4);
  EXPECT_NE(npy.find("'shape': (" + std::to_string(count) + ", 384)"), std::string::npos);
  EXPECT_EQ(npy[127], '\n');
  const auto identity = rows(set("truth/identity.tsv"));
  const auto niche = rows(set("truth/niche.tsv"));
  ASSERT_EQ(count, 2 * (identity.size() - 1));
  std::map<std::string, std::string> subject_of;
  for (std::size_t i = 1; i < niche.size(); ++i) subject_of[niche[i][0]] = niche[i][3];
  const auto* const values = reinterpret_cast<const float*>(npy.data() + 128);
  const auto cosine = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t i = 0; i < 384; ++i)
      sum += static_cast<double>(values[a * 384 + i]) * static_cast<double>(values[b * 384 + i]);
    return sum;
  };
  double same = 0, other = 0;
  int same_count = 0, other_count = 0;
  for (std::size_t a = 0; a < count; a += 2) {
    EXPECT_NEAR(cosine(a, a), 1, 1e-5);
    const auto& row = identity[a / 2 + 1];
    EXPECT_EQ(names[a + 1][1], row[2]);
    EXPECT_EQ(names[a + 1][2], row[1] + "_bio");
    EXPECT_EQ(names[a + 2][2], row[1] + "_content");
    for (std::size_t b = a + 2; b < count; b += 2) {
      const bool equal = subject_of[row[4]] == subject_of[identity[b / 2 + 1][4]];
      (equal ? same : other) += cosine(a, b);
      ++(equal ? same_count : other_count);
    }
  }
  EXPECT_GT(same / same_count, 0.4);
  EXPECT_LT(other / other_count, 0.15);
}

TEST_F(SampleTest, MakesEmptyAndTinySets) {
  ASSERT_TRUE(write_sample(options(0, true)));
  EXPECT_EQ(bytes(set("accounts.ndjson")), "");
  EXPECT_EQ(rows(set("truth/identity.tsv")).size(), 1U);
  EXPECT_NE(bytes(set("vectors.npy")).find("(0, 384)"), std::string::npos);
  ASSERT_TRUE(write_sample(options(1)));
  EXPECT_GE(json_lines(set("accounts.ndjson")).size(), 1U);
  EXPECT_FALSE(fs::exists(set("vectors.npy")));  // of the older set, not asked for now
}

TEST_F(SampleTest, ReportsProgressUpToTheEnd) {
  SampleProgress last;
  ASSERT_TRUE(write_sample(options(600), [&](const SampleProgress& progress) {
    EXPECT_GE(progress.creators, last.creators);
    last = progress;
  }));
  EXPECT_EQ(last.creators, 600U);
  EXPECT_EQ(last.total, 600U);
  EXPECT_EQ(last.accounts, json_lines(set("accounts.ndjson")).size());
}

TEST_F(SampleTest, RefusesAFolderThatHoldsSomethingElse) {
  fs::create_directories(folder_ / "set");
  std::ofstream(set("notes.txt")) << "mine";
  const auto status = write_sample(options(10));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::invalid);
  EXPECT_NE(status.error().message.find("notes.txt"), std::string::npos) << status.error().message;
  EXPECT_EQ(bytes(set("notes.txt")), "mine");
  EXPECT_FALSE(fs::exists(set("accounts.ndjson")));
}

TEST_F(SampleTest, RefusesAFolderWhoseReadmeIsNotOurs) {
  fs::create_directories(folder_ / "set");
  std::ofstream(set("README")) << "my project\n";
  EXPECT_FALSE(write_sample(options(10)));
  EXPECT_EQ(bytes(set("README")), "my project\n");
}

TEST_F(SampleTest, RefusesASetToWhichSomebodyAddedAFileAndLinksOutOfIt) {
  ASSERT_TRUE(write_sample(options(5)));
  std::ofstream(set("truth/judged.txt")) << "hours of work";
  EXPECT_FALSE(write_sample(options(5)));
  fs::remove(set("truth/judged.txt"));
  std::ofstream(folder_ / "precious") << "keep";
  fs::remove(set("accounts.ndjson"));
  fs::create_symlink(folder_ / "precious", set("accounts.ndjson"));
  EXPECT_FALSE(write_sample(options(5)));
  EXPECT_EQ(bytes(folder_ / "precious"), "keep");
}

TEST_F(SampleTest, SaysWhyAFolderCannotBeWritten) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "set") << "a file";
  const auto status = write_sample(options(5));
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("is a file"), std::string::npos) << status.error().message;
  auto below = options(5);
  below.out = folder_ / "set" / "below";
  const auto second = write_sample(below);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("set"), std::string::npos) << second.error().message;
  below.out.clear();
  EXPECT_FALSE(write_sample(below));
}

TEST_F(SampleTest, RefusesTooManyCreatorsAndStrangeDays) {
  const auto many = write_sample(options(sample_creators_limit + 1));
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().kind, ErrorKind::invalid);
  EXPECT_NE(many.error().message.find("5000000"), std::string::npos) << many.error().message;
  auto early = options(5);
  early.today = Time{};
  EXPECT_FALSE(write_sample(early));
  EXPECT_FALSE(fs::exists(folder_ / "set"));
}

TEST_F(SampleTest, LeavesNoFinishedSetWhenStopped) {
  std::stop_source stop;
  auto stopped = options(20'000);
  stopped.call.stop = stop.get_token();
  const auto status = write_sample(stopped, [&](const SampleProgress&) { stop.request_stop(); });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::cancelled);
  EXPECT_FALSE(fs::exists(set("accounts.ndjson")));
  ASSERT_TRUE(write_sample(options(5)));  // what is left over does not stand in the way
  EXPECT_FALSE(fs::exists(set("accounts.ndjson.partial")));
}

}  // namespace
}  // namespace cdx
