// docs/scoring.md against the code: every definition is written there as it is, every example recomputes.
#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include "figures/figures.h"

namespace cdx::figures {
namespace {

using std::chrono::days;
using Numbers = std::vector<double>;
using Inputs = std::map<std::string, Numbers>;

Time now() { return *parse_time("2026-11-21T00:00:00Z"); }

template <class T>
Field<T> known(T value) {
  return Sourced<T>{std::move(value), 0};
}

std::string document() {
  std::ifstream in(std::string(CDX_SOURCE_DIR) + "/docs/scoring.md");
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

Numbers numbers(const std::string& text) {
  Numbers out;
  std::stringstream in(text);
  for (std::string cell; std::getline(in, cell, ',');) out.push_back(std::stod(cell));
  return out;
}

struct Example {
  Inputs inputs;
  Numbers expected;
};
// "name: key=1,2 key=3 => 4 5"
std::map<std::string, Example> examples() {
  std::map<std::string, Example> out;
  std::stringstream in(document());
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(": "), arrow = line.find(" => ");
    if (arrow == std::string::npos || colon > arrow) continue;
    auto& example = out[line.substr(0, colon)];
    std::stringstream left(line.substr(colon + 2, arrow - colon - 2)), right(line.substr(arrow + 4));
    for (std::string word; left >> word;) {
      const auto equals = word.find('=');
      example.inputs[word.substr(0, equals)] = numbers(word.substr(equals + 1));
    }
    for (double one; right >> one;) example.expected.push_back(one);
  }
  return out;
}

Account account(std::uint64_t id, double followers) {
  Account out;
  out.id = AccountId{id};
  out.platform = Platform::instagram;
  out.followers = known(static_cast<std::int64_t>(followers));
  return out;
}

std::vector<MetricSnapshot> history(const Inputs& in) {
  std::vector<MetricSnapshot> out;
  for (std::size_t i = 0; i < in.at("followers").size(); ++i) {
    MetricSnapshot one;
    one.account = AccountId{1};
    one.at = now() - days(static_cast<int>(in.at("days_ago")[i]));
    one.value = in.at("followers")[i];
    out.push_back(one);
  }
  return out;
}

Creator measured(const Profile& profile, const std::vector<MetricSnapshot>& snapshots = {}) {
  Creator out;
  measure(out, profile, snapshots, now());
  return out;
}

Numbers engagement_example(const Inputs& in) {
  Profile profile;
  for (std::size_t i = 0; i < in.at("followers").size(); ++i) {
    profile.accounts.push_back(account(i + 1, in.at("followers")[i]));
    profile.accounts.back().engagement_rate = known(in.at("rate")[i]);
  }
  return {measured(profile).engagement_rate.value()};
}
Numbers views_example(const Inputs& in) {
  Profile profile;
  profile.accounts.push_back(account(1, in.at("followers")[0]));
  for (const double views : in.at("views")) {
    profile.items.emplace_back();
    profile.items.back().account = AccountId{1};
    profile.items.back().views = static_cast<std::int64_t>(views);
  }
  return {measured(profile).views_per_follower.value()};
}
Numbers posts_example(const Inputs& in) {
  Profile profile;
  for (const double day : in.at("days_ago")) {
    profile.items.emplace_back();
    profile.items.back().published_at = now() - days(static_cast<int>(day));
  }
  return {measured(profile).posts_per_week.value()};
}
Numbers credibility_example(const Inputs& in) {
  auto one = account(1, in.at("followers")[0]);
  one.following = known(static_cast<std::int64_t>(in.at("following")[0]));
  one.engagement_rate = known(in.at("engagement")[0]);
  one.content_count = known(static_cast<std::int64_t>(in.at("posts")[0]));
  one.created_at = known(now() - days(static_cast<int>(in.at("age_days")[0])));
  Profile profile;
  profile.accounts.push_back(one);
  const auto out = measured(profile).credibility.value();
  return {out.value, out.low, out.high};
}
Numbers quality_example(const Inputs& in) {
  Creator creator;
  creator.engagement_rate = in.at("engagement")[0];
  creator.last_post_at = now() - days(static_cast<int>(in.at("days_since_post")[0]));
  creator.total_followers = static_cast<std::int64_t>(in.at("followers")[0]);
  creator.growth_rate_30d = in.at("growth")[0];
  creator.credibility = Credibility{in.at("credibility")[0], 0, 1};
  double sum = 0;
  for (const auto& part : quality_parts(creator, now())) sum += part.value * part.weight;
  return {sum};
}

const std::map<std::string, Numbers (*)(const Inputs&)>& recomputed() {
  static const std::map<std::string, Numbers (*)(const Inputs&)> all{
      {"engagement_rate", engagement_example},
      {"views_per_follower", views_example},
      {"posts_per_week", posts_example},
      {"growth_rate_30d",
       [](const Inputs& in) { return Numbers{measured({}, history(in)).growth_rate_30d.value()}; }},
      {"growth_trend",
       [](const Inputs& in) { return Numbers{measured({}, history(in)).growth_trend.value()}; }},
      {"emerging", [](const Inputs& in) { return Numbers{measured({}, history(in)).emerging.value()}; }},
      {"spikes", [](const Inputs& in) { return Numbers{measured({}, history(in)).spikes.at(0).change}; }},
      {"credibility", credibility_example},
      {"quality", quality_example}};
  return all;
}

TEST(ScoringDocument, WritesEveryDefinitionAsItIs) {
  const auto text = document();
  ASSERT_FALSE(text.empty());
  for (const auto& one : definitions()) {
    const std::string begin = "**`" + std::string(one.name) + "`** (" + std::string(one.unit) +
                              "): " + std::string(one.formula) + ".\n";
    EXPECT_NE(text.find(begin), std::string::npos) << begin;
    const auto at = text.find(begin);
    EXPECT_EQ(text.find("Window: " + std::string(one.window), at), at + begin.size()) << one.name;
    EXPECT_GE(one.version, 1U);
  }
}

TEST(ScoringDocument, ExamplesRecompute) {
  const auto all = examples();
  for (const auto& one : definitions()) {
    const std::string name(one.name);
    ASSERT_TRUE(all.contains(name)) << name << " has no example";
    const auto& example = all.at(name);
    const auto got = recomputed().at(name)(example.inputs);
    ASSERT_EQ(got.size(), example.expected.size()) << name;
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_NEAR(got[i], example.expected[i], 0.0005) << name << ", number " << i;
  }
}

}  // namespace
}  // namespace cdx::figures
