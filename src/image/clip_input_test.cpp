#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

#include "image/image.h"
#include "support/made_up_pictures.h"

namespace cdx::image {
namespace {

// The same integers as tools/clip_golden.py's picture().
Picture pattern(std::uint32_t width, std::uint32_t height) {
  auto out = test::filled(width, height, 0, 0, 0);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      auto* pixel = out.row(y) + std::size_t{3} * x;
      pixel[0] = static_cast<std::uint8_t>((x * 7 + y * 13) % 256);
      pixel[1] = static_cast<std::uint8_t>(x * y % 256);
      pixel[2] = static_cast<std::uint8_t>((x / 8 + y / 8) % 2 * 160 + (x + y) % 64);
    }
  return out;
}

std::vector<float> golden(std::uint32_t width, std::uint32_t height) {
  const auto path = std::string(CDX_SOURCE_DIR) + "/tests/golden/clip/" + std::to_string(width) + "x" +
                    std::to_string(height) + ".bin";
  std::ifstream in(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  std::vector<float> out(bytes.size() / sizeof(float));
  std::memcpy(out.data(), bytes.data(), out.size() * sizeof(float));
  return out;
}

TEST(ClipInput, EqualsTheReferenceOnEveryShape) {
  for (const auto& [width, height] : {std::pair{640U, 480U},
                                      {333U, 777U},
                                      {100U, 80U},
                                      {224U, 224U},
                                      {1000U, 225U},
                                      {31U, 1000U},
                                      {226U, 224U},
                                      {227U, 224U}}) {
    const auto found = clip_input(pattern(width, height));
    const auto expected = golden(width, height);
    ASSERT_EQ(found.size(), 3U * clip_side * clip_side);
    ASSERT_EQ(expected.size(), 3U * 32 * 32);
    double worst = 0;
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t y = 0; y < 32; ++y)
        for (std::size_t x = 0; x < 32; ++x) {
          const double difference =
              std::abs(found[(c * clip_side + 7 * y) * clip_side + 7 * x] - expected[(c * 32 + y) * 32 + x]);
          worst = std::max(worst, difference * static_cast<double>(ClipNorm{}.deviation[c]) * 255);
        }
    // The arithmetic is the same, so nothing but the rounding of floats is allowed; the goal is 2 of 255.
    EXPECT_LE(worst, 0.01) << width << " x " << height;
  }
}

TEST(ClipInput, ARibbonCostsNoMoreThanItsMiddle) {
  const auto crop = clip_crop(test::filled(40'000, 1, 10, 20, 30));
  EXPECT_EQ(crop.width, clip_side);
  EXPECT_EQ(crop.height, clip_side);
  EXPECT_EQ(crop.rgb[0], 10);
  EXPECT_EQ(crop.rgb.back(), 30);
}

TEST(ClipInput, OtherNormsScaleTheSameCrop) {
  const auto picture = test::filled(300, 300, 255, 0, 51);
  const auto values = clip_input(picture, ClipNorm{{0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}});
  constexpr std::size_t plane = std::size_t{clip_side} * clip_side;
  EXPECT_FLOAT_EQ(values[0], 1.0F);
  EXPECT_FLOAT_EQ(values[plane], -1.0F);
  EXPECT_FLOAT_EQ(values[2 * plane], -0.6F);
}

TEST(Resize, KeepsAFlatPictureFlatUnderEveryFilter) {
  const auto flat = test::filled(37, 53, 1, 128, 254);
  for (const auto filter : {Filter::box, Filter::bicubic, Filter::lanczos})
    for (const auto& [width, height] : {std::pair{1U, 1U}, {5U, 90U}, {37U, 53U}, {200U, 3U}})
      EXPECT_EQ(resize(flat, width, height, filter).rgb, test::filled(width, height, 1, 128, 254).rgb);
}

TEST(Resize, ABoxOfWholePixelsIsTheirMean) {
  Picture two{2, 1, {0, 100, 255, 101, 100, 0}};
  EXPECT_EQ(resize(two, 1, 1, Filter::box).rgb, (std::vector<std::uint8_t>{51, 100, 128}));
}

TEST(Mirror, TwiceIsTheSameAgain) {
  const auto picture = test::gradient(17, 9);
  EXPECT_NE(mirrored(picture).rgb, picture.rgb);
  EXPECT_EQ(mirrored(mirrored(picture)).rgb, picture.rgb);
}

TEST(Thumbnail, KeepsTheShapeAndNeverEnlarges) {
  const auto decoder = make_in_process_decoder();
  const auto size = [&](std::uint32_t width, std::uint32_t height, std::uint32_t side) {
    const auto bytes = thumbnail(test::scene(1, width, height), side);
    EXPECT_TRUE(bytes);
    const auto picture = decode_picture({}, *decoder, *bytes);
    EXPECT_TRUE(picture);
    return std::pair{picture->width, picture->height};
  };
  EXPECT_EQ(size(400, 200, 100), (std::pair{100U, 50U}));
  EXPECT_EQ(size(200, 400, 100), (std::pair{50U, 100U}));
  EXPECT_EQ(size(60, 40, 100), (std::pair{60U, 40U}));
  EXPECT_EQ(size(1000, 2, 100), (std::pair{100U, 1U}));
}

}  // namespace
}  // namespace cdx::image
