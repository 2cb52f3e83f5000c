#include "image/duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "image/image.h"
#include "support/made_up_pictures.h"

namespace cdx::image {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

Fingerprint print_of(const Picture& picture) {
  return fingerprint(std::string_view(reinterpret_cast<const char*>(picture.rgb.data()), picture.rgb.size()),
                     picture);
}

TEST(PerceptualHash, StaysWhenAPictureIsScaledAndPackedAnew) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    const auto picture = test::scene(seed, 300, 200);
    const auto print = print_of(picture);
    EXPECT_LE(distance(print.hash, print_of(resize(picture, 120, 80, Filter::bicubic)).hash), 4);
    EXPECT_LE(distance(print.hash, print_of(test::packed_anew(picture, 30)).hash), 4);
    EXPECT_EQ(print.mirrored_hash, print_of(mirrored(picture)).hash);
  }
}

TEST(Signature, GivesBackTheColoursOfItsParts) {
  constexpr std::array<std::array<std::uint8_t, 3>, 4> colours{
      {{200, 30, 30}, {20, 40, 220}, {250, 250, 250}, {0, 0, 0}}};
  auto picture = test::filled(80, 40, 0, 0, 0);
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x)
      std::copy_n(colours[(y >= 20 ? 2U : 0U) + (x >= 40 ? 1U : 0U)].begin(), 3,
                  picture.row(y) + std::size_t{3} * x);
  const auto found = mean_colours(signature(picture));
  for (std::size_t cell = 0; cell < 16; ++cell)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(found[3 * cell + c], colours[(cell >= 8 ? 2U : 0U) + (cell % 4 >= 2 ? 1U : 0U)][c], 16)
          << "cell " << cell << ", colour " << c;
}

TEST(Signature, OfAMirroredPictureIsTheMirroredSignature) {
  const auto picture = test::scene(3, 320, 240);
  EXPECT_EQ(signature(mirrored(picture)), mirrored(signature(picture)));
}

TEST(PartHashes, PartsWithoutStructureHaveNone) {
  auto picture = test::filled(64, 64, 200, 200, 200);
  EXPECT_EQ(part_hashes(signature(picture)).whole, 0U);
  for (std::uint32_t y = 0; y < 32; ++y)
    for (std::uint32_t x = 0; x < 32; ++x)
      picture.row(y)[std::size_t{3} * x] = static_cast<std::uint8_t>(x * y / 4);
  const auto hashes = part_hashes(signature(picture));
  EXPECT_NE(hashes.whole, 0U);
  EXPECT_NE(hashes.quarters[0], 0U);
  EXPECT_EQ(hashes.quarters[3], 0U);
}

// The index against a loop, on instruction sets of this machine and for counts around their widths.
TEST(HashIndex, FindsWhatALoopFinds) {
  std::mt19937_64 random(5);
  for (const std::size_t count : {0U, 1U, 3U, 7U, 8U, 15U, 16U, 17U, 31U, 33U, 1000U}) {
    HashIndex index;
    const auto centre = random();
    for (std::size_t i = 0; i < count; ++i) {
      auto hash = centre;
      for (auto flips = random() % 24; flips > 0; --flips) hash ^= std::uint64_t{1} << random() % 64;
      index.add(hash);
    }
    for (const int radius : {-1, 0, 5, 10, 64}) {
      std::vector<HashIndex::Near> expected;
      for (int away = 0; away <= radius; ++away)
        for (std::uint32_t i = 0; i < count; ++i)
          if (distance(index[i], centre) == away) expected.push_back({i, static_cast<std::uint32_t>(away)});
      EXPECT_EQ(index.near(centre, radius), expected) << count << " hashes, radius " << radius;
    }
  }
}

TEST(Compare, SaysWhatWasDoneToAPicture) {
  const auto picture = test::scene(11, 400, 300);
  const auto print = print_of(picture);
  EXPECT_EQ(compare(print, print).sameness, Sameness::exact);
  EXPECT_EQ(compare(print, print_of(mirrored(picture))).sameness, Sameness::mirrored);
  EXPECT_EQ(compare(print, print_of(test::scene(12, 400, 300))).sameness, Sameness::different);
  const auto part = compare(print, print_of(test::cropped(picture, 0.85, 0.0, 1.0)));
  EXPECT_EQ(part.sameness, Sameness::near);
  EXPECT_TRUE(part.first_contains_second);
  EXPECT_NEAR(part.part.x, 0.0, 0.03);
  EXPECT_NEAR(part.part.y, 0.15, 0.03);
  EXPECT_NEAR(part.part.width, 0.85, 0.03);
  const auto back = compare(print_of(test::cropped(picture, 0.85, 0.0, 1.0)), print);
  EXPECT_EQ(back.sameness, Sameness::near);
  EXPECT_FALSE(back.first_contains_second);
}

TEST(Compare, OtherColoursAreAnotherPicture) {
  const auto picture = test::scene(13, 200, 200);
  auto other = picture;
  for (std::size_t i = 0; i < other.rgb.size(); i += 3) std::swap(other.rgb[i], other.rgb[i + 2]);
  EXPECT_EQ(compare(print_of(picture), print_of(other)).sameness, Sameness::different);
}

TEST(Compare, PicturesWithoutStructureAreTheSameByTheirBytesAlone) {
  const auto grey = print_of(test::filled(50, 50, 128, 128, 128)),
             lighter = print_of(test::filled(50, 50, 130, 130, 130));
  EXPECT_EQ(compare(grey, grey).sameness, Sameness::exact);
  EXPECT_EQ(compare(grey, lighter).sameness, Sameness::different);
}

TEST(Duplicates, GroupsWhatIsOneAndSaysWhy) {
  std::vector<Fingerprint> pictures;
  const auto first = test::scene(21, 320, 240), second = test::scene(22, 320, 240);
  pictures.push_back(print_of(first));                                // 0
  pictures.push_back(print_of(test::scene(23, 320, 240)));            // 1: alone
  pictures.push_back(print_of(second));                               // 2
  pictures.push_back(print_of(test::packed_anew(first, 30)));         // 3
  pictures.push_back(print_of(mirrored(second)));                     // 4
  pictures.push_back(print_of(test::cropped(first, 0.9, 0.3, 0.8)));  // 5
  pictures.push_back(print_of(first));                                // 6: the same bytes
  const auto flat = print_of(test::filled(9, 9, 7, 7, 7));
  pictures.push_back(flat);  // 7
  pictures.push_back(flat);  // 8
  const auto groups = duplicates({}, pictures);
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->size(), 3U);
  EXPECT_THAT((*groups)[0].pictures, ElementsAre(0, 3, 5, 6));
  EXPECT_THAT((*groups)[1].pictures, ElementsAre(2, 4));
  EXPECT_THAT((*groups)[2].pictures, ElementsAre(7, 8));
  ASSERT_EQ((*groups)[1].links.size(), 1U);
  EXPECT_EQ((*groups)[1].links[0].comparison.sameness, Sameness::mirrored);
  const auto is_exact = [](const DuplicateGroup::Link& link) {
    return link.comparison.sameness == Sameness::exact;
  };
  EXPECT_EQ(std::count_if((*groups)[0].links.begin(), (*groups)[0].links.end(), is_exact), 1);

  // Two creators: the first owns 0, 3, 5 and 6, so that group is no theft; 2 and 4 belong to both.
  const std::vector<std::uint64_t> owners{1, 1, 1, 1, 2, 1, 1, 2, 2};
  const auto stolen = across_owners(*groups, owners);
  ASSERT_EQ(stolen.size(), 1U);
  EXPECT_THAT(stolen[0].pictures, ElementsAre(2, 4));
}

TEST(Duplicates, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  const auto found = duplicates(call, std::vector{print_of(test::scene(1, 32, 32))});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::cancelled);
}

TEST(Descriptor, IsAUnitVectorAndNearestToThePictureItself) {
  std::vector<std::vector<float>> all;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) all.push_back(descriptor(test::scene(seed, 200, 150)));
  const auto cosine = [](const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
  };
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    ASSERT_EQ(all[seed - 1].size(), descriptor_dimension);
    EXPECT_NEAR(cosine(all[seed - 1], all[seed - 1]), 1.0, 1e-5);
    const auto changed =
        descriptor(test::packed_anew(resize(test::scene(seed, 200, 150), 90, 70, Filter::bicubic), 50));
    std::size_t best = 0;
    for (std::size_t i = 1; i < all.size(); ++i)
      if (cosine(changed, all[i]) > cosine(changed, all[best])) best = i;
    EXPECT_EQ(best, seed - 1);
  }
  // Nothing to see is no division by zero.
  EXPECT_NEAR(
      cosine(descriptor(test::filled(3, 3, 128, 128, 128)), descriptor(test::filled(3, 3, 128, 128, 128))),
      1.0, 1e-5);
}

// The goals for copies of real photos. Every photo is one that must not be taken for another.
TEST(PictureIndex, FindsCopiesOfRealPhotosAndNothingElse) {
  const fs::path folder = fs::path(CDX_SOURCE_DIR) / ".." / "shared" / "data" / "photos";
  if (!fs::is_directory(folder))
    GTEST_SKIP() << folder << " is not there: copies of real photos are not measured";
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  const auto decoder = make_in_process_decoder();
  std::vector<Picture> photos;
  PictureIndex index;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    const auto picture = decode_picture({}, *decoder, bytes);
    ASSERT_TRUE(picture) << path << ": " << picture.error().message;
    index.add(fingerprint(bytes, *picture));
    photos.push_back(resize(*picture, std::max(1U, picture->width / 2), std::max(1U, picture->height / 2),
                            Filter::bicubic));
  }
  ASSERT_GE(photos.size(), 500U);
  std::mt19937 random(1);
  const auto unit = [&] { return static_cast<double>(random()) / 4294967296.0; };
  std::size_t found[5] = {}, wrong = 0, right = 0, copies = 0;
  for (std::size_t i = 0; i < photos.size(); i += 3, ++copies) {
    const Picture changed[5] = {test::packed_anew(test::cropped(photos[i], 0.9, unit(), unit()), 85),
                                resize(photos[i], std::max(1U, photos[i].width * 2 / 5),
                                       std::max(1U, photos[i].height * 2 / 5), Filter::bicubic),
                                test::packed_anew(photos[i], 30),
                                test::packed_anew(test::marked(photos[i]), 85),
                                test::packed_anew(mirrored(photos[i]), 85)};
    for (std::size_t kind = 0; kind < 5; ++kind) {
      const auto matches = index.find({}, print_of(changed[kind]));
      ASSERT_TRUE(matches);
      for (const auto& match : *matches) {
        const bool it = match.picture == i;
        found[kind] += it ? 1 : 0;
        ++(it ? right : wrong);
      }
    }
  }
  const auto share = [](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  EXPECT_GE(share(found[0], copies), 0.98) << "cropped by a tenth";
  EXPECT_GE(share(found[1], copies), 0.98) << "resized";
  EXPECT_GE(share(found[2], copies), 0.98) << "packed anew at quality 30";
  EXPECT_GE(share(found[3], copies), 0.98) << "marked";
  EXPECT_GE(share(found[4], copies), 0.90) << "mirrored";
  EXPECT_GE(share(right, right + wrong), 0.99) << wrong << " wrong";
}

}  // namespace
}  // namespace cdx::image
