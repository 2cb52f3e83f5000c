#include "io/http/multipart.h"

#include <gtest/gtest.h>

#include <random>

namespace cdx::http {
namespace {

constexpr std::string_view type = "multipart/form-data; boundary=edge";

std::string part(std::string_view disposition, std::string_view bytes, std::string_view more = {}) {
  std::string out = "--edge\r\nContent-Disposition: ";
  out.append(disposition).append("\r\n").append(more).append("\r\n").append(bytes).append("\r\n");
  return out;
}

std::string refused(std::string_view body, std::string_view content_type = type,
                    MultipartLimits limits = {}) {
  const auto read = read_multipart(content_type, body, limits);
  if (read) return "";
  EXPECT_EQ(read.error().kind, ErrorKind::invalid);
  return read.error().message;
}

TEST(Multipart, GivesFieldsAndFilesAsTheyWereSent) {
  using namespace std::string_literals;
  const auto bytes = "\x89PNG\r\n\x1A\n\0--edg\r\n--edg"s;
  const auto body =
      part(R"(form-data; name="query")", R"({"text":"a"})", "Content-Type: application/json\r\n") +
      part(R"(form-data; name="image"; filename="a b.png")", bytes, "Content-Type: image/png\r\n") +
      part(R"(form-data; name="empty"; filename="")", "") + "--edge--\r\n";
  const auto read = read_multipart(type, body);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 3U);
  const auto& parts = *read;
  EXPECT_EQ(parts[0].name, "query");
  EXPECT_FALSE(parts[0].is_file);
  EXPECT_EQ(parts[0].media_type, "application/json");
  EXPECT_EQ(parts[0].bytes, R"({"text":"a"})");
  EXPECT_EQ(parts[1].file_name, "a b.png");
  EXPECT_EQ(parts[1].bytes, bytes);
  EXPECT_TRUE(parts[2].is_file);
  EXPECT_EQ(parts[2].bytes, "");
}

TEST(Multipart, TakesWhatClientsReallyWrite) {
  // Quoted boundary, other parameters, any case, blanks behind a border, no line end behind the last one.
  const auto body =
      "--a b'()+_,-./:=?\t \r\ncontent-disposition:form-data;name=plain\r\n\r\n1\r\n--a b'()+_,-./:=?--";
  const auto read = read_multipart("Multipart/Form-Data; charset=utf-8; Boundary=\"a b'()+_,-./:=?\"", body);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->front().name, "plain");
  EXPECT_EQ(read->front().bytes, "1");
  // The parts of a form in which browsers and curl differ: quotes in names, paths of old browsers.
  const auto names = part(R"(form-data; name="f"; filename="say %22hi%22.png")", "") +
                     part(R"(form-data; name="f"; filename="say \"hi\".png")", "") +
                     part(R"(form-data; name="f"; filename="C:\pictures\me.png")", "") +
                     part(R"(form-data; name="f"; filename="../../etc/passwd")", "") + "--edge--";
  const auto named = read_multipart(type, names);
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_EQ((*named)[0].file_name, "say \"hi\".png");
  EXPECT_EQ((*named)[1].file_name, "say \"hi\".png");
  EXPECT_EQ((*named)[2].file_name, "me.png");
  EXPECT_EQ((*named)[3].file_name, "passwd");
}

TEST(Multipart, RefusesContentTypesWithoutOneSoundBoundary) {
  const auto body = part(R"(form-data; name="a")", "1") + "--edge--";
  for (const auto* wrong :
       {"", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"edge", "multipart/form-data; boundary=edge; boundary=edge",
        "multipart/form-data; boundary=\"edge \"", "multipart/form-data; boundary=ed<ge",
        "multipart/mixed; boundary=edge", "multipart/form-datax; boundary=edge", "multipart/form-data; =edge",
        "multipart/form-data; boundary=edge;x", "multipart/form-data, boundary=edge",
        "multipart/form-data; boundary=\"ed\\\"ge\""})
    EXPECT_NE(refused(body, wrong), "") << wrong;
  EXPECT_NE(
      refused("--" + std::string(71, 'a') + "--", "multipart/form-data; boundary=" + std::string(71, 'a')),
      "");
}

TEST(Multipart, RefusesBordersThatOthersCouldReadOtherwise) {
  const auto good = part(R"(form-data; name="a")", "1");
  const struct {
    std::string body;
    const char* why;
  } cases[] = {
      {"", "empty"},
      {"--edge--", "no part"},
      {good, "cut before the last border"},
      {good + "--edge", "cut inside of the last border"},
      {good + "--edge-", "half a closing border"},
      {"preamble\r\n" + good + "--edge--", "a preamble"},
      {"\r\n" + good + "--edge--", "an empty preamble"},
      {good + "--edge--\r\nmore", "an epilogue"},
      {good + "--edge--\r\n\r\n", "an empty epilogue"},
      {good + "--edgeX\r\n\r\n\r\n--edge--", "a border that goes on"},
      {good + "--edge\n\r\n--edge--", "a bare line feed behind a border"},
      {"--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\n--edge--", "one before it"},
      {part(R"(form-data; name="a")", "x\r\n--edge y\r\n") + "--edge--", "a border inside of a part"},
      {part(R"(form-data; name="a")", "--edge") + "--edge--", "a border at a part's beginning"}};
  for (const auto& [body, why] : cases) EXPECT_NE(refused(body), "") << why;
  // Every cut of a sound body is refused, except behind the closing border.
  const auto whole =
      good + part(R"(form-data; name="b"; filename="x")", std::string("\r\n--edg", 7)) + "--edge--\r\n";
  ASSERT_EQ(refused(whole), "");
  for (std::size_t size = 0; size < whole.size() - 2; ++size)
    EXPECT_NE(refused(whole.substr(0, size)), "") << size;
}

TEST(Multipart, RefusesPartsThatDoNotSayWhatTheyAre) {
  const auto with = [](std::string_view head) {
    return refused("--edge\r\n" + std::string(head) + "\r\n1\r\n--edge--");
  };
  ASSERT_EQ(with("Content-Disposition: form-data; name=\"a\"\r\n"), "");
  for (const auto* head :
       {"",
        "Content-Type: text/plain\r\n",
        "Content-Disposition: form-data\r\n",
        "Content-Disposition: form-data; name=\"\"\r\n",
        "Content-Disposition: form-data; filename=\"x\"\r\n",
        "Content-Disposition: attachment; name=\"a\"\r\n",
        "Content-Disposition: form-data; name=\"a\r\n",
        "Content-Disposition: form-data; name=\"a\"; name=\"b\"\r\n",
        "Content-Disposition: form-data; name=\"a\"; filename=\"x\"; filename=\"y\"\r\n",
        "Content-Disposition: form-data; name=\"a\"; filename*=utf-8''x\r\n",
        "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n",
        "Content-Disposition: form-data;\r\n name=\"a\"\r\n",
        "Content-Disposition : form-data; name=\"a\"\r\n",
        "Content-Disposition form-data; name=\"a\"\r\n",
        ": form-data; name=\"a\"\r\n",
        "Content-Disposition: form-data; name=\"a\"\r\nContent-Type: multipart/mixed; boundary=inner\r\n",
        "Content-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain\r\nContent-Type: "
        "image/png\r\n",
        "Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n",
        "Content-Disposition: form-data; name=\"a\"\nX: y\r\n",
        "Content-Disposition: form-data; name=\"a\tb\"\r\n",
        "Content-Disposition: form-data; name=\"a%00b\"\r\n",
        "Content-Disposition: form-data; name=\"a\"; filename=\"x%0D%0Ay\"\r\n",
        "Content-Disposition: form-data; name=\"a\"; filename=\"\xFF\xFE\"\r\n",
        "Content-Disposition: form-data; name=\"\xC3\"\r\n"})
    EXPECT_NE(with(head), "") << head;
  EXPECT_NE(with(std::string("Content-Disposition: form-data; name=\"a\0\"\r\n", 43)), "");
  EXPECT_EQ(with("Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: binary\r\n"), "");
  EXPECT_EQ(with("Content-Disposition: form-data; name=\"a\"; filename=\"S\xC3\xA3o.png\"\r\n"), "");
}

TEST(Multipart, KeepsToItsLimitsAndSaysWhere) {
  MultipartLimits few;
  few.parts = 2;
  few.header_bytes = 80;
  few.header_lines = 2;
  few.name_bytes = 3;
  few.file_name_bytes = 5;
  const auto a = part("form-data; name=a", "1");
  EXPECT_EQ(refused(a + a + "--edge--", type, few), "");
  EXPECT_NE(refused(a + a + a + "--edge--", type, few).find("2 parts"), std::string::npos);
  EXPECT_NE(refused(part("form-data; name=abcd", "1") + "--edge--", type, few), "");
  EXPECT_NE(refused(part("form-data; name=a; filename=abcdef", "1") + "--edge--", type, few), "");
  EXPECT_NE(refused(part("form-data; name=a", "1", "A: 1\r\nB: 2\r\n") + "--edge--", type, few), "");
  EXPECT_NE(
      refused(part("form-data; name=a", "1", "A: " + std::string(60, 'x') + "\r\n") + "--edge--", type, few),
      "");
  const auto message = refused(a + part("form-data", "1") + "--edge--");
  EXPECT_NE(message.find("part 2"), std::string::npos) << message;
  EXPECT_NE(message.find("byte " + std::to_string(a.size() + 8)), std::string::npos) << message;
}

// Whatever is written is read back the same; whatever is changed is read or refused, and costs time that
// grows with the size alone.
TEST(Multipart, ReadsBackWhatWasWrittenWhateverItHolds) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> sent;
    std::string body;
    const auto count = 1 + random() % 5;
    for (std::size_t i = 0; i < count; ++i) {
      std::string bytes(random() % 200, ' ');
      for (char& c : bytes) c = "\r\n-edg\0x"[random() % 8];
      while (bytes.find("\r\n--edge") != std::string::npos || bytes.starts_with("--edge")) bytes.pop_back();
      body += part("form-data; name=f" + std::to_string(i), bytes);
      sent.push_back(std::move(bytes));
    }
    body += "--edge--\r\n";
    const auto read = read_multipart(type, body);
    ASSERT_TRUE(read) << round << read.error().message;
    ASSERT_EQ(read->size(), sent.size());
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ((*read)[i].bytes, sent[i]);
    auto broken = body;
    broken[random() % broken.size()] = static_cast<char>(random());
    const auto again = read_multipart(type, broken);
    for (const auto& one : again.value_or(std::vector<Part>{})) EXPECT_FALSE(one.name.empty());
  }
}

}  // namespace
}  // namespace cdx::http
