#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/image.h"
#include "support/made_up_pictures.h"

namespace cdx::image {
namespace {

using testing::HasSubstr;

Decoded decode(std::string_view bytes, const DecodeOptions& options = {}) {
  auto out = make_in_process_decoder()->decode({}, bytes, options);
  EXPECT_TRUE(out) << out.error().message;
  return out ? std::move(*out) : Decoded{};
}

// The largest difference of any channel of any pixel; 256 where the sizes differ.
int difference(const Picture& a, const Picture& b) {
  if (a.width != b.width || a.height != b.height || a.rgb.size() != b.rgb.size()) return 256;
  int most = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) most = std::max(most, std::abs(a.rgb[i] - b.rgb[i]));
  return most;
}

// The mean one, for codecs that lose something.
double mean_difference(const Picture& a, const Picture& b) {
  if (a.width != b.width || a.height != b.height || a.rgb.size() != b.rgb.size()) return 256;
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

void expect_is_like(const Picture& expected, std::string_view bytes, Format format) {
  const auto found = decode(bytes);
  EXPECT_EQ(found.about.outcome, Outcome::ok) << found.about.reason;
  EXPECT_EQ(found.about.format, format) << name(found.about.format);
  EXPECT_LE(mean_difference(found.picture, expected), 4.0);
}

void expect_decodes_to(const Picture& expected, std::string_view bytes, Format format, int tolerance) {
  const auto found = decode(bytes);
  EXPECT_EQ(found.about.outcome, Outcome::ok) << found.about.reason;
  EXPECT_EQ(found.about.format, format) << name(found.about.format);
  EXPECT_EQ(found.about.width, expected.width);
  EXPECT_EQ(found.about.height, expected.height);
  EXPECT_LE(difference(found.picture, expected), tolerance);
}

Picture over_white(Picture picture, int alpha) {
  for (auto& value : picture.rgb)
    value = static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
  return picture;
}

Picture without_colour(Picture picture) {
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    auto* pixel = picture.rgb.data() + i;
    const int value = (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000;
    pixel[0] = pixel[1] = pixel[2] = static_cast<std::uint8_t>(value);
  }
  return picture;
}

TEST(Decoder, EveryKindOfPngGivesItsPixels) {
  const auto picture = test::gradient(61, 47);
  for (const bool interlaced : {false, true}) {
    const auto bytes = [&](test::PngKind kind) {
      return test::encode_png(picture, {kind, interlaced, 128, 0, {}});
    };
    expect_decodes_to(picture, bytes(test::PngKind::rgb), Format::png, 0);
    expect_decodes_to(picture, bytes(test::PngKind::rgb_16), Format::png, 0);
    expect_decodes_to(over_white(picture, 128), bytes(test::PngKind::rgba), Format::png, 1);
    expect_decodes_to(without_colour(picture), bytes(test::PngKind::grey), Format::png, 0);
    expect_decodes_to(without_colour(picture), bytes(test::PngKind::grey_16), Format::png, 0);
    expect_decodes_to(over_white(without_colour(picture), 128), bytes(test::PngKind::grey_alpha), Format::png,
                      1);
    auto palette = without_colour(picture);
    for (std::size_t i = 0; i < palette.rgb.size(); i += 3) {
      const int index = palette.rgb[i] / 16;
      palette.rgb[i] = static_cast<std::uint8_t>(index * 17);
      palette.rgb[i + 1] = static_cast<std::uint8_t>(255 - index * 17);
      palette.rgb[i + 2] = 90;
    }
    expect_decodes_to(over_white(palette, 128), bytes(test::PngKind::palette), Format::png, 1);
  }
}

TEST(Decoder, EveryKindOfJpegGivesItsPixels) {
  const auto picture = test::scene(1, 80, 56);
  const auto bytes = [&](test::JpegKind kind) { return test::encode_jpeg(picture, {kind, 98, 0, {}}); };
  expect_is_like(picture, bytes(test::JpegKind::colour), Format::jpeg);
  expect_is_like(picture, bytes(test::JpegKind::progressive), Format::jpeg);
  expect_is_like(picture, bytes(test::JpegKind::cmyk), Format::jpeg);
  expect_is_like(picture, bytes(test::JpegKind::ycck), Format::jpeg);
  expect_is_like(without_colour(picture), bytes(test::JpegKind::grey), Format::jpeg);
}

TEST(Decoder, WebpHeicAndAvifGiveTheirPixels) {
  const auto picture = test::scene(2, 96, 64);
  expect_decodes_to(picture, test::encode_webp(picture, true), Format::webp, 0);
  expect_decodes_to(over_white(picture, 100), test::encode_webp(picture, true, 100), Format::webp, 1);
  expect_is_like(picture, test::encode_webp(picture, false), Format::webp);
  expect_is_like(picture, test::encode_heif(picture, test::HeifKind::heic), Format::heif);
  expect_is_like(picture, test::encode_heif(picture, test::HeifKind::avif), Format::avif);
}

TEST(Decoder, TheFirstFrameOfAnAnimatedWebpLiesOnWhite) {
  const auto frame = test::filled(10, 10, 200, 0, 0);
  const auto found = decode(test::animated_webp(frame, 30, 20));
  ASSERT_EQ(found.about.outcome, Outcome::ok) << found.about.reason;
  EXPECT_EQ(found.about.frames, 2U);
  EXPECT_EQ(found.picture.width, 30U);
  EXPECT_EQ(found.picture.row(0)[0], 255);
  EXPECT_EQ(found.picture.row(0)[1], 255);
  EXPECT_EQ(found.picture.row(10)[3 * 15], 200);
  EXPECT_EQ(found.picture.row(10)[3 * 15 + 1], 0);
}

TEST(Decoder, GifsGiveTheirFirstFrameInterlacedOrNotAndCountTheRest) {
  auto picture = test::gradient(33, 21);
  for (auto& value : picture.rgb) value = static_cast<std::uint8_t>((value + 25) / 51 * 51);
  expect_decodes_to(picture, test::encode_gif(picture), Format::gif, 0);
  expect_decodes_to(picture, test::encode_gif(picture, true), Format::gif, 0);
  const auto three = decode(test::encode_gif(picture, false, 3));
  EXPECT_EQ(three.about.frames, 3U);
  EXPECT_EQ(difference(three.picture, picture), 0);
  // See-through is white.
  const auto red = test::filled(4, 4, 255, 0, 0);
  expect_decodes_to(test::filled(4, 4, 255, 255, 255), test::encode_gif(red, false, 1, 5 * 36), Format::gif,
                    0);
}

// What each EXIF orientation does to the pixel (x, y) of a picture of that size.
Picture turned(const Picture& in, int orientation) {
  const auto w = in.width, h = in.height;
  auto out = test::filled(orientation > 4 ? h : w, orientation > 4 ? w : h, 0, 0, 0);
  for (std::uint32_t y = 0; y < h; ++y)
    for (std::uint32_t x = 0; x < w; ++x) {
      const std::uint32_t to[9][2] = {{0, 0},         {x, y}, {w - 1 - x, y}, {w - 1 - x, h - 1 - y},
                                      {x, h - 1 - y}, {y, x}, {h - 1 - y, x}, {h - 1 - y, w - 1 - x},
                                      {y, w - 1 - x}};
      std::copy_n(in.row(y) + std::size_t{3} * x, 3,
                  out.row(to[orientation][1]) + std::size_t{3} * to[orientation][0]);
    }
  return out;
}

TEST(Decoder, TurnsPicturesUprightByTheirExif) {
  const auto picture = test::gradient(40, 24);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto held = static_cast<std::uint8_t>(orientation);
    expect_decodes_to(turned(picture, orientation),
                      test::encode_png(picture, {test::PngKind::rgb, false, 255, held, {}}), Format::png, 0);
    expect_decodes_to(turned(picture, orientation),
                      test::encode_png(picture, {test::PngKind::rgb, true, 255, held, {}}), Format::png, 0);
    const auto jpeg = test::encode_jpeg(picture, {test::JpegKind::colour, 95, held, {}});
    const auto upright = decode(test::encode_jpeg(picture, {test::JpegKind::colour, 95, 0, {}}));
    expect_decodes_to(turned(upright.picture, orientation), jpeg, Format::jpeg, 0);
  }
}

TEST(Decoder, SenselessExifIsNoOrientation) {
  const auto picture = test::gradient(8, 6);
  for (const int held : {9, 200}) {
    const auto bytes =
        test::encode_png(picture, {test::PngKind::rgb, false, 255, static_cast<std::uint8_t>(held), {}});
    expect_decodes_to(picture, bytes, Format::png, 0);
  }
}

TEST(Decoder, BrokenColourProfilesAreBorne) {
  const auto picture = test::gradient(16, 16);
  for (const std::string& profile :
       {std::string(1, 'x'), std::string(200, '\xFF'), std::string(60'000, '\0')}) {
    expect_decodes_to(picture, test::encode_png(picture, {test::PngKind::rgb, false, 255, 0, profile}),
                      Format::png, 0);
    const auto jpeg = decode(test::encode_jpeg(picture, {test::JpegKind::colour, 95, 0, profile}));
    EXPECT_EQ(jpeg.about.outcome, Outcome::ok) << jpeg.about.reason;
  }
}

TEST(Decoder, RefusesByTheHeaderBeforeItTakesMemory) {
  // Were memory taken first, these would take 10 exabytes.
  for (const auto& [width, height] :
       {std::pair{2'000'000'000U, 2'000'000'000U}, {50'001U, 1'000U}, {1U, 50'000'001U}}) {
    const auto found = decode(test::png_header(width, height));
    EXPECT_EQ(found.about.outcome, Outcome::refused);
    EXPECT_THAT(found.about.reason, HasSubstr("at most 50000000 are decoded"));
    EXPECT_TRUE(found.picture.empty());
  }
  DecodeOptions options;
  options.max_pixels = 24 * 16 - 1;
  for (const auto& bytes : {test::small_png(), test::small_jpeg(), test::small_gif(), test::small_webp()})
    EXPECT_EQ(decode(bytes, options).about.outcome, Outcome::refused);
  options.max_pixels = 24 * 16;
  for (const auto& bytes : {test::small_png(), test::small_jpeg(), test::small_gif(), test::small_webp()})
    EXPECT_EQ(decode(bytes, options).about.outcome, Outcome::ok);
}

TEST(Decoder, RefusesWhatWouldTakeMoreMemoryThanIsAllowed) {
  DecodeOptions options;
  options.memory_bytes = 24 * 16 * 3;
  EXPECT_EQ(decode(test::small_png(), options).about.outcome, Outcome::ok);
  const auto interlaced = test::encode_png(test::gradient(24, 16), {test::PngKind::rgb, true, 255, 0, {}});
  const auto found = decode(interlaced, options);
  EXPECT_EQ(found.about.outcome, Outcome::refused);
  EXPECT_THAT(found.about.reason, HasSubstr("MB are allowed"));
}

TEST(Decoder, RefusesTooManyBytesAndSaysWhatAnEmptyFileIs) {
  DecodeOptions options;
  const auto bytes = test::small_png();
  options.max_bytes = bytes.size() - 1;
  EXPECT_EQ(decode(bytes, options).about.outcome, Outcome::refused);
  options.max_bytes = bytes.size();
  EXPECT_EQ(decode(bytes, options).about.outcome, Outcome::ok);
  EXPECT_EQ(decode("").about.reason, "the file is empty");
}

TEST(Decoder, FilesCutShortAreBrokenAtEveryLength) {
  const auto picture = test::scene(3, 64, 48);
  for (const auto& bytes :
       {test::encode_png(picture), test::encode_png(picture, {test::PngKind::rgb, true, 255, 0, {}}),
        test::encode_jpeg(picture), test::encode_gif(picture), test::encode_webp(picture, false),
        test::encode_webp(picture, true), test::encode_heif(picture, test::HeifKind::heic)}) {
    // Of the last few bytes some formats have no need.
    for (std::size_t length = 1; length + 32 < bytes.size(); length += 1 + bytes.size() / 60) {
      const auto found = decode(std::string_view(bytes).substr(0, length));
      EXPECT_NE(found.about.outcome, Outcome::ok)
          << name(sniff(bytes)) << " of " << bytes.size() << " cut to " << length;
      EXPECT_FALSE(found.about.reason.empty());
      EXPECT_TRUE(found.picture.empty());
    }
  }
}

TEST(Decoder, APictureUnderAFalseFlagIsBrokenNotCrashed) {
  const std::string heads[] = {"\xFF\xD8\xFF\xE0", "\x89PNG\r\n\x1A\n", "GIF89a",
                               std::string("RIFF\x20\0\0\0WEBPVP8 ", 16),
                               std::string("\0\0\0\x18"
                                           "ftypheic\0\0\0\0heicmif1",
                                           24)};
  for (const auto& head : heads) {
    const auto found = decode(head + std::string(300, '\1'));
    EXPECT_EQ(found.about.outcome, Outcome::broken) << name(found.about.format) << ": " << found.about.reason;
  }
}

TEST(Decoder, ScaledDecodingNeverGoesBelowItsLeast) {
  const auto bytes = test::encode_jpeg(test::scene(4, 1000, 1900));
  DecodeOptions options;
  const auto width = [&](std::uint32_t wanted) {
    options.shortest_side = wanted;
    const auto found = decode(bytes, options);
    EXPECT_EQ(found.about.width, 1000U) << "the declared size does not change";
    return found.picture.width;
  };
  EXPECT_EQ(width(0), 1000U);
  EXPECT_EQ(width(1), 500U) << "448 at least";
  EXPECT_EQ(width(448), 500U);
  EXPECT_EQ(width(500), 500U);
  EXPECT_EQ(width(501), 1000U);
  EXPECT_EQ(width(5000), 1000U);
}

TEST(Decoder, CanBringTheVerdictAlone) {
  DecodeOptions options;
  options.keep_pixels = false;
  const auto found = decode(test::small_png(), options);
  EXPECT_EQ(found.about.outcome, Outcome::ok);
  EXPECT_TRUE(found.picture.empty());
}

TEST(Decoder, ADeadlineOrAStopIsAnErrorOfTheCallNotOfThePicture) {
  const auto decoder = make_in_process_decoder();
  const auto late = decoder->decode(Call{std::chrono::steady_clock::now() - std::chrono::seconds(1), {}},
                                    test::small_png(), {});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::timed_out);
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  const auto stopped = decoder->decode(call, test::small_png(), {});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
}

TEST(Decoder, TimeOfAPictureHasAnEnd) {
  DecodeOptions options;
  options.time = std::chrono::milliseconds(-1);
  for (const auto& bytes : {test::small_png(), test::small_jpeg(), test::small_gif()}) {
    const auto found = decode(bytes, options);
    EXPECT_EQ(found.about.outcome, Outcome::refused);
    EXPECT_THAT(found.about.reason, HasSubstr("too long"));
  }
}

TEST(Decoder, PixelsAloneAreAResult) {
  const auto decoder = make_in_process_decoder();
  const auto good = decode_picture({}, *decoder, test::small_png());
  ASSERT_TRUE(good);
  EXPECT_EQ(good->width, 24U);
  const auto broken = decode_picture({}, *decoder, "\xFF\xD8\xFF nothing");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorKind::invalid);
  const auto other = decode_picture({}, *decoder, "%PDF-1.7");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::unsupported);
  EXPECT_THAT(other.error().message, HasSubstr("pdf files are not decoded"));
}

TEST(Sniff, GoesByTheFirstBytesAlone) {
  EXPECT_EQ(sniff(""), Format::unknown);
  EXPECT_EQ(sniff("\xFF\xD8"), Format::unknown);
  EXPECT_EQ(sniff("BM is how this text begins, and it is long"), Format::unknown);
  EXPECT_EQ(sniff(std::string("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", 18)), Format::bmp);
  EXPECT_EQ(sniff("II*"), Format::unknown);
  EXPECT_EQ(sniff(std::string("II*\0", 4)), Format::tiff);
  EXPECT_EQ(sniff("  <!DOCTYPE html><html>"), Format::html);
  EXPECT_EQ(sniff("<?xml version=\"1.0\"?>\n<svg xmlns=\"\">"), Format::svg);
  EXPECT_EQ(sniff("RIFF....WAVE"), Format::unknown);
  EXPECT_EQ(sniff(std::string("\0\0\0\x1C"
                              "ftypmif1\0\0\0\0mif1avif....",
                              28)),
            Format::avif);
  EXPECT_EQ(sniff(std::string("\0\0\0\x14"
                              "ftypisom\0\0\0\0mp41",
                              20)),
            Format::unknown);
  EXPECT_EQ(sniff(test::encode_heif(test::gradient(64, 64), test::HeifKind::avif)), Format::avif);
}

}  // namespace
}  // namespace cdx::image
