#include "serve/picture_body.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "search/schema.h"

namespace cdx::serve {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view form_type = "multipart/form-data; boundary=edge";

struct Parsed {
  PictureBody body;
  Faults faults;
};

Parsed parse(std::string_view text, std::string_view type = json_type) {
  static const Schema schema = creator_schema(1);
  static const RankingWeights weights;
  Parsed out;
  out.body = read_picture_body(type, text, {schema, weights}, out.faults);
  return out;
}

void expect_fault(std::string_view text, std::string_view pointer, std::string_view code,
                  std::string_view type = json_type) {
  const auto parsed = parse(text, type);
  ASSERT_FALSE(parsed.faults.none()) << text.substr(0, 300) << " was taken";
  const auto& fault = parsed.faults.list().front();
  EXPECT_EQ(fault.pointer, pointer) << text.substr(0, 300) << ": " << fault.detail;
  EXPECT_EQ(fault.code, code) << text.substr(0, 300) << ": " << fault.detail;
}

std::string part(std::string_view disposition, std::string_view bytes) {
  std::string out = "--edge\r\nContent-Disposition: form-data; ";
  return out.append(disposition).append("\r\n\r\n").append(bytes).append("\r\n");
}

TEST(PictureBody, ReadsEveryField) {
  const auto parsed = parse(
      R"({"text":"surf","image":"data:image/png;base64,YWJj","minus":{"text":"snow","image":"ZGVm"},)"
      R"("weights":{"text":0.25,"image":0.5,"minus":0.75,"picture":1},"min_similarity":0.2,"q":"dance",)"
      R"("filter":{"field":"platform","in":["tiktok"]},"facets":["niche"],"limit":7,"cursor":"abc",)"
      R"("explain":true,"understand":false})");
  ASSERT_TRUE(parsed.faults.none()) << parsed.faults.list().front().detail;
  const auto& body = parsed.body;
  EXPECT_EQ(body.text, "surf");
  EXPECT_EQ(body.image, "abc");
  EXPECT_EQ(body.minus_text, "snow");
  EXPECT_EQ(body.minus_image, "def");
  EXPECT_EQ(body.text_weight, 0.25);
  EXPECT_EQ(body.image_weight, 0.5);
  EXPECT_EQ(body.minus_weight, 0.75);
  EXPECT_EQ(body.picture_weight, 1);
  EXPECT_EQ(body.min_similarity, 0.2);
  EXPECT_EQ(body.query.text, "dance");
  EXPECT_EQ(body.query.limit, 7U);
  EXPECT_EQ(body.query.cursor, "abc");
  EXPECT_TRUE(body.query.explain);
  EXPECT_FALSE(body.query.understand);
  EXPECT_TRUE(body.mixed());
  EXPECT_FALSE(body.of_words());
}

TEST(PictureBody, TellsQuestionsOfWordsFromOthers) {
  EXPECT_TRUE(parse(R"({"text":"a"})").body.of_words());
  EXPECT_FALSE(parse(R"({"text":"a"})").body.mixed());
  EXPECT_TRUE(parse(R"({"text":"a","minus":{"text":"b"}})").body.mixed());
  EXPECT_TRUE(parse(R"({"text":"a","minus":{"text":"b"}})").body.of_words());
  EXPECT_FALSE(parse(R"({"text":"a","minus":{"image":"YWJj"}})").body.of_words());
  EXPECT_FALSE(parse(R"({"image":"YWJj"})").body.mixed());
}

TEST(PictureBody, RefusesQuestionsThatAskNothingOfPictures) {
  expect_fault("{}", "", "missing");
  expect_fault(R"({"q":"dance"})", "", "missing");
  expect_fault(R"({"minus":{"text":"snow"}})", "", "missing");
  expect_fault(R"({"text":"a","weights":{"text":0}})", "/weights", "out_of_range");
  expect_fault(R"({"text":"a","image":"YWJj","weights":{"text":0,"image":0}})", "/weights", "out_of_range");
  EXPECT_TRUE(parse(R"({"text":"a","image":"YWJj","weights":{"text":0}})").faults.none());
  expect_fault("", "", "malformed_json");
  expect_fault("[]", "", "wrong_type");
}

TEST(PictureBody, RefusesWrongFieldsWithTheirPlace) {
  expect_fault(R"({"text":1})", "/text", "wrong_type");
  expect_fault(R"({"text":")" + std::string(4'001, 'a') + "\"}", "/text", "too_long");
  expect_fault(R"({"text":"a","image":[1]})", "/image", "wrong_type");
  expect_fault(R"({"text":"a","minus":"b"})", "/minus", "wrong_type");
  expect_fault(R"({"text":"a","minus":{"words":"b"}})", "/minus/words", "unknown_field");
  expect_fault(R"({"text":"a","weights":{"text":-0.1}})", "/weights/text", "out_of_range");
  expect_fault(R"({"text":"a","weights":{"picture":1.1}})", "/weights/picture", "out_of_range");
  expect_fault(R"({"text":"a","weights":{"q":1}})", "/weights/q", "unknown_field");
  expect_fault(R"({"text":"a","min_similarity":2})", "/min_similarity", "out_of_range");
  expect_fault(R"({"text":"a","filter":{"field":"colour","in":["x"]}})", "/filter/field", "unknown_field");
  expect_fault(R"({"text":"a","limit":0})", "/limit", "out_of_range");
  expect_fault(R"({"text":"a","pictures":"b"})", "/pictures", "unknown_field");
}

TEST(PictureBody, RefusesPicturesThatAreNotBase64OrTooLarge) {
  for (const auto* wrong :
       {"YWJ", "YW Jj", "data:image/png,abc", "data:text/html;base64,YWJj", "data:;base64,YWJj",
        "data:image/png;base64", "http://example.org/a.png", "YWJj\\n", "YW-_"})
    expect_fault(R"({"image":")" + std::string(wrong) + "\"}", "/image", "not_base64");
  expect_fault(R"({"image":""})", "/image", "missing");
  expect_fault(R"({"image":"data:image/png;base64,"})", "/image", "missing");
  expect_fault(R"({"text":"a","minus":{"image":"#"}})", "/minus/image", "not_base64");
  const std::string large(largest_picture, 'x');
  EXPECT_TRUE(parse(R"({"image":")" + base64(large) + "\"}").faults.none());
  expect_fault(R"({"image":")" + base64(large + 'x') + "\"}", "/image", "too_long");
  expect_fault(R"({"image":")" + base64(large + large) + "\"}", "/image", "too_long");
}

TEST(PictureBody, TakesAKnownPictureByItsDigest) {
  const auto digest = hex(sha256("abc"));
  const auto parsed = parse(R"({"picture":")" + digest + R"(","minus":{"picture":")" + digest + "\"}}");
  ASSERT_TRUE(parsed.faults.none()) << parsed.faults.list().front().detail;
  EXPECT_EQ(parsed.body.picture, sha256("abc"));
  EXPECT_EQ(parsed.body.minus_picture, sha256("abc"));
  EXPECT_TRUE(parsed.body.mixed());
  EXPECT_FALSE(parsed.body.of_words());
  expect_fault(R"({"picture":"abc"})", "/picture", "invalid");
  expect_fault(R"({"picture":")" + digest + R"(0"})", "/picture", "too_long");
  expect_fault(R"({"image":"YWJj","picture":")" + digest + "\"}", "/picture", "ambiguous");
  expect_fault(R"({"text":"a","minus":{"picture":"x"}})", "/minus/picture", "invalid");
  expect_fault(part("name=query", R"({"picture":")" + digest + "\"}") +
                   part("name=image; filename=a", "JPEG") + "--edge--",
               "/image", "ambiguous", form_type);
}

TEST(PictureBody, ReadsAFormWithFiles) {
  const auto query = part("name=query", R"({"text":"surf","limit":3})");
  const auto image = part(R"(name="image"; filename="a.jpg")", "JPEG");
  auto parsed =
      parse(query + image + part("name=minus_image; filename=b.png", "PNG") + "--edge--\r\n", form_type);
  ASSERT_TRUE(parsed.faults.none()) << parsed.faults.list().front().detail;
  EXPECT_EQ(parsed.body.text, "surf");
  EXPECT_EQ(parsed.body.image, "JPEG");
  EXPECT_EQ(parsed.body.minus_image, "PNG");
  EXPECT_EQ(parsed.body.query.limit, 3U);
  EXPECT_TRUE(parse(image + "--edge--", form_type).faults.none()) << "a picture alone is a question";
  EXPECT_TRUE(parse(image + query + "--edge--", form_type).faults.none()) << "in any order";
}

TEST(PictureBody, RefusesFormsThatAreDoubtful) {
  const auto image = part(R"(name="image"; filename="a.jpg")", "JPEG");
  const auto end = std::string("--edge--");
  expect_fault(image, "", "malformed_form", form_type);
  expect_fault(image + image + end, "/image", "ambiguous", form_type);
  expect_fault(part("name=query", R"({"image":"YWJj"})") + image + end, "/image", "ambiguous", form_type);
  expect_fault(part("name=query", "{}") + part("name=query", "{}") + end, "/query", "ambiguous", form_type);
  expect_fault(part("name=image; filename=a", "") + end, "/image", "missing", form_type);
  expect_fault(image + part("name=\"te/xt\"", "a") + end, "/te~1xt", "unknown_field", form_type);
  expect_fault(part("name=query", "{}") + end, "", "missing", form_type);
  expect_fault(part("name=query", "{") + image + end, "", "malformed_json", form_type);
  expect_fault(part("name=image; filename=a", std::string(largest_picture + 1, 'x')) + end, "/image",
               "too_long", form_type);
  expect_fault(image + part("name=a", "") + part("name=b", "") + part("name=c", "") + end, "",
               "malformed_form", form_type);
}

}  // namespace
}  // namespace cdx::serve
