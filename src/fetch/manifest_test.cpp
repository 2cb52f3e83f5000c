#include "fetch/manifest.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace cdx::fetch {
namespace {

namespace fs = std::filesystem;

Attempt some_attempt() {
  Attempt out;
  out.url = "https://example.org/\"quoted\".jpg";
  out.final_url = "https://cdn.example.org/1.jpg";
  out.status = "ok";
  out.http_status = 200;
  out.bytes = 12'345;
  out.content_type = "image/jpeg";
  out.sha256 = std::string(64, 'a');
  out.file = "files/aa/x.jpg";
  out.etag = "\"v1\"";
  out.last_modified = "Sat, 21 Nov 2026 00:00:00 GMT";
  out.latency_ms = 51;
  out.attempt = 2;
  out.at = *parse_time("2026-11-21T10:00:00Z");
  return out;
}

class ManifestTest : public testing::Test {
 protected:
  ManifestTest()
      : folder_(fs::temp_directory_path() / ("cdx_manifest_" + std::to_string(::getpid()))),
        path_((folder_ / "manifest.jsonl").string()) {
    fs::create_directories(folder_);
  }
  ~ManifestTest() override { fs::remove_all(folder_); }
  fs::path folder_;
  std::string path_;
};

TEST_F(ManifestTest, ALineGivesBackWhatWasWritten) {
  const auto attempt = some_attempt();
  const auto line = to_line(attempt);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto back = parse_line(std::string_view(line).substr(0, line.size() - 1));
  ASSERT_TRUE(back);
  EXPECT_EQ(to_line(*back), line);
  for (const auto* bad : {"", "[]", "{}", "{\"url\":\"x\"}", "{\"url\":1,\"status\":\"ok\"}", "nonsense"})
    EXPECT_FALSE(parse_line(bad)) << bad;
}

TEST_F(ManifestTest, TheLastLineOfAUrlSaysHowItStands) {
  auto attempt = some_attempt();
  {
    auto manifest = Manifest::open(path_);
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->standing(attempt.url), nullptr);
    attempt.status = "dead";
    ASSERT_TRUE(manifest->append(attempt));
    attempt.status = "ok";
    ASSERT_TRUE(manifest->append(attempt));
    attempt.status = "retry";
    ASSERT_TRUE(manifest->append(attempt));
  }
  const auto manifest = Manifest::open(path_);
  ASSERT_TRUE(manifest);
  const auto* standing = manifest->standing(attempt.url);
  ASSERT_NE(standing, nullptr);
  EXPECT_TRUE(standing->done);
  EXPECT_FALSE(standing->dead);
  EXPECT_EQ(standing->etag, attempt.etag);
}

TEST_F(ManifestTest, ALineCutAtAnyPlaceCostsThatLineAlone) {
  const auto whole = to_line(some_attempt());
  auto second = some_attempt();
  second.url = "https://example.org/2";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << whole << to_line(second).substr(0, cut);
    auto third = some_attempt();
    third.url = "https://example.org/3";
    {
      auto manifest = Manifest::open(path_);
      ASSERT_TRUE(manifest);
      ASSERT_TRUE(manifest->append(third));
    }
    const auto manifest = Manifest::open(path_);
    ASSERT_TRUE(manifest);
    EXPECT_NE(manifest->standing(some_attempt().url), nullptr) << cut;
    EXPECT_NE(manifest->standing(third.url), nullptr) << cut;
  }
}

}  // namespace
}  // namespace cdx::fetch
