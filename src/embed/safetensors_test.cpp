#include "embed/safetensors.h"

#include <gtest/gtest.h>

namespace cdx {
namespace {

std::string file_of(const std::string& header, const std::string& data, std::uint64_t claim) {
  std::string out;
  for (int i = 0; i < 8; ++i) out += static_cast<char>((claim >> (8 * i)) & 0xFF);
  return out + header + data;
}
std::string file_of(const std::string& header, const std::string& data) {
  return file_of(header, data, header.size());
}
std::string one_tensor(const std::string& entry, std::size_t data = 8) {
  return file_of("{\"w\":" + entry + "}", std::string(data, 'd'));
}

void expect_corrupt(const std::string& bytes, const std::string& words) {
  const auto out = Safetensors::parse(bytes, "m/model.safetensors");
  ASSERT_FALSE(out) << words;
  EXPECT_EQ(out.error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(out.error().message.starts_with("m/model.safetensors: ")) << out.error().message;
  EXPECT_NE(out.error().message.find(words), std::string::npos) << out.error().message;
}

TEST(Safetensors, GivesTheBytesOfEachTensor) {
  const std::string bytes =
      file_of(R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":)"
              R"([4,12]},"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}})",
              "aaaabbbbbbbb");
  const Safetensors out = Safetensors::parse(bytes, "f").value();
  EXPECT_EQ(out.size(), 2U);
  EXPECT_EQ(out.get("a").value().bytes, "aaaa");
  EXPECT_EQ(out.get("b", {1, 2}).value().bytes, "bbbbbbbb");
  EXPECT_EQ(out.get("b", {2, 1}).error().message, "f: tensor \"b\" has shape [1, 2] instead of [2, 1]");
  EXPECT_EQ(out.get("c").error().message, "f: tensor \"c\" is missing");
}

TEST(Safetensors, ATruncatedFileIsCorruptAtEveryLength) {
  const std::string bytes = one_tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})");
  ASSERT_TRUE(Safetensors::parse(bytes, "f"));
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(Safetensors::parse(std::string_view(bytes).substr(0, length), "f")) << length;
}

TEST(Safetensors, HostileHeadersAreRefused) {
  expect_corrupt("", "too short");
  expect_corrupt(file_of("{}", "", ~std::uint64_t{0}), "header claims 18446744073709551615");
  expect_corrupt(file_of("{}", "", 3), "header claims 3");
  expect_corrupt(file_of(std::string(std::size_t{5} << 20, ' '), ""), "header claims");
  expect_corrupt(file_of("not json", ""), "no JSON object");
  expect_corrupt(file_of("[1]", ""), "no JSON object");
  expect_corrupt(file_of(std::string(1000000, '['), ""), "no JSON object");
  expect_corrupt(file_of(std::string(500000, '[') + std::string(500000, ']'), ""), "no JSON object");
  expect_corrupt(file_of("{}", "left over"), "belong to no tensor");
  expect_corrupt(one_tensor("7"), "lacks dtype");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[2]})"), "lacks dtype");
  expect_corrupt(one_tensor(R"({"dtype":"X1","shape":[2],"data_offsets":[0,8]})"), "unknown dtype");
  expect_corrupt(one_tensor(R"({"dtype":3,"shape":[2],"data_offsets":[0,8]})"), "unknown dtype");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":"2","data_offsets":[0,8]})"), "no list of sizes");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), "no list of sizes");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"), "no list of sizes");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0]})"), "no two positions");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), "bytes 8 to 0");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[4],"data_offsets":[0,16]})"), "bytes 0 to 16 of 8");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]})"),
                 "is the file whole");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), "does not match");
  // 2^62 + 2 floats of four bytes are eight bytes after an overflow.
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]})"),
                 "does not match");
  expect_corrupt(one_tensor(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]})", 0),
                 "does not match");
}

TEST(Safetensors, AnEmptyTensorIsAllowed) {
  EXPECT_TRUE(
      Safetensors::parse(one_tensor(R"({"dtype":"F32","shape":[0,5],"data_offsets":[0,0]})", 0), "f"));
}

}  // namespace
}  // namespace cdx
