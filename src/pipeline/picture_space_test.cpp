#include "pipeline/picture_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pipeline/picture_vectors.h"
#include "store/memory/memory_store.h"
#include "support/made_up_pictures.h"

namespace cdx {
namespace {

// The mean of each plane, so that a test knows what was given; counts what is asked at once.
class MeansOfPlanes final : public PictureEmbedder {
 public:
  explicit MeansOfPlanes(std::size_t side = image::clip_side) : side_(side) {
    card_.name = "Means_Of.Planes";
    card_.weights_sha256 = "00";
    card_.dimension = 3;
  }
  const ModelCard& model() const override { return card_; }
  std::size_t picture_side() const override { return side_; }
  Result<Matrix> embed_pictures(const Call& call, std::span<const PictureInput> pictures) override {
    CDX_TRY(call.check());
    most = std::max(most, pictures.size());
    Matrix out{3, {}};
    for (const auto picture : pictures) {
      double means[3] = {}, square = 0;
      for (std::size_t i = 0; i < picture.size(); ++i)
        means[i / (side_ * side_)] += static_cast<double>(picture[i]);
      for (const double one : means) square += one * one;
      for (const double one : means) out.values.push_back(static_cast<float>(one / std::sqrt(square)));
    }
    return out;
  }
  Result<Matrix> embed_texts(const Call&, std::span<const std::string_view> texts, TextRole) override {
    Matrix out{3, {}};
    for (std::size_t i = 0; i < texts.size(); ++i) out.values.insert(out.values.end(), {1, 0, 0});
    return out;
  }
  ModelCard card_;
  std::size_t most = 0;

 private:
  std::size_t side_;
};

image::Picture crop_of(std::uint32_t seed) { return image::clip_crop(test::scene(seed, 300, 260)); }

TEST(LayoutReader, GivesUnitRowsThatTellPicturesApartAndReadsNoWords) {
  const auto reader = make_layout_reader();
  EXPECT_EQ(reader->space().dimension, image::descriptor_dimension);
  EXPECT_FALSE(reader->space().reads_words);
  EXPECT_EQ(reader->space().id, picture_space_id(reader->space().name));
  EXPECT_THAT(reader->space().name, testing::MatchesRegex("layout-[0-9a-f]{16}"));
  const std::vector<image::Picture> crops{crop_of(1), crop_of(2), crop_of(1), test::filled(224, 224, 0, 0, 0),
                                          test::filled(224, 224, 255, 255, 255)};
  const auto rows = reader->read_pictures({}, crops);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->rows(), crops.size());
  const auto cosine = [&](std::size_t a, std::size_t b) {
    double out = 0;
    for (std::size_t i = 0; i < rows->columns; ++i)
      out += static_cast<double>(rows->row(a)[i]) * static_cast<double>(rows->row(b)[i]);
    return out;
  };
  for (std::size_t i = 0; i < crops.size(); ++i) EXPECT_NEAR(cosine(i, i), 1, 1e-5) << i;
  EXPECT_NEAR(cosine(0, 2), 1, 1e-6);
  EXPECT_LT(cosine(0, 1), 0.99);
  EXPECT_LT(cosine(3, 4), 0.99);
  const std::string_view words[] = {"a red dress"};
  const auto refused = reader->read_texts({}, words);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("creatordex model pull clip-vit-base-patch32"));
}

TEST(PictureReaders, RefuseWhatIsNoCropAndLookAtTheCall) {
  MeansOfPlanes model;
  const auto clip = make_clip_reader(model).value();
  const auto layout = make_layout_reader();
  for (PictureReader* reader : {layout.get(), clip.get()}) {
    const std::vector<image::Picture> wrong{crop_of(1), test::filled(224, 223, 9, 9, 9)};
    const auto refused = reader->read_pictures({}, wrong);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("crop 1"));
    image::Picture lying{224, 224, std::vector<std::uint8_t>(100)};
    EXPECT_FALSE(reader->read_pictures({}, {&lying, 1}));
    EXPECT_EQ(reader->read_pictures({}, {})->rows(), 0U);
    const std::vector<image::Picture> crops{crop_of(1)};
    const auto late = reader->read_pictures(Call::within(std::chrono::milliseconds{-1}), crops);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::timed_out);
  }
  MeansOfPlanes larger(336);
  EXPECT_EQ(make_clip_reader(larger).error().kind, ErrorKind::unsupported);
}

TEST(ClipReader, GivesTheModelItsPlanesInBatchesAndKeepsTheOrder) {
  MeansOfPlanes model;
  const auto reader = make_clip_reader(model).value();
  std::vector<image::Picture> crops;
  for (int i = 0; i < 70; ++i)
    crops.push_back(test::filled(224, 224, static_cast<std::uint8_t>(i * 3), 20, 90));
  const auto rows = reader->read_pictures({}, crops).value();
  ASSERT_EQ(rows.rows(), 70U);
  EXPECT_LE(model.most, 32U);
  for (std::size_t i = 1; i < rows.rows(); ++i) EXPECT_GT(rows.row(i)[0], rows.row(i - 1)[0]);
  const auto expected = image::clip_planes(crops[5]);
  const PictureInput input(expected);
  EXPECT_EQ(rows.row(5)[1], model.embed_pictures({}, {&input, 1})->row(0)[1]);
}

TEST(ClipReader, ItsSpaceIsAnotherForAnythingThatMakesVectorsIncomparable) {
  std::set<std::string> names;
  const auto name_with = [&](void (*change)(ModelCard&)) {
    MeansOfPlanes model;
    change(model.card_);
    names.insert(make_clip_reader(model).value()->space().name);
  };
  name_with([](ModelCard&) {});
  name_with([](ModelCard&) {});  // the same gives the same
  EXPECT_EQ(names.size(), 1U);
  EXPECT_THAT(*names.begin(), testing::StartsWith("means-of-planes-"));
  name_with([](ModelCard& card) { card.weights_sha256 = "01"; });
  name_with([](ModelCard& card) { card.preprocessing = 2; });
  name_with([](ModelCard& card) { card.vocabulary_sha256 = "02"; });
  EXPECT_EQ(names.size(), 4U);
}

Matrix random_rows(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  Matrix out{columns, std::vector<float>(rows * columns)};
  for (auto& x : out.values) x = normal(random);
  return out;
}

TEST(CompareSpaces, TellsTheSameFromTheUnrelated) {
  const auto one = random_rows(200, 16, 1);
  const auto same = compare_spaces({}, one, one).value();
  EXPECT_EQ(same.overlap, 1);
  EXPECT_NEAR(same.rank_correlation, 1, 1e-12);
  auto opposite = one;  // of the same likenesses, each the other way round
  for (auto& x : opposite.values) x = -x;
  EXPECT_EQ(compare_spaces({}, one, opposite).value().overlap, 1);
  const auto unrelated = compare_spaces({}, one, random_rows(200, 24, 2)).value();
  EXPECT_NEAR(unrelated.overlap, unrelated.by_chance, 0.03);
  EXPECT_NEAR(unrelated.rank_correlation, 0, 0.03);
  EXPECT_NEAR(unrelated.by_chance, 10.0 / 199, 1e-12);
  auto near = one;
  const auto noise = random_rows(200, 16, 3);
  for (std::size_t i = 0; i < near.values.size(); ++i) near.values[i] += 0.3F * noise.values[i];
  const auto alike = compare_spaces({}, one, near).value();
  EXPECT_GT(alike.overlap, 0.5);
  EXPECT_LT(alike.overlap, 0.99);
  EXPECT_GT(alike.rank_correlation, 0.8);
  EXPECT_FALSE(compare_spaces({}, one, random_rows(199, 16, 1)));
  EXPECT_FALSE(compare_spaces({}, random_rows(11, 4, 1), random_rows(11, 4, 1)));
}

TEST(PictureVectors, TheirSumIsOfWhatIsKeptWhateverTheOrder) {
  const auto store = open_memory_store();
  std::vector<Digest> pictures;
  std::vector<KeptVector> kept;
  for (int i = 0; i < 2'500; ++i) {
    pictures.push_back(sha256(std::to_string(i)));
    if (i % 2 == 0) kept.push_back({{7, vector_key(pictures.back())}, {static_cast<float>(i), 1}});
  }
  EXPECT_EQ(sum_vectors({}, *store, 7, pictures)->count, 0U);
  ASSERT_TRUE(store->keep_vectors({}, kept));
  const auto sum = sum_vectors({}, *store, 7, pictures).value();
  EXPECT_EQ(sum.count, 1'250U);
  std::reverse(pictures.begin(), pictures.end());
  pictures.push_back(pictures.front());  // twice is once
  EXPECT_EQ(sum_vectors({}, *store, 7, pictures)->checksum, sum.checksum);
  EXPECT_EQ(sum_vectors({}, *store, 8, pictures)->count, 0U);
  kept.resize(1);
  kept[0].values[1] = 1.0001F;
  ASSERT_TRUE(store->keep_vectors({}, kept));
  EXPECT_NE(sum_vectors({}, *store, 7, pictures)->checksum, sum.checksum);
}

}  // namespace
}  // namespace cdx
