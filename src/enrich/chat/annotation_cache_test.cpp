#include "enrich/chat/annotation_cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "enrich/chat/annotation_file.h"
#include "enrich/chat/chat_world.h"

namespace cdx::enrich::test {
namespace {

namespace fs = std::filesystem;
using Misdeed = cdx::test::Misdeed;

Annotation sample() {
  return {{{"niche", "fitness", 0.875, {{"bio", "yoga \"flow\""}, {"content", "päivä 🔥"}}},
           {"language", "fi", 0.5, {}}},
          "Twelve words are needed here, but the cache does not look at them."};
}

struct Folder {
  fs::path path = fs::path(testing::TempDir()) / ("cdx-annotations-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file() const { return (path / "annotations.db").string(); }
};

// Every twin of the cache is held to this.
void keeps_the_contract(AnnotationCache& cache) {
  const Call call;
  const CreatorId ana{1}, bob{0xF000'0000'0000'0002};
  const auto early = *parse_time("2026-01-01"), late = *parse_time("2026-02-01");
  const auto known = [&](const std::vector<std::string>& keys) {
    std::string out;
    const auto found = cache.find(call, keys);
    EXPECT_TRUE(found) << found.error().message;
    for (const auto& one : *found) out += one ? 'y' : 'n';
    return out;
  };
  EXPECT_EQ(known({"a", "b"}), "nn");
  ASSERT_TRUE(cache.keep(call, early, std::vector<CachedAnnotation>{{"a", ana, sample()}, {"b", bob, {}}}));
  ASSERT_TRUE(cache.keep(call, late, std::vector<CachedAnnotation>{{"c", ana, {}}, {"d", bob, {}}}));
  ASSERT_TRUE(cache.keep(call, late, {}));
  EXPECT_EQ(known({"d", "x", "a", "a"}), "ynyy");
  const auto kept = *cache.find(call, std::vector<std::string>{"a"});
  EXPECT_EQ(kept[0]->judgements, sample().judgements);
  EXPECT_EQ(kept[0]->summary, sample().summary);
  ASSERT_TRUE(cache.forget(call, std::vector<CreatorId>{ana, CreatorId{77}}));
  EXPECT_EQ(known({"a", "b", "c", "d"}), "nyny");
  ASSERT_TRUE(cache.forget_before(call, late));
  EXPECT_EQ(known({"b", "d"}), "ny");
  std::stop_source stop;
  stop.request_stop();
  const Call stopped{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(cache.find(stopped, {}).error().kind, ErrorKind::cancelled);
}

TEST(AnnotationCache, InMemoryKeepsTheContract) { keeps_the_contract(*make_memory_annotation_cache()); }

TEST(AnnotationFile, KeepsTheContractAndSurvives) {
  const Folder folder;
  {
    const auto file = open_annotation_file(folder.file());
    ASSERT_TRUE(file) << file.error().message;
    keeps_the_contract(**file);
  }
  const auto again = open_annotation_file(folder.file());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE((*(*again)->find({}, std::vector<std::string>{"d"}))[0]);
}

TEST(AnnotationFile, LeavesNothingOfAnErasedCreatorInTheFile) {
  const Folder folder;
  {
    auto file = *open_annotation_file(folder.file());
    Annotation annotation = sample();
    annotation.summary = "unmistakable-summary-text " + std::string(3'000, 'z');
    ASSERT_TRUE(file->keep({}, {}, std::vector<CachedAnnotation>{{"a", CreatorId{1}, annotation}}));
    ASSERT_TRUE(file->forget({}, std::vector<CreatorId>{CreatorId{1}}));
  }
  for (const auto& entry : fs::directory_iterator(folder.path)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    EXPECT_EQ(bytes.find("unmistakable"), std::string::npos) << entry.path();
  }
}

TEST(AnnotationFile, AddsUpTheDaysSpendAcrossProcesses) {
  const Folder folder;
  auto one = *open_annotation_file(folder.file()), two = *open_annotation_file(folder.file());
  const auto day = *parse_time("2026-06-01T23:59:59Z");
  ASSERT_TRUE(one->add({}, day, {1, 1'000, 0.25}));
  ASSERT_TRUE(two->add({}, day, {2, 500, 0.5}));
  EXPECT_EQ(*one->of_day({}, *parse_time("2026-06-01T00:00:00Z")), (Spend{3, 1'500, 0.75}));
  EXPECT_EQ(*two->of_day({}, *parse_time("2026-06-02T00:00:00Z")), Spend{});
}

TEST(AnnotationFile, ReadsOnlyWhatWasWritten) {
  EXPECT_EQ(read_annotation(annotation_json(sample()))->judgements, sample().judgements);
  for (const char* bad :
       {"", "null", "{}", "{\"summary\":1,\"judgements\":[]}", "{\"summary\":\"\",\"judgements\":[{}]}",
        "{\"summary\":\"\",\"judgements\":[{\"subject\":\"niche\",\"value\":\"x\",\"confidence\":\"1\","
        "\"evidence\":[]}]}",
        "{\"summary\":\"\",\"judgements\":[{\"subject\":\"niche\",\"value\":\"x\",\"confidence\":1,"
        "\"evidence\":[[\"bio\"]]}]}"})
    EXPECT_FALSE(read_annotation(bad)) << bad;
  const Folder folder;
  std::ofstream(folder.file()) << "this is no database, but a text that somebody put there by mistake";
  EXPECT_FALSE(open_annotation_file(folder.file()));
}

struct CachedWorld : ChatWorld {
  std::unique_ptr<AnnotationCache> cache = make_memory_annotation_cache();
  std::unique_ptr<Annotator> cached = make_cached_annotator(open(), *cache, clock);
  Result<std::vector<Result<Annotation>>> ask_cached(const std::vector<Profile>& profiles) {
    return cached->annotate({}, inputs(profiles));
  }
};

TEST(CachedAnnotator, PaysForNothingTwice) {
  CachedWorld world;
  const std::vector<Profile> two{creator("yoga", {}, "first"), creator("vegan", {}, "second")};
  const auto first = *world.ask_cached(two);
  const auto again = *world.ask_cached(two);
  EXPECT_EQ(world.asked(), 1U);
  for (std::size_t i = 0; i < two.size(); ++i) EXPECT_EQ(again[i]->judgements, first[i]->judgements);
  // Only the new one is asked for, and answers stay with their creators.
  const auto mixed = *world.ask_cached({creator("travel", {}, "third"), two[1], two[0]});
  EXPECT_EQ(world.asked(), 2U);
  EXPECT_NE(world.model.seen()[0].body.find(R"([\"yoga\"])"), std::string::npos);
  EXPECT_EQ(world.model.seen()[1].body.find(R"([\"yoga\"])"), std::string::npos);
  EXPECT_EQ(said(*mixed[0]), "niche travel, language en");
  EXPECT_EQ(mixed[1]->judgements, first[1]->judgements);
  EXPECT_EQ(mixed[2]->judgements, first[0]->judgements);
}

TEST(CachedAnnotator, AsksAgainWhenTextsOrTheModelChangeAndNotOtherwise) {
  CachedWorld world;
  ASSERT_TRUE(world.ask_cached({creator("yoga")}));
  auto same = creator("yoga");
  same.accounts[0].followers->value += 1'000;  // no text: nothing that the model is told
  same.creator.summary = "another";
  ASSERT_TRUE(world.ask_cached({same}));
  EXPECT_EQ(world.asked(), 1U);
  ASSERT_TRUE(world.ask_cached({creator("yoga and travel")}));
  EXPECT_EQ(world.asked(), 2U);
  world.options.model = "large-model";
  world.cached = make_cached_annotator(world.open(), *world.cache, world.clock);
  ASSERT_TRUE(world.ask_cached({creator("yoga")}));
  EXPECT_EQ(world.asked(), 3U);
}

TEST(CachedAnnotator, KeepsNoErrors) {
  CachedWorld world;
  world.model.always(Misdeed::wrong_enum);
  EXPECT_FALSE((*world.ask_cached({creator("yoga")}))[0]);
  world.model.always(Misdeed::server_error);
  EXPECT_EQ(world.ask_cached({creator("yoga")}).error().kind, ErrorKind::unavailable);
  world.model.always(Misdeed::none);
  EXPECT_TRUE((*world.ask_cached({creator("yoga")}))[0]);
}

class BrokenCache final : public AnnotationCache {
 public:
  Result<std::vector<std::optional<Annotation>>> find(const Call&, std::span<const std::string>) override {
    return fail(ErrorKind::corrupt, "broken");
  }
  Status keep(const Call&, Time, std::span<const CachedAnnotation>) override {
    return fail(ErrorKind::corrupt, "broken");
  }
  Status forget(const Call&, std::span<const CreatorId>) override {
    return fail(ErrorKind::corrupt, "broken");
  }
  Status forget_before(const Call&, Time) override { return fail(ErrorKind::corrupt, "broken"); }
};

TEST(CachedAnnotator, DoesWithoutACacheThatFails) {
  ChatWorld world;
  BrokenCache broken;
  const auto cached = make_cached_annotator(world.open(), broken, world.clock);
  const std::vector<Profile> one{creator("yoga")};
  EXPECT_TRUE((*cached->annotate({}, inputs(one)))[0]);
}

}  // namespace
}  // namespace cdx::enrich::test
