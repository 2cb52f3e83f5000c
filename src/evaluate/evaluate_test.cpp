#include "evaluate/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/scratch.h"

namespace cdx::evaluate {
namespace {

std::string written(const std::string& name, const std::string& text) {
  static const test::Scratch folder;  // gone with the program
  return folder.write(name, text).string();
}

TEST(Measure, AgreesWithAHandMadeExample) {
  const Judgements judgements{{"q1", {{"a", 3}, {"b", 2}, {"c", 0}}}, {"q2", {{"a", 0}}}};
  const auto out = measure({{"q1", "x"}, {"q2", "y"}, {"q3", "unjudged"}}, judgements,
                           {{{"c", 1.0}, {"a", 0.9}, {"b", 0.8}}, {{"a", 1.0}}, {}});
  const double ideal = 3 / std::log2(2) + 2 / std::log2(3);
  const double got = 3 / std::log2(3) + 2 / std::log2(4);
  EXPECT_EQ(out.queries, 1U);
  EXPECT_EQ(out.without_relevant, 1U);
  EXPECT_NEAR(out.ndcg_at_10.value, got / ideal, 1e-12);
  EXPECT_NEAR(out.mrr.value, 0.5, 1e-12);
  EXPECT_NEAR(out.recall_at_100.value, 1.0, 1e-12);
}

TEST(Measure, TheIntervalHoldsTheMean) {
  Judgements judgements;
  std::vector<JudgedQuery> queries;
  std::vector<std::vector<std::pair<std::string, double>>> ranked;
  for (int i = 0; i < 40; ++i) {
    const auto id = std::to_string(i);
    judgements[id] = {{"a", 1}};
    queries.push_back({id, "x"});
    ranked.push_back(i % 2 == 0 ? std::vector<std::pair<std::string, double>>{{"a", 1.0}}
                                : std::vector<std::pair<std::string, double>>{{"b", 1.0}});
  }
  const auto out = measure(queries, judgements, ranked);
  EXPECT_NEAR(out.ndcg_at_10.value, 0.5, 1e-12);
  EXPECT_LT(out.ndcg_at_10.low, 0.5);
  EXPECT_GT(out.ndcg_at_10.high, 0.5);
}

TEST(ReadDocuments, NamesFileAndLineOfWhatIsWrong) {
  const auto path = written("docs.jsonl", "{\"id\":\"1\",\"title\":\"t\"}\n{nonsense\n");
  const auto read = read_documents(path);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("docs.jsonl:2"), std::string::npos);
}

TEST(ReadDocuments, KnowsCranfieldAndCacm) {
  const auto xml = read_documents(
      written("c.xml", "<doc>\n<docno>7</docno>\n<title>wing\nlift</title><text>a &amp; b</text></doc>"));
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->front().id, "7");
  EXPECT_EQ(xml->front().title, "wing lift");
  EXPECT_EQ(xml->front().text, "a & b");
  const auto smart =
      read_documents(written("c.all", ".I 12\n.T\nTitle here\n.W\nText\n.X\n1 5 1\n.I 13\n.T\nOther\n"));
  ASSERT_TRUE(smart);
  ASSERT_EQ(smart->size(), 2U);
  EXPECT_EQ((*smart)[0].text, "Text");
}

TEST(ReadJudgements, KnowsTrecAndCacmForms) {
  const auto trec = read_judgements(written("q.txt", "q01 0 UC1 3\nq01 0 UC2 0\n"));
  ASSERT_TRUE(trec);
  EXPECT_EQ(trec->at("q01").at("UC1"), 3);
  const auto cacm = read_judgements(written("q.text", "01 1410 0 0\n01 1572 0 0\n"));
  ASSERT_TRUE(cacm);
  EXPECT_EQ(cacm->at("1").at("1410"), 1);
  EXPECT_FALSE(read_judgements(written("bad.txt", "q 0 d x\n")));
}

}  // namespace
}  // namespace cdx::evaluate
