#include "serve/query_body.h"

#include <gtest/gtest.h>

#include "search/schema.h"

namespace cdx::serve {
namespace {

struct Parsed {
  Query query;
  Faults faults;
};

Parsed parse(std::string_view body) {
  static const Schema schema = creator_schema(1);
  static const auto weights = [] {
    RankingWeights out;
    out.alpha = 0.4;
    out.beta = 0.3;
    out.gamma = 0.2;
    return out;
  }();
  Parsed out;
  out.query = read_search_body(body, {schema, weights}, out.faults);
  return out;
}

void expect_fault(std::string_view body, std::string_view pointer, std::string_view code) {
  const auto parsed = parse(body);
  ASSERT_FALSE(parsed.faults.none()) << body.substr(0, 200) << " was taken";
  const auto& fault = parsed.faults.list().front();
  EXPECT_EQ(fault.pointer, pointer) << body.substr(0, 200) << ": " << fault.detail;
  EXPECT_EQ(fault.code, code) << body.substr(0, 200) << ": " << fault.detail;
  EXPECT_FALSE(fault.detail.empty());
}

TEST(SearchBody, AnEmptyObjectAsksForEverythingByDefault) {
  const auto parsed = parse("{}");
  ASSERT_TRUE(parsed.faults.none());
  EXPECT_EQ(parsed.query.text, "");
  EXPECT_EQ(parsed.query.filter, Filter{});
  EXPECT_EQ(parsed.query.limit, 20U);
  EXPECT_TRUE(parsed.query.understand);
  EXPECT_FALSE(parsed.query.explain);
  EXPECT_FALSE(parsed.query.weights);
  EXPECT_FALSE(parsed.query.min_score);
}

TEST(SearchBody, ReadsEveryField) {
  const auto parsed =
      parse(R"({"q":"dance é","facets":["platform","niche"],"sort":[{"field":"followers","dir":"asc"},)"
            R"({"field":"score"}],"mode":"rrf","fusion":{"alpha":0.5,"min_score":0.25},"limit":7,)"
            R"("cursor":"abc","explain":true,"highlight":false,"understand":false,"ignore":["a=b"]})");
  ASSERT_TRUE(parsed.faults.none()) << parsed.faults.list().front().detail;
  const auto& query = parsed.query;
  EXPECT_EQ(query.text, "dance é");
  EXPECT_EQ(query.facets, (std::vector<std::string>{"platform", "niche"}));
  ASSERT_EQ(query.sort.size(), 2U);
  EXPECT_EQ(query.sort[0].field, "followers");
  EXPECT_FALSE(query.sort[0].descending);
  EXPECT_TRUE(query.sort[1].descending);
  EXPECT_EQ(query.mode, SearchMode::rrf);
  ASSERT_TRUE(query.weights);
  EXPECT_EQ(query.weights->alpha, 0.5);
  EXPECT_EQ(query.weights->beta, 0.3) << "what is left out is the searcher's";
  EXPECT_EQ(query.min_score, 0.25);
  EXPECT_EQ(query.limit, 7U);
  EXPECT_EQ(query.cursor, "abc");
  EXPECT_TRUE(query.explain);
  EXPECT_FALSE(query.highlight);
  EXPECT_FALSE(query.understand);
  EXPECT_EQ(query.ignore, std::vector<std::string>{"a=b"});
}

TEST(SearchBody, NullMeansNotGiven) {
  const auto parsed =
      parse(R"({"q":null,"filter":null,"facets":null,"cursor":null,"limit":null,"fusion":null})");
  EXPECT_TRUE(parsed.faults.none());
  EXPECT_EQ(parsed.query.limit, 20U);
}

TEST(SearchBody, PointsAtWrongFields) {
  expect_fault("[]", "", "wrong_type");
  expect_fault(R"({"query":"x"})", "/query", "unknown_field");
  expect_fault(R"({"a/b~c":1})", "/a~1b~0c", "unknown_field");
  expect_fault(R"({"q":5})", "/q", "wrong_type");
  expect_fault(R"({"q":")" + std::string(4'001, 'x') + R"("})", "/q", "too_long");
  expect_fault(R"({"limit":0})", "/limit", "out_of_range");
  expect_fault(R"({"limit":101})", "/limit", "out_of_range");
  expect_fault(R"({"limit":1.5})", "/limit", "wrong_type");
  expect_fault(R"({"limit":"5"})", "/limit", "wrong_type");
  expect_fault(R"({"limit":123456789012345678901234567890})", "/limit", "out_of_range");
  expect_fault(R"({"mode":"best"})", "/mode", "unknown_value");
  expect_fault(R"({"facets":["followers"]})", "/facets/0", "unknown_field");
  expect_fault(R"({"facets":["niche","niche"]})", "/facets/1", "duplicate");
  expect_fault(R"({"facets":[1]})", "/facets/0", "wrong_type");
  expect_fault(R"({"sort":[{"field":"bio"}]})", "/sort/0/field", "unknown_field");
  expect_fault(R"({"sort":[{"dir":"asc"}]})", "/sort/0/field", "missing");
  expect_fault(R"({"sort":[{"field":"score","dir":"up"}]})", "/sort/0/dir", "unknown_value");
  expect_fault(R"({"sort":[5]})", "/sort/0", "wrong_type");
  expect_fault(R"({"fusion":{"alpha":2}})", "/fusion/alpha", "out_of_range");
  expect_fault(R"({"fusion":{"delta":0.1}})", "/fusion/delta", "unknown_field");
  expect_fault(R"({"fusion":{"alpha":0,"beta":0,"gamma":0}})", "/fusion", "out_of_range");
  expect_fault(R"({"explain":"yes"})", "/explain", "wrong_type");
}

TEST(SearchBody, NamesEveryFaultAtOnce) {
  const auto parsed = parse(R"({"limit":0,"mode":"x","nonsense":1})");
  ASSERT_EQ(parsed.faults.list().size(), 3U);
  EXPECT_EQ(parsed.faults.list()[0].pointer, "/mode");
  EXPECT_EQ(parsed.faults.list()[1].pointer, "/limit");
  EXPECT_EQ(parsed.faults.list()[2].pointer, "/nonsense");
}

TEST(SearchBody, RefusesWhatIsNotStrictJson) {
  expect_fault("", "", "malformed_json");
  expect_fault("{", "", "malformed_json");
  expect_fault("{} {}", "", "malformed_json");
  expect_fault("{'q':1}", "", "malformed_json");
  expect_fault(R"({"q":"a",})", "", "malformed_json");
  expect_fault(R"({"limit":NaN})", "", "malformed_json");
  expect_fault(R"({"limit":1e999})", "", "malformed_json");
  expect_fault("{\"q\":\"\xC3\x28\"}", "", "malformed_json");
  expect_fault("{\"q\":\"a\nb\"}", "", "malformed_json");
  expect_fault(R"({"q":"\ud800"})", "", "malformed_json");
  expect_fault(R"({"q":"a","q":"b"})", "/q", "duplicate");
  expect_fault(R"({"filter":{"all":[{"not":{"field":"niche","field":"x"}}]}})", "/filter/all/0/not/field",
               "duplicate");
}

TEST(SearchBody, DeepAndLargeBodiesAreRefusedCheaply) {
  expect_fault(std::string(10'000, '['), "", "too_deep");
  std::string nested = R"({"filter":)";
  for (int i = 0; i < 10'000; ++i) nested += R"({"not":)";
  expect_fault(nested, "", "too_deep");
  std::string wide = R"({"ignore":[""])";
  for (int i = 0; i < 30'000; ++i) wide += R"(,"k)" + std::to_string(i) + R"(":0)";
  expect_fault(wide + "}", "", "too_many");
  std::string list = R"({"facets":[0)";
  for (int i = 0; i < 30'000; ++i) list += ",0";
  expect_fault(list + "]}", "", "too_many");
}

TEST(FilterBody, BuildsTheTree) {
  const auto parsed =
      parse(R"({"filter":{"all":[{"field":"platform","in":["tiktok","x"]},)"
            R"({"field":"followers","gte":1000,"lt":500000},{"not":{"field":"niche","in":["gaming"]}},)"
            R"({"any":[{"field":"verified","exists":true},{"field":"price_usd","exists":false}]},)"
            R"({"field":"last_post_at","gt":"2026-11-19T10:00:00Z"}]}})");
  ASSERT_TRUE(parsed.faults.none()) << parsed.faults.list().front().pointer
                                    << parsed.faults.list().front().detail;
  EXPECT_EQ(
      parsed.query.filter,
      Filter::all_of({Filter::keyword_in("platform", {"tiktok", "x"}),
                      Filter::number_in("followers", 1000, 500000, false, true),
                      Filter::none_of(Filter::keyword_in("niche", {"gaming"})),
                      Filter::any_of({Filter::has("verified"), Filter::none_of(Filter::has("price_usd"))}),
                      Filter::number_in("last_post_at", 1'795'082'400, std::nullopt, true, false)}));
}

TEST(FilterBody, PointsAtWrongConditions) {
  expect_fault(R"({"filter":[]})", "/filter", "wrong_type");
  expect_fault(R"({"filter":{}})", "/filter", "missing");
  expect_fault(R"({"filter":{"all":[{"field":"followers","gte":1},{"field":"shoe_size","gte":1}]}})",
               "/filter/all/1/field", "unknown_field");
  expect_fault(R"({"filter":{"field":"niche"}})", "/filter", "ambiguous");
  expect_fault(R"({"filter":{"field":"niche","in":["a"],"exists":true}})", "/filter", "ambiguous");
  expect_fault(R"({"filter":{"field":"followers","in":["5"]}})", "/filter/in", "wrong_kind");
  expect_fault(R"({"filter":{"field":"niche","gte":5}})", "/filter", "wrong_kind");
  expect_fault(R"({"filter":{"field":"followers","gte":"5"}})", "/filter/gte", "wrong_type");
  expect_fault(R"({"filter":{"field":"last_post_at","gte":"yesterday"}})", "/filter/gte", "wrong_type");
  expect_fault(R"({"filter":{"field":"followers","gte":5,"gt":5}})", "/filter", "ambiguous");
  expect_fault(R"({"filter":{"field":"followers","eq":5}})", "/filter", "ambiguous");
  expect_fault(R"({"filter":{"all":[],"field":"niche"}})", "/filter/field", "unknown_field");
  expect_fault(R"({"filter":{"not":{"field":"niche","in":[1]}}})", "/filter/not/in/0", "wrong_type");
}

std::string nested_filter(int levels) {
  std::string body = R"({"filter":)", end = "}";
  for (int i = 1; i < levels; ++i) {
    body += R"({"not":)";
    end += "}";
  }
  return body + R"({"field":"niche","exists":true})" + end;
}

std::string wide_filter(int conditions) {
  std::string body = R"({"filter":{"all":[)";
  for (int i = 1; i < conditions; ++i)
    body += std::string(i == 1 ? "" : ",") + R"({"field":"niche","exists":true})";
  return body + "]}}";
}

TEST(FilterBody, DepthAndSizeAreBoundedWhereTheDocsSay) {
  EXPECT_TRUE(parse(nested_filter(16)).faults.none());
  EXPECT_EQ(parse(nested_filter(17)).faults.list().front().code, "too_deep");
  EXPECT_TRUE(parse(wide_filter(200)).faults.none());
  EXPECT_EQ(parse(wide_filter(201)).faults.list().front().code, "too_many");
}

TEST(AliasBody, ReadsQueryAndTopKOnly) {
  Faults faults;
  const auto query = read_alias_body(R"({"query":"dance","top_k":3})", faults);
  EXPECT_TRUE(faults.none());
  EXPECT_EQ(query.text, "dance");
  EXPECT_EQ(query.limit, 3U);
  read_alias_body(R"({"q":"dance"})", faults);
  EXPECT_EQ(faults.list().front().pointer, "/q");
}

TEST(QueryParameters, AreCheckedAsStrictlyAsBodies) {
  const auto fault_of = [](std::string_view text) {
    Faults faults;
    Parameters parameters(text, faults);
    parameters.text("q", 5);
    parameters.whole("limit", 1, 20);
    parameters.flag("explain");
    parameters.refuse_others();
    return faults.none() ? std::string("none")
                         : faults.list().front().pointer + " " + faults.list().front().code;
  };
  EXPECT_EQ(fault_of("q=a%20b&limit=20&explain=true"), "none");
  EXPECT_EQ(fault_of("limit=21"), "?limit out_of_range");
  EXPECT_EQ(fault_of("limit="), "?limit out_of_range");
  EXPECT_EQ(fault_of("limit=-1"), "?limit out_of_range");
  EXPECT_EQ(fault_of("limit=99999999999999999999999"), "?limit out_of_range");
  EXPECT_EQ(fault_of("explain=1"), "?explain unknown_value");
  EXPECT_EQ(fault_of("q=123456"), "?q too_long");
  EXPECT_EQ(fault_of("page=2"), "?page unknown_field");
  EXPECT_EQ(fault_of("q=1&q=2"), "?q duplicate");
  EXPECT_EQ(fault_of("q=%zz"), " malformed_query");
}

}  // namespace
}  // namespace cdx::serve
