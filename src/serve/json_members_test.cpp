#include "serve/json_members.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <nlohmann/json.hpp>
#include <random>

namespace cdx::serve {
namespace {

std::optional<std::vector<JsonMember>> members(std::string_view text) {
  Faults faults;
  auto out = read_members(text, 8, faults);
  EXPECT_EQ(out.has_value(), faults.none()) << text;
  return out;
}

// Text behind whose last byte no memory can be read.
class AtAnEdge {
 public:
  AtAnEdge()
      : pages_(static_cast<char*>(
            mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    EXPECT_EQ(mprotect(pages_ + page, page, PROT_NONE), 0);
  }
  ~AtAnEdge() { munmap(pages_, 2 * page); }
  AtAnEdge(const AtAnEdge&) = delete;
  AtAnEdge& operator=(const AtAnEdge&) = delete;
  std::string_view put(std::string_view text) {
    std::copy(text.begin(), text.end(), pages_ + page - text.size());
    return {pages_ + page - text.size(), text.size()};
  }

 private:
  static constexpr std::size_t page = 4096;
  char* pages_;
};

TEST(JsonMembers, NeverReadBehindTheEnd) {
  AtAnEdge edge;
  const std::string whole = R"({"a\\b\"": "c\\", "d": ["\"", {"e": "\\"}]})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Faults faults;
    EXPECT_FALSE(read_members(edge.put(std::string_view(whole).substr(0, size)), 10, faults));
    EXPECT_FALSE(faults.none());
  }
}

TEST(JsonMembers, GiveTheTextOfEachValueAsItWasSent) {
  const auto got = members(
      " {\"ids\" : [12345678901234567890, 1e400, {\"a]\":\"}\\\"\"}] "
      ",\n\"a\\u0062\":\"x\\\\\",\"n\":-1.50,\"t\":true,"
      "\"o\":{\"deep\":[[]]}, \"e\":\"\"} ");
  ASSERT_TRUE(got);
  ASSERT_EQ(got->size(), 6U);
  EXPECT_EQ((*got)[0].text, "[12345678901234567890, 1e400, {\"a]\":\"}\\\"\"}]");
  EXPECT_EQ((*got)[1].name, "ab");
  EXPECT_EQ((*got)[1].text, "\"x\\\\\"");
  EXPECT_EQ((*got)[2].text, "-1.50");
  EXPECT_EQ((*got)[3].text, "true");
  EXPECT_EQ((*got)[4].text, "{\"deep\":[[]]}");
  EXPECT_EQ((*got)[5].text, "\"\"");
  EXPECT_TRUE(members("{}")->empty());
}

TEST(JsonMembers, RefuseWhatIsNoObjectOrAmbiguous) {
  for (const auto* wrong : {"",
                            "[]",
                            "1",
                            "{",
                            "{\"a\"",
                            "{\"a\":",
                            "{\"a\":1",
                            "{\"a\":1,",
                            "{\"a\":1,}",
                            "{\"a\":}",
                            "{\"a\" 1}",
                            "{a:1}",
                            "{1:1}",
                            "{\"a\":1}x",
                            "{\"a\":1}{}",
                            "{\"a\":[1}",
                            "{\"a\":\"x}",
                            "{\"a\":\"x\\\"}",
                            "{\"a\":1 2}",
                            "{\"a\":1,\"a\":2}",
                            "{\"a\":1,\"\\u0061\":2}",
                            "{\"\xff\":1}",
                            "{\"a\":1]",
                            "{,}",
                            "{\"a\":,\"b\":1}",
                            "{\"a\"::1}"})
    EXPECT_FALSE(members(wrong)) << wrong;
  std::string many = "{";
  for (int i = 0; i < 9; ++i) many += (i ? "," : "") + ("\"" + std::to_string(i)) + "\":1";
  EXPECT_FALSE(members(many + "}"));
}

TEST(JsonMembers, FindTheSamePartsAsAReaderOfTheWhole) {
  std::mt19937 random(5);
  const std::function<nlohmann::json(int)> made_up = [&](int depth) -> nlohmann::json {
    switch (random() % (depth > 3 ? 4 : 6)) {
      case 0:
        return random();
      case 1:
        return nullptr;
      case 2:
        return std::string("q\"\\]}{[,: ").substr(random() % 9);
      case 3:
        return -0.5;
      case 4: {
        auto list = nlohmann::json::array();
        for (std::size_t i = random() % 4; i > 0; --i) list.push_back(made_up(depth + 1));
        return list;
      }
      default: {
        auto object = nlohmann::json::object();
        for (std::size_t i = random() % 4; i > 0; --i)
          object["k\"]" + std::to_string(i)] = made_up(depth + 1);
        return object;
      }
    }
  };
  for (int round = 0; round < 300; ++round) {
    auto whole = nlohmann::json::object();
    for (std::size_t i = random() % 5; i > 0; --i) whole["m" + std::to_string(i)] = made_up(0);
    const auto text = whole.dump(round % 2 == 0 ? -1 : 2);
    const auto got = members(text);
    ASSERT_TRUE(got) << text;
    ASSERT_EQ(got->size(), whole.size());
    for (const auto& member : *got) EXPECT_EQ(nlohmann::json::parse(member.text), whole[member.name]) << text;
  }
}

}  // namespace
}  // namespace cdx::serve
