#include "http/schema_check.h"

#include <gtest/gtest.h>

namespace cdx::test {
namespace {

using nlohmann::json;

std::size_t errors(const char* schema, const char* value) {
  const auto rules = json::parse(schema);
  return schema_errors(rules, rules, json::parse(value)).size();
}

TEST(SchemaCheck, FindsWhatBreaksARule) {
  EXPECT_EQ(errors(R"({"type":["integer","null"],"minimum":0})", "3"), 0U);
  EXPECT_EQ(errors(R"({"type":["integer","null"],"minimum":0})", "-1"), 1U);
  EXPECT_EQ(errors(R"({"type":"integer"})", "1.5"), 1U);
  EXPECT_EQ(
      errors(
          R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false})",
          R"({"b":1})"),
      2U);
  EXPECT_EQ(errors(R"({"type":"array","items":{"enum":["x"]},"maxItems":1})", R"(["x","y"])"), 2U);
  EXPECT_EQ(errors(R"({"oneOf":[{"type":"string"},{"maxLength":3}]})", R"("ab")"), 1U);
  EXPECT_EQ(errors(R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "1"), 1U);
  EXPECT_EQ(errors(R"({"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"minItems":2})",
                   R"([1])"),
            2U);
  EXPECT_EQ(errors(R"({"pattern":"^a$"})", R"("b")"), 1U);
  EXPECT_EQ(errors(R"({"uniqueItems":true})", "[1,2,1]"), 1U);
}

TEST(SchemaCheck, ARuleItDoesNotKnowIsAnError) { EXPECT_EQ(errors(R"({"multipleOf":2})", "2"), 1U); }

}  // namespace
}  // namespace cdx::test
