#include <gtest/gtest.h>

#include "model/model.h"

namespace cdx {
namespace {

Provenance at(const char* source, const char* date) {
  Provenance out;
  out.source = source;
  out.fetched_at = *parse_time(date);
  return out;
}

TEST(Ids, TheSameAccountHasTheSameIdAndAnotherPlatformAnother) {
  EXPECT_EQ(account_id(Platform::youtube, "UC1"), account_id(Platform::youtube, "UC1"));
  EXPECT_NE(account_id(Platform::youtube, "UC1"), account_id(Platform::tiktok, "UC1"));
}

TEST(MergeAccount, NewerFieldsWinFieldByField) {
  Account old, fresh;
  old.id = fresh.id = account_id(Platform::x, "1");
  old.followers = {{100, old.origin(at("a", "2026-01-02"))}};
  old.bio = {{"kept", 0}};
  fresh.followers = {{90, fresh.origin(at("b", "2026-01-01"))}};
  fresh.name = {{"added", 0}};
  merge_account(old, fresh);
  EXPECT_EQ(old.followers->value, 100);
  EXPECT_EQ(old.name->value, "added");
  EXPECT_EQ(old.origins[old.name->origin].source, "b");
  EXPECT_EQ(old.bio->value, "kept");
}

TEST(MergeAccount, OriginsDoNotPileUp) {
  Account account;
  account.id = account_id(Platform::x, "1");
  for (int day = 1; day < 28; ++day) {
    Account update;
    update.id = account.id;
    const auto date = "2026-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    update.followers = {{day, update.origin(at("s", date.c_str()))}};
    merge_account(account, update);
  }
  EXPECT_EQ(account.origins.size(), 1U);
  EXPECT_EQ(account.followers->value, 27);
}

TEST(Filter, OrderNestingAndDoubleNegationDoNotMatter) {
  const auto a = Filter::keyword_in("platform", {"x", "tiktok"});
  const auto b = Filter::number_in("followers", 10, {});
  EXPECT_EQ(canonical(Filter::all_of({a, Filter::all_of({b})})),
            canonical(Filter::all_of({b, Filter::none_of(Filter::none_of(a)), a})));
  EXPECT_EQ(canonical(Filter::all_of({})), Filter{});
}

TEST(Filter, TheOrderOfAPhraseIsKept) {
  const auto phrase = Filter::phrase_in("", {"york", "new", "new"});
  EXPECT_EQ(canonical(phrase), phrase);
  EXPECT_NE(canonical(Filter::phrase_in("", {"new", "new", "york"})), canonical(phrase));
  EXPECT_NE(canonical(Filter::phrase_in("bio", {"york", "new", "new"})), canonical(phrase));
  EXPECT_EQ(describe(Filter::none_of(phrase)), "not \"york new new\" in any text");
}

TEST(Filter, APhraseNeedsWordsAndATextField) {
  Schema schema;
  schema.texts = {{"bio"}};
  schema.keywords = {{"niche"}};
  EXPECT_TRUE(validate(Filter::phrase_in("", {"new"}), schema));
  EXPECT_TRUE(validate(Filter::phrase_in("bio", {"new", "york"}), schema));
  EXPECT_FALSE(validate(Filter::phrase_in("niche", {"new"}), schema));
  EXPECT_FALSE(validate(Filter::phrase_in("", {}), schema));
  EXPECT_FALSE(validate(Filter::phrase_in("bio", {"new", ""}), schema));
}

TEST(Filter, UnknownFieldsAreNamed) {
  Schema schema;
  schema.numbers = {{"followers"}};
  EXPECT_TRUE(validate(Filter::number_in("followers", 1, 2), schema));
  const auto refused = validate(Filter::any_of({Filter::keyword_in("colour", {"red"})}), schema);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("colour"), std::string::npos);
}

}  // namespace
}  // namespace cdx
