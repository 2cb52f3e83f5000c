#include "serve/picture_question.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cdx::serve {
namespace {

using Vector = std::vector<float>;

double length(const Vector& vector) {
  double square = 0;
  for (const float value : vector) square += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(square);
}

TEST(Mix, IsTheDirectionOfTheWeightedSum) {
  const Vector x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  const Ingredient same[] = {{x, 0.25}};
  EXPECT_EQ(mix(same), x) << "a weight alone changes nothing";
  const Ingredient two[] = {{x, 1}, {y, 1}};
  const auto half = mix(two).value();
  EXPECT_NEAR(half[0], std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(half[1], std::sqrt(0.5), 1e-6);
  const Ingredient less[] = {{x, 1}, {y, 0.5}, {z, -0.5}};
  const auto mixed = mix(less).value();
  EXPECT_NEAR(length(mixed), 1, 1e-6);
  EXPECT_NEAR(mixed[1] / mixed[0], 0.5, 1e-6);
  EXPECT_NEAR(mixed[2] / mixed[0], -0.5, 1e-6);
}

TEST(Mix, LeavesOutWhatIsNotThere) {
  const Vector x{1, 0};
  const Ingredient some[] = {{{}, 1}, {x, 0.001}, {{}, -1}};
  EXPECT_EQ(mix(some), x);
}

TEST(Mix, RefusesWhatCancelsOut) {
  const Vector x{1, 0}, nearly{std::cos(1e-5F), std::sin(1e-5F)}, back{-1, 0}, nothing{0, 0};
  const Vector broken{std::nanf(""), 0};
  const Ingredient cases[][2] = {{{x, 1}, {x, -1}},       {{x, 1}, {nearly, -1}}, {{x, 0.5}, {back, 0.5}},
                                 {{nothing, 1}, {{}, 1}}, {{x, 0}, {x, 0}},       {{broken, 1}, {x, 1}}};
  for (const auto& one : cases) EXPECT_FALSE(mix(one));
  EXPECT_FALSE(mix({}));
  const Ingredient left[] = {{x, 1}, {x, -0.99}};
  EXPECT_EQ(mix(left), x) << "a hundredth is left";
}

TEST(MarkOf, DependsOnAllThatMakesTheVectorAndOnNothingElse) {
  PictureBody body;
  body.text = "red";
  body.image = "bytes";
  const auto mark = mark_of(body, "space");
  EXPECT_NE(mark, 0U);
  auto same = body;
  same.query.text = "dancers";
  same.query.limit = 3;
  same.picture_weight = 0.9;
  EXPECT_EQ(mark_of(same, "space"), mark);
  EXPECT_NE(mark_of(body, "other"), mark);
  const auto differs = [&](const std::function<void(PictureBody&)>& change) {
    auto other = body;
    change(other);
    return mark_of(other, "space") != mark;
  };
  EXPECT_TRUE(differs([](auto& b) { b.text = "blue"; }));
  EXPECT_TRUE(differs([](auto& b) { b.image = "bites"; }));
  EXPECT_TRUE(differs([](auto& b) { b.minus_text = "red"; }));
  EXPECT_TRUE(differs([](auto& b) { b.minus_image = "bytes"; }));
  EXPECT_TRUE(differs([](auto& b) { std::swap(b.image, b.minus_image); }));
  EXPECT_TRUE(differs([](auto& b) { b.text_weight = 0.999999999; }));
  EXPECT_TRUE(differs([](auto& b) { b.minus_weight = 0.4; }));
}

}  // namespace
}  // namespace cdx::serve
