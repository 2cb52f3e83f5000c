#include "store/sqlite/body.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>

#include "store/account_fields.h"
#include "store/sqlite/bytes.h"

namespace cdx {
namespace {

#if defined(__GLIBCXX__) && defined(__x86_64__)
// When one of these fails, the noun has a new field: give it a place in body.cpp (and account_fields.h), a
// new body version, and then the new size here.
static_assert(sizeof(Account) == 832);
static_assert(sizeof(Creator) == 688);
static_assert(sizeof(ContentItem) == 344);
static_assert(sizeof(KnownPicture) == 328);
static_assert(sizeof(Provenance) == 128);
static_assert(sizeof(Brief) == 392);
static_assert(sizeof(LoggedQuestion) == 144);
static_assert(sizeof(ShownCreator) == 40);
static_assert(sizeof(MatchScore) == 136);  // has columns of its own, and same_but_for_time()
#endif

Account full_account() {
  Account account;
  account.user_id = "u";
  account.origins.resize(3);
  account.origins[1].expires_at = Time(std::chrono::milliseconds(-5));
  account.origins[2].fetched_at = Time::max();
  std::uint16_t origin = 0;
  for_account_fields(account,
                     [&](auto& field) { field.emplace().origin = static_cast<std::uint16_t>(origin++ % 3); });
  account.name->value = std::string("a\0ü", 4);
  account.categories->value = {"", "one", std::string(300, 'x')};
  account.followers->value = std::numeric_limits<std::int64_t>::min();
  account.total_views->value = std::numeric_limits<std::int64_t>::max();
  account.engagement_rate->value = -0.0;
  account.price_usd->value = std::numeric_limits<double>::infinity();
  account.verified->value = true;
  account.created_at->value = Time::min();
  return account;
}

Creator full_creator() {
  Creator creator;
  creator.links = {{{~std::uint64_t{0}}, "rule", "evidence", 0.25}, {{1}, "", "", 1}};
  creator.name = "n";
  creator.handle = "h";
  creator.image_url = "i";
  creator.primary_niche = "p";
  creator.secondary_niches = {"a", "b"};
  creator.judgements = {{"niche", "p", 0.5, {{"bio", "x"}}}, {"risk", "alcohol", 0.25, {}}};
  creator.judged = {"words 3", Time(std::chrono::milliseconds(-3)), ~std::uint64_t{0}};
  creator.risks = {"alcohol", ""};
  creator.growth_trend = -0.5;
  creator.emerging = 1;
  creator.views_per_follower = 0;
  creator.posts_per_week = 7;
  creator.credibility = Credibility{0.5, 0.25, 0.75};
  creator.spikes = {{{7}, Metric::total_views, Time(std::chrono::milliseconds(9)), -0.5, 12}};
  Collaboration work{"nike", "Nike", CollaborationKind::affiliate, 4'294'967'295U, {}, {}, 0.5, {}, {}};
  work.first = Time(std::chrono::milliseconds(-3));
  work.evidence = {{"title", "#ad"}};
  work.post = {9};
  creator.collaborations = {work, {}};
  creator.sponsored_share = 0.25;
  creator.style = "s";
  creator.language = "de";
  creator.country = "AT";
  creator.summary = "ß";
  creator.total_followers = 5;
  creator.engagement_rate = 0.1;
  creator.growth_rate_30d = -1;
  creator.price_usd = 10;
  creator.last_post_at = Time(std::chrono::milliseconds(1));
  creator.verified = true;
  creator.quality = 0.9;
  creator.expires_at = Time(std::chrono::milliseconds(2));
  creator.rules_version = 4'294'967'295U;
  return creator;
}

ContentItem full_item() {
  ContentItem item;
  item.type = ContentType::other;
  item.title = "t";
  item.description = "d";
  item.url = "u";
  item.published_at = Time(std::chrono::milliseconds(3));
  item.views = 1;
  item.likes = -1;
  item.comments = 0;
  item.origin.fetched_at = Time(std::chrono::milliseconds(4));
  item.image_url = "p";
  return item;
}

KnownPicture full_picture() {
  KnownPicture picture;
  picture.role = PictureRole::content;
  picture.url = "https://a.example/ü";
  picture.caption = std::string("c\0", 2);
  picture.format = "jpeg";
  picture.width = 4'294'967'295U;
  picture.height = 1;
  picture.bytes = ~std::uint64_t{0};
  picture.fingerprint_version = 3;
  picture.origin.fetched_at = Time(std::chrono::milliseconds(-4));
  picture.origin.expires_at = Time(std::chrono::milliseconds(5));
  return picture;
}

Brief full_brief() {
  Brief brief;
  brief.product_name = "n";
  brief.brand_name = "b";
  brief.product_description = std::string("d\0é", 4);
  brief.target_audience = "a";
  brief.key_use_cases = {"", "u"};
  brief.campaign_goal = "g";
  brief.product_niche = "f";
  brief.total_budget_usd = 1e300;
  brief.min_followers = std::numeric_limits<std::int64_t>::min();
  brief.max_followers = std::numeric_limits<std::int64_t>::max();
  brief.min_engagement = -0.0;
  brief.max_engagement = 1;
  brief.platforms = {"x"};
  brief.competitors = {"c", ""};
  brief.countries = {"AT", "DE"};
  brief.languages = {"de"};
  return brief;
}

LoggedQuestion full_question() {
  LoggedQuestion question;
  question.kind = "match";
  question.words = ~std::uint64_t{0};
  question.profile = "p";
  question.feature_names = {"a", ""};
  question.shown = {{{~std::uint64_t{0}}, -1e300, {1.5F, -0.0F}}, {{1}, 0, {}}};
  question.first_seen = 1;
  question.count_seen = 1;
  return question;
}

std::string account_bytes() {
  std::string out;
  encode_account(out, full_account(), std::vector<TermsNumber>{7, -1, 1'000'000});
  return out;
}
std::string creator_bytes() {
  std::string out;
  encode_creator(out, full_creator());
  return out;
}
std::string item_bytes() {
  std::string out;
  encode_item(out, full_item(), 12);
  return out;
}
std::string picture_bytes() {
  std::string out;
  encode_picture(out, full_picture(), 13);
  return out;
}
std::string brief_bytes() {
  std::string out;
  encode_brief(out, full_brief());
  return out;
}
std::string question_bytes() {
  std::string out;
  encode_question(out, full_question());
  return out;
}
std::string keys_bytes() {
  std::string out;
  encode_keys(out, std::vector<BlockKey>{{"handle", "x"}, {"", ""}});
  return out;
}

TEST(StoreBody, GivesBackEveryFieldOfAnAccount) {
  const auto body = decode_account(account_bytes());
  ASSERT_TRUE(body);
  EXPECT_EQ(body->account, full_account());
  EXPECT_EQ(body->terms, (std::vector<TermsNumber>{7, -1, 1'000'000}));
}

TEST(StoreBody, GivesBackAnAccountWithOneOriginOrNone) {
  std::string out;
  Account account;
  encode_account(out, account, {});
  EXPECT_EQ(decode_account(out)->account, account);
  account.origins.resize(1);
  account.handle = Sourced<std::string>{"h", 0};
  encode_account(out, account, std::vector<TermsNumber>{3});
  EXPECT_EQ(decode_account(out)->account, account);
}

TEST(StoreBody, GivesBackCreatorsItemsAndKeys) {
  EXPECT_EQ(*decode_creator(creator_bytes()), full_creator());
  EXPECT_EQ(decode_item(item_bytes())->item, full_item());
  EXPECT_EQ(decode_item(item_bytes())->terms, 12);
  EXPECT_EQ(decode_picture(picture_bytes())->picture, full_picture());
  EXPECT_EQ(decode_picture(picture_bytes())->terms, 13);
  EXPECT_EQ(*decode_keys(keys_bytes()), (std::vector<BlockKey>{{"handle", "x"}, {"", ""}}));
}

TEST(StoreBody, GivesBackBriefsAndQuestions) {
  EXPECT_EQ(*decode_brief(brief_bytes()), full_brief());
  EXPECT_EQ(*decode_question(question_bytes()), full_question());
  std::string out;
  encode_brief(out, {});
  EXPECT_EQ(*decode_brief(out), Brief());
  encode_question(out, {});
  EXPECT_EQ(*decode_question(out), LoggedQuestion());
}

TEST(StoreBody, LiesAsTheFormatSays) {
  Brief brief;
  brief.product_name = "tea";
  brief.key_use_cases = {"u"};
  brief.total_budget_usd = 1;
  brief.min_followers = -1;
  std::string out;
  encode_brief(out, brief);
  EXPECT_EQ(out, std::string("\x02\x03tea\x00\x00\x00\x01\x01u\x00\x00", 13) +
                     std::string("\x01\x00\x00\x00\x00\x00\x00\xf0\x3f", 9) +
                     std::string("\x01\x01\x00\x00\x00\x00\x00\x00\x00", 9));
  std::string first = out.substr(0, out.size() - 1);  // the first version knew no competitors
  first[0] = 1;
  EXPECT_EQ(*decode_brief(first), brief);
  EXPECT_FALSE(decode_brief(first + '\0'));
  LoggedQuestion question;
  question.kind = "s";
  question.words = 2;
  question.feature_names = {"f"};
  question.shown = {{{3}, 1, {1.0F}}};
  encode_question(out, question);
  EXPECT_EQ(out, std::string("\x02\x01s\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01"
                             "f\x01",
                             16) +
                     std::string("\x03\x00\x00\x00\x00\x00\x00\x00", 8) +
                     std::string("\x00\x00\x00\x00\x00\x00\xf0\x3f\x01\x00\x00\x80\x3f\x00\x00", 15));
  first = out.substr(0, out.size() - 2);  // the first version knew not who was seen
  first[0] = 1;
  EXPECT_EQ(*decode_question(first), question);
}

// A body with its own decoder; the decoder's only error must be `corrupt`.
struct Sample {
  std::string bytes;
  std::function<bool(std::string_view)> accepts;
};
template <class Decode>
Sample sample(std::string bytes, Decode decode) {
  return {std::move(bytes), [decode](std::string_view given) {
            const auto result = decode(given);
            EXPECT_TRUE(result || result.error().kind == ErrorKind::corrupt);
            return result.has_value();
          }};
}
std::vector<Sample> samples() {
  return {sample(account_bytes(), decode_account), sample(creator_bytes(), decode_creator),
          sample(item_bytes(), decode_item),       sample(keys_bytes(), decode_keys),
          sample(brief_bytes(), decode_brief),     sample(question_bytes(), decode_question),
          sample(picture_bytes(), decode_picture)};
}

TEST(StoreBody, EveryShortenedOrLengthenedBodyIsCorrupt) {
  for (const auto& [bytes, accepts] : samples()) {
    EXPECT_TRUE(accepts(bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(accepts(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(accepts(bytes + '\0'));
  }
}

TEST(StoreBody, ReadsCreatorsAsTheFirstVersionWroteThem) {
  std::string old(
      "\x01\x00\x01n\x01h\x00\x05"
      "dance\x00\x00\x00\x00",
      17);                                                    // no links; name, handle, niche
  old += std::string("\x00", 1);                              // no secondary niches
  old += std::string("\x00\x00\x00\x00\x00\x00\xe0\x3f", 8);  // 0.5 sure
  old += std::string(
      "\x01\x03"
      "bio\x05samba",
      11);                                                   // because of "samba" in the bio
  old += std::string("\x0a\x00\x00\x00\x00\x00", 6);         // 5 followers, nothing optional, not verified
  old += std::string(8, '\0') + std::string("\x00\x03", 2);  // quality 0, no expiry, rules 3
  const auto creator = decode_creator(old);
  ASSERT_TRUE(creator);
  EXPECT_EQ(creator->primary_niche, "dance");
  EXPECT_EQ(creator->total_followers, 5);
  EXPECT_EQ(creator->rules_version, 3);
  const auto* niche = judgement(*creator, "niche");
  ASSERT_TRUE(niche);
  EXPECT_EQ(*niche, (Judgement{"niche", "dance", 0.5, {{"bio", "samba"}}}));
  EXPECT_FALSE(decode_creator(std::string_view(old).substr(0, old.size() - 1)));
}

TEST(StoreBody, ReadsCreatorsAsTheSecondVersionWroteThem) {
  auto creator = full_creator();
  creator.collaborations.clear();
  creator.sponsored_share.reset();
  std::string bytes;
  encode_creator(bytes, creator);
  bytes.resize(bytes.size() - 2);  // no share, no collaborations: what the third version added
  bytes[0] = 2;
  const auto read = decode_creator(bytes);
  ASSERT_TRUE(read);
  creator.id = read->id;
  creator.revision = read->revision;
  EXPECT_EQ(*read, creator);
}

TEST(StoreBody, ReadsItemsAsTheFirstVersionWroteThem) {
  const std::string old(
      "\x01\x05\x01t\x01"
      "d\x00\x00\x01\x02\x00\x00\x04\x00\x00",
      15);  // title, description; no address, no time; a view; no terms, no times
  const auto body = decode_item(old);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->item.title, "t");
  EXPECT_EQ(body->item.image_url, "");
}

TEST(StoreBody, AnotherVersionIsCorrupt) {
  for (auto& [bytes, accepts] : samples()) {
    auto newer = bytes;
    newer[0] = 9;
    EXPECT_FALSE(accepts(newer));
  }
}

TEST(StoreBody, SurvivesDamagedBytes) {
  std::mt19937 random(1);  // NOLINT: the same damage in every run
  const auto all = samples();
  std::size_t refused = 0;
  for (const auto& [whole, ignored] : all) {
    for (int turn = 0; turn < 10'000; ++turn) {
      auto bytes = whole;
      for (auto hits = 1 + random() % 4; hits > 0; --hits) {
        bytes[1 + random() % (bytes.size() - 1)] = static_cast<char>(random());
      }
      for (const auto& one : all) refused += one.accepts(bytes) ? 0U : 1U;
    }
  }
  EXPECT_GT(refused, 1000U);
}

TEST(StoreBytes, RefuseNumbersThatAreTooLong) {
  ByteReader long_count(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10));
  EXPECT_EQ(long_count.count(), 0U);
  EXPECT_FALSE(long_count.ok());
  ByteReader largest(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10));
  EXPECT_EQ(largest.count(), ~std::uint64_t{0});
  EXPECT_TRUE(largest.at_end());
  ByteReader claims(
      "\x7f"
      "abc");
  EXPECT_EQ(claims.elements(), 0U) << "no more elements than bytes";
  EXPECT_FALSE(claims.ok());
}

}  // namespace
}  // namespace cdx
