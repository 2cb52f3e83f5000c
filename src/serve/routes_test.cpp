#include "serve/routes.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace cdx::serve {
namespace {

using nlohmann::json;

TEST(Routes, MatchByPartsAndDecodeThem) {
  const auto creator = match("GET", "/v1/creators/cr%5F1");
  ASSERT_NE(creator.route, nullptr);
  EXPECT_EQ(creator.route->operation, "getCreator");
  EXPECT_EQ(creator.in_path, std::vector<std::string>{"cr_1"});
  EXPECT_EQ(match("GET", "/v1/creators/a%2Fb").in_path.front(), "a/b") << "an encoded slash does not part";
  EXPECT_EQ(match("GET", "/v1/creators/x/similar").route->operation, "similarCreators");
  EXPECT_EQ(match("GET", "/%76%31/status").route->operation, "getStatus");
}

TEST(Routes, KnowWhichMethodsAPathTakes) {
  EXPECT_EQ(match("HEAD", "/livez").route->operation, "livez");
  const auto wrong = match("DELETE", "/v1/status");
  EXPECT_EQ(wrong.route, nullptr);
  EXPECT_EQ(wrong.allowed, "GET, HEAD");
  EXPECT_EQ(match("PUT", "/search").allowed, "POST");
  EXPECT_EQ(match("get", "/livez").route, nullptr) << "methods are case-sensitive";
}

TEST(Routes, UnknownPathsAllowNothing) {
  for (const auto* path :
       {"/", "*", "", "/v1", "/v1/", "/v1/status/", "/v1//status", "/v1/creators/", "/livez%", "/%2flivez"})
    EXPECT_TRUE(match("GET", path).allowed.empty()) << path;
  // The search path is also a creator path, with "search" for an id.
  EXPECT_EQ(match("GET", "/v1/creators/search").route->operation, "getCreator");
}

TEST(OpenApi, HoldsEveryRouteAndOnlyThose) {
  const auto document = json::parse(openapi_document("1.2.3"));
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_EQ(document["info"]["version"], "1.2.3");
  std::set<std::string> routed, written, operations;
  for (const auto& route : routes()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    EXPECT_TRUE(routed.insert(method + " " + std::string(route.path)).second);
    EXPECT_TRUE(operations.insert(std::string(route.operation)).second);
  }
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items()) written.insert(method + " " + path);
  EXPECT_EQ(routed, written);
}

void collect_references(const json& value, std::set<std::string>& into) {
  if (value.is_object() && value.contains("$ref")) into.insert(value["$ref"].get<std::string>());
  for (const auto& child : value)
    if (child.is_structured()) collect_references(child, into);
}

TEST(OpenApi, RefersOnlyToSchemasThatAreThereAndUsesAllOfThem) {
  const auto document = json::parse(openapi_document("1"));
  std::set<std::string> references, defined;
  collect_references(document, references);
  for (const auto& [name, schema] : document["components"]["schemas"].items())
    defined.insert("#/components/schemas/" + name);
  EXPECT_EQ(references, defined);
}

TEST(OpenApi, DescribesEveryPartOfAPath) {
  for (const auto& route : routes()) {
    std::set<std::string> named, described;
    const std::string path(route.path);
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
      named.insert(path.substr(at + 1, path.find('}', at) - at - 1));
    for (const auto& parameter : route.parameters)
      if (parameter.place == "path") described.insert(std::string(parameter.name));
    EXPECT_EQ(named, described) << path;
  }
}

}  // namespace
}  // namespace cdx::serve
