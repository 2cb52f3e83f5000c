#include "figures/labelled_accounts.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cdx::figures {
namespace {

constexpr std::string_view instagram =
    "profile pic,nums/length username,description length,private,#posts,#followers,#follows,fake\n"
    "1,0.27,53,0,32,1000,955,0\r\n"
    "0,0.5,0,1,0,3,4000,1\n";

std::string error_of(std::string_view bytes) {
  const auto read = read_labelled_accounts(bytes, "set.csv");
  EXPECT_FALSE(read);
  EXPECT_EQ(read ? ErrorKind::internal : read.error().kind, ErrorKind::invalid);
  return read ? "" : read.error().message;
}

TEST(LabelledAccounts, AreReadFromInstagramTables) {
  const auto read = read_labelled_accounts(instagram, "set.csv");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  const auto& first = (*read)[0];
  EXPECT_FALSE(first.fake);
  EXPECT_EQ(first.features.followers, 1000);
  EXPECT_EQ(first.features.following, 955);
  EXPECT_EQ(first.features.posts, 32);
  EXPECT_EQ(first.features.bio_length, 53);
  EXPECT_EQ(first.features.digit_share, 0.27);
  EXPECT_TRUE((*read)[1].fake);
  EXPECT_EQ((*read)[1].features.has_picture, 0);
}

TEST(LabelledAccounts, AreReadFromJsonAndFromTwitterTablesWithQuotedLines) {
  const auto json = read_labelled_accounts(
      R"([{"userFollowerCount": 25, "userFollowingCount": 1937, "userBiographyLength": 4, "userMediaCount": 2,
          "userHasProfilPic": 1, "userIsPrivate": 0, "usernameDigitCount": 3, "usernameLength": 12, "isFake": 1}])",
      "a.json");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->at(0).features.digit_share, 0.25);
  EXPECT_TRUE(json->at(0).fake);
  const auto twitter = read_labelled_accounts(
      "\"screen_name\",\"statuses_count\",\"followers_count\",\"friends_count\",\"description\",\"dataset\"\n"
      "\"ab12\",\"24\",\"4\",\"588\",\"two\nlines, \"\"said\"\"\",\"INT\"\n"
      "\"real\",\"1\",\"2\",\"3\",\"\",\"E13\"\n",
      "users.csv");
  ASSERT_TRUE(twitter) << twitter.error().message;
  ASSERT_EQ(twitter->size(), 2U);
  EXPECT_EQ(twitter->at(0).features.digit_share, 0.5);
  EXPECT_EQ(twitter->at(0).features.bio_length, 17);
  EXPECT_TRUE(twitter->at(0).fake);
  EXPECT_FALSE(twitter->at(1).fake);
}

TEST(LabelledAccounts, NameFileRowAndReasonOfWhatIsWrong) {
  EXPECT_EQ(error_of(""), "set.csv: empty");
  EXPECT_NE(error_of("a,b\n1,2\n").find("#followers"), std::string::npos);
  const auto with = [](std::string_view row) { return std::string(instagram) + std::string(row); };
  EXPECT_NE(error_of(with("1,0.2,5,0,3,many,9,0\n")).find("set.csv, row 4: \"#followers\""),
            std::string::npos);
  EXPECT_NE(error_of(with("1,0.2,5,0,3,-7,9,0\n")).find("row 4"), std::string::npos);
  EXPECT_NE(error_of(with("1,0.2\n")).find("row 4"), std::string::npos);
  EXPECT_NE(error_of(with("1,0.2,5,0,3,nan,9,0\n")).find("row 4"), std::string::npos);
  EXPECT_NE(error_of("[{\"userFollowerCount\": 25}]").find("set.csv"), std::string::npos);
  EXPECT_NE(error_of("[{").find("set.csv"), std::string::npos);
  EXPECT_NE(error_of("[1, 2]").find("set.csv"), std::string::npos);
}

TEST(FakeFeatures, KnowOnlyWhatTheAccountStates) {
  Account account;
  account.platform = Platform::instagram;
  EXPECT_FALSE(fake_features(account));
  account.followers = Sourced<std::int64_t>{99, 0};
  EXPECT_FALSE(fake_features(account)) << "followers alone say nothing";
  account.following = Sourced<std::int64_t>{9, 0};
  account.handle = Sourced<std::string>{"ana1", 0};
  account.bio = Sourced<std::string>{"\xC3\xA4\xC3\xB6", 0};
  const auto known = fake_features(account);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->digit_share, 0.25);
  EXPECT_EQ(known->bio_length, 2) << "characters, not bytes";
  EXPECT_TRUE(std::isnan(known->has_picture));
  EXPECT_TRUE(std::isnan(known->is_private));
  EXPECT_TRUE(std::isnan(known->posts));
  const auto columns = as_columns(*known);
  EXPECT_FLOAT_EQ(columns[0], std::log(100.0F));
  EXPECT_FLOAT_EQ(columns[3], std::log(10.0F));
  EXPECT_TRUE(std::isnan(columns[4]));
  account.platform = Platform::tiktok;
  EXPECT_FALSE(fake_features(account)) << "the model learnt from Instagram";
}

}  // namespace
}  // namespace cdx::figures
