#include "app/embedding_manifest.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/scratch.h"

namespace cdx::app {
namespace {

EmbeddingEvent event(const std::string& kind, const std::string& space) {
  EmbeddingEvent out;
  out.event = kind;
  out.model = "clip:/models/a \"quoted\" folder";
  out.name = "clip-vit-base-patch32";
  out.weights_sha256 = std::string(64, 'a');
  out.preprocessing = 1;
  out.dimension = 512;
  out.reads_words = true;
  out.space = space;
  out.count = 7;
  out.checksum = std::string(64, 'b');
  out.at = *parse_time("2026-11-21T10:00:00Z");
  return out;
}

std::string path_in(const test::Scratch& scratch) { return (scratch.path() / "m.jsonl").string(); }

TEST(EmbeddingManifest, GivesBackWhatWasAppended) {
  const test::Scratch scratch;
  const auto path = path_in(scratch);
  EXPECT_TRUE(read_embedding_history(path).value().events.empty());
  const std::vector<EmbeddingEvent> wanted{event("use", "a-1"), event("embed", "b-1"),
                                           event("switch", "b-1")};
  for (const auto& one : wanted) ASSERT_TRUE(append_embedding_event(path, one));
  const auto history = read_embedding_history(path).value();
  EXPECT_EQ(history.events, wanted);
  EXPECT_EQ(history.unreadable, 0U);
}

TEST(EmbeddingManifest, ALineThatWasCutShortCostsThatLineAlone) {
  const test::Scratch scratch;
  const auto path = path_in(scratch);
  ASSERT_TRUE(append_embedding_event(path, event("use", "a-1")));
  const auto torn = to_line(event("switch", "b-1"));
  std::ofstream(path, std::ios::app) << torn.substr(0, torn.size() / 2);
  ASSERT_TRUE(append_embedding_event(path, event("switch", "c-1")));
  const auto history = read_embedding_history(path).value();
  ASSERT_EQ(history.events.size(), 2U);
  EXPECT_EQ(history.events.back().space, "c-1");
  EXPECT_EQ(history.unreadable, 1U);
}

TEST(EmbeddingManifest, KnowsWhatIsInUseAndWhereARollbackGoes) {
  EmbeddingHistory history;
  EXPECT_EQ(history.in_use(), nullptr);
  EXPECT_EQ(history.before(), nullptr);
  history.events = {event("use", "a-1"), event("compare", "z-1"), event("embed", "b-1")};
  EXPECT_EQ(history.in_use()->space, "a-1");
  EXPECT_EQ(history.before(), nullptr);  // there was no other
  history.events.push_back(event("switch", "b-1"));
  EXPECT_EQ(history.in_use()->space, "b-1");
  EXPECT_EQ(history.before()->space, "a-1");
  history.events.push_back(event("rollback", "a-1"));
  EXPECT_EQ(history.in_use()->space, "a-1");
  EXPECT_EQ(history.before()->space, "b-1");
}

TEST(EmbeddingManifest, RefusesLinesThatAreNoEvents) {
  for (const std::string line :
       {"", "[]", "{", "{}", "null", R"({"event":"use"})", R"({"event":1,"model":"x"})", "\xff\xfe"})
    EXPECT_FALSE(parse_event(line)) << line;
  auto text = to_line(event("use", "a-1"));
  ASSERT_TRUE(parse_event(text));
  const auto at = text.find("512");
  EXPECT_FALSE(parse_event(text.replace(at, 3, "-51")));
}

}  // namespace
}  // namespace cdx::app
