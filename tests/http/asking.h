// Questions to a world's server, and what every answer has to be. For tests.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "http/api_world.h"
#include "http/client.h"
#include "http/schema_check.h"

namespace cdx::test {

inline Reply ask(const ApiWorld& world, std::string_view method, std::string_view target,
                 std::string_view body = {}, std::string_view headers = {}) {
  Client client(world.port());
  auto reply = client.ask(method, target, body, headers);
  EXPECT_TRUE(reply) << target;
  return reply.value_or(Reply{});
}

inline Reply get(const ApiWorld& world, std::string_view target, std::string_view headers = {}) {
  return ask(world, "GET", target, {}, headers);
}

inline Reply post(const ApiWorld& world, std::string_view target, std::string_view body,
                  std::string_view headers = {}) {
  return ask(world, "POST", target, body, headers);
}

inline nlohmann::json document_of(const ApiWorld& world) {
  return nlohmann::json::parse(get(world, "/openapi.json").body);
}

inline void expect_fits(const nlohmann::json& document, const nlohmann::json& schema,
                        const nlohmann::json& value, const std::string& what) {
  for (const auto& error : schema_errors(document, schema, value)) ADD_FAILURE() << what << error;
}

// A problem document of this status, with the pointer of its first error where one is named.
inline void expect_problem(const ApiWorld& world, const Reply& reply, int status,
                           std::string_view pointer = "-") {
  EXPECT_EQ(reply.status, status) << reply.body;
  ASSERT_TRUE(reply.headers.contains("content-type"));
  ASSERT_EQ(reply.headers.at("content-type"), "application/problem+json") << reply.body;
  const auto body = nlohmann::json::parse(reply.body);
  const auto document = document_of(world);
  expect_fits(document, document["components"]["schemas"]["Problem"], body, "problem");
  EXPECT_EQ(body["status"], status);
  EXPECT_EQ(body["request_id"], reply.headers.at("x-request-id"));
  if (pointer != "-") {
    ASSERT_TRUE(body.contains("errors")) << reply.body;
    EXPECT_EQ(body["errors"][0]["pointer"], pointer) << reply.body;
  }
}

}  // namespace cdx::test
