#include "app/config.h"

#include <gtest/gtest.h>

#include "support/scratch.h"

namespace cdx::app {
namespace {

std::string file_with(const std::string& text) {
  static const test::Scratch folder;  // gone with the program
  return folder.write("config.toml", text).string();
}

TEST(Config, FlagsBeatEnvironmentBeatsFileBeatsDefault) {
  const auto file = file_with("data = \"from-file\"\n[server]\nport = 1\naddress = \"::1\"\n");
  const auto config =
      load_config(file, true, {{"CREATORDEX_SERVER_PORT", "2"}, {"CREATORDEX_DATA", "from-env"}},
                  {{"data", "from-flag"}});
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->text("data"), "from-flag");
  EXPECT_EQ(config->whole("server.port"), 2);
  EXPECT_EQ(config->text("server.address"), "::1");
  EXPECT_EQ(config->text("log.level"), "info");
  EXPECT_EQ(config->settings().at("server.address").origin, "file " + file + ":4");
}

TEST(Config, UnknownKeysAreRefusedWithTheirPlace) {
  const auto file = file_with("\n[server]\nprot = 1\n");
  const auto config = load_config(file, true, {}, {});
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find(":3: unknown key server.prot"), std::string::npos)
      << config.error().message;
  EXPECT_FALSE(load_config("", false, {{"CREATORDEX_NONSENSE", "1"}}, {}));
  EXPECT_TRUE(load_config("", false, {{"CREATORDEX_WHEELS", "folder"}}, {}));  // for a script
}

TEST(Config, BadValuesAreRefusedWithWhatIsAllowed) {
  const auto port = load_config("", false, {}, {{"server.port", "70000"}});
  ASSERT_FALSE(port);
  EXPECT_NE(port.error().message.find("0 to 65535"), std::string::npos);
  EXPECT_FALSE(load_config("", false, {}, {{"log.level", "loud"}}));
  EXPECT_FALSE(load_config("", false, {}, {{"ranking.alpha", "nan"}}));
  EXPECT_FALSE(load_config(file_with("server = [1]\n"), true, {}, {}));
  EXPECT_FALSE(load_config(file_with("= broken"), true, {}, {}));
  EXPECT_FALSE(load_config("no-such-file.toml", true, {}, {}));
}

TEST(Config, EveryDefaultIsValid) { EXPECT_TRUE(load_config("", false, {}, {})); }

}  // namespace
}  // namespace cdx::app
