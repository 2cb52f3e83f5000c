// Pictures in search against brute force over the vectors that the store keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "embed/hashing/hashing_embedder.h"
#include "search/search.h"
#include "store/memory/memory_store.h"

namespace cdx {
namespace {

constexpr std::size_t text_dimension = 64;

PictureSpace space_of(std::size_t dimension, const std::string& name = "made-up-0123456789abcdef") {
  return {name, picture_space_id(name), dimension, true};
}

// Creators with a bio, a country and up to seven pictures each; every tenth has none.
class Gallery {
 public:
  explicit Gallery(PictureSpace of = space_of(24), std::size_t creators = 150)
      : space(std::move(of)), schema_(creator_schema(text_dimension, space)) {
    backend = make_embedded_backend(schema_).value();
    for (std::size_t i = 0; i < creators; ++i) add(i);
    IndexBatch batch;
    batch.upserts = documents_;
    batch.reached = store->revision({}).value();
    if (!backend->apply({}, batch)) throw std::runtime_error("cannot index");
    searcher = std::make_unique<Searcher>(*backend, *store, embedder.get(), clock);
  }

  std::vector<float> unit(std::size_t dimension) {
    std::normal_distribution<float> normal;
    std::vector<float> out(dimension);
    double square = 0;
    for (auto& x : out) {
      x = normal(random_);
      square += static_cast<double>(x) * static_cast<double>(x);
    }
    for (auto& x : out) x = static_cast<float>(static_cast<double>(x) / std::sqrt(square));
    return out;
  }

  Query ask(double weight = 1) {
    Query out;
    out.picture = PictureQuestion{unit(space.dimension), space.name, false, weight};
    out.limit = 100;
    return out;
  }

  Answer answer(const Query& query) const {
    auto out = searcher->search({}, query);
    if (!out) throw std::runtime_error(out.error().message);
    return std::move(*out);
  }

  static double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    double out = 0;
    for (std::size_t i = 0; i < a.size(); ++i) out += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return out;
  }

  // Of every creator that has pictures.
  std::map<CreatorId, double> nearest(const std::vector<float>& question) const {
    std::map<CreatorId, double> out;
    for (const auto& [id, rows] : pictures)
      for (const auto& [sha, row] : rows) {
        const auto one = cosine(row, question);
        const auto known = out.emplace(id, one).first;
        known->second = std::max(known->second, one);
      }
    return out;
  }

  const PictureSpace space;
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<EmbeddingProvider> embedder = open_hashing_embedder({text_dimension}).value();
  std::unique_ptr<SearchBackend> backend;
  ManualClock clock{*parse_time("2026-06-01")};
  std::unique_ptr<Searcher> searcher;
  std::map<CreatorId, std::vector<std::pair<Digest, std::vector<float>>>> pictures;
  std::map<CreatorId, std::string> countries;

 private:
  void add(std::size_t number) {
    Account account;
    account.platform = Platform::instagram;
    account.user_id = std::to_string(number);
    account.id = account_id(account.platform, account.user_id);
    account.origin({"test", clock.now(), {}, "test", "", 1});
    account.handle = {{"handle" + std::to_string(number), 0}};
    account.bio = {{number % 3 == 0 ? "Yoga at home every morning" : "Street food and markets", 0}};
    Creator creator;
    creator.id = creator_id(account.id);
    creator.links = {{account.id, "first_account", "", 1}};
    creator.country = number % 4 == 0 ? "BR" : "DE";
    creator.quality = 0.01 * static_cast<double>(number % 90);
    ChangeSet changes;
    changes.based_on = store->revision({}).value();
    changes.accounts = {{account, creator.id, {}}};
    changes.creators = {creator};
    std::vector<KeptVector> kept;
    std::vector<float> rows;
    for (std::size_t p = 0; p < number % 10 && p < 7; ++p) {
      KnownPicture picture;
      picture.account = account.id;
      picture.sha256 = sha256(std::to_string(number) + "/" + std::to_string(p));
      picture.role = p == 0 ? PictureRole::profile : PictureRole::content;
      picture.format = "jpeg";
      picture.width = picture.height = 300;
      picture.bytes = 1'000;
      picture.origin = {"test", clock.now(), {}, "test", "", 1};
      auto row = unit(space.dimension);
      rows.insert(rows.end(), row.begin(), row.end());
      kept.push_back({{space.id, vector_key(picture.sha256)}, row});
      pictures[creator.id].emplace_back(picture.sha256, std::move(row));
      changes.pictures.push_back(std::move(picture));
    }
    countries[creator.id] = creator.country;
    if (const auto done = store->commit({}, changes); !done) throw std::runtime_error(done.error().message);
    if (!store->keep_vectors({}, kept)) throw std::runtime_error("cannot keep");
    const std::string_view texts[] = {account.bio->value};
    const auto meaning = embedder->embed({}, texts, TextRole::passage).value();
    std::map<std::string, std::vector<float>> vectors;
    vectors[vector_field(account.platform, false)] = {meaning.row(0).begin(), meaning.row(0).end()};
    if (!rows.empty()) vectors[std::string(picture_field)] = rows;
    documents_.push_back(to_document({creator, {account}, {}, {}}, vectors, clock.now(), schema_));
  }

  Schema schema_;
  std::mt19937_64 random_{11};
  std::vector<Document> documents_;
};

TEST(PictureSearch, IsTheOrderOfBruteForceAtEveryDimension) {
  for (const std::size_t dimension :
       {std::size_t{219}, std::size_t{512}, std::size_t{768}, std::size_t{1536}}) {
    SCOPED_TRACE(dimension);
    Gallery gallery(space_of(dimension));
    for (int i = 0; i < 5; ++i) {
      const auto query = gallery.ask();
      const auto truth = gallery.nearest(query.picture->vector);
      const auto answer = gallery.answer(query);
      ASSERT_EQ(answer.total, truth.size());  // creators with pictures, the others never
      double last = 2, last_score = 2;
      for (const auto& hit : answer.hits) {
        ASSERT_TRUE(truth.contains(hit.id));
        const auto cosine = truth.at(hit.id);
        EXPECT_LE(cosine, last + 2e-4);  // the index keeps 16 bits a number
        EXPECT_LT(hit.score, last_score);
        last = cosine;
        last_score = hit.score;
        ASSERT_FALSE(hit.pictures.empty());
        EXPECT_NEAR(hit.pictures.front().similarity, cosine, 1e-9);
      }
    }
  }
}

TEST(PictureSearch, AHitCarriesItsPicturesNearestFirst) {
  Gallery gallery;
  const auto query = gallery.ask();
  for (const auto& hit : gallery.answer(query).hits) {
    std::vector<MatchedPicture> wanted;
    for (const auto& [sha, row] : gallery.pictures.at(hit.id))
      wanted.push_back({sha, Gallery::cosine(row, query.picture->vector)});
    std::sort(wanted.begin(), wanted.end(),
              [](const auto& a, const auto& b) { return a.similarity > b.similarity; });
    EXPECT_EQ(hit.pictures, wanted);
    EXPECT_FALSE(hit.why.empty());
  }
}

TEST(PictureSearch, FiltersAndFacetsHoldAndPagesAddUp) {
  Gallery gallery;
  auto query = gallery.ask();
  query.filter = Filter::keyword_in("country", {"BR"});
  query.facets = {"country"};
  const auto whole = gallery.answer(query);
  const auto truth = gallery.nearest(query.picture->vector);
  std::size_t brazil = 0;
  for (const auto& [id, cosine] : truth) brazil += gallery.countries.at(id) == "BR" ? std::size_t{1} : 0;
  EXPECT_EQ(whole.total, brazil);
  EXPECT_FALSE(whole.total_is_lower_bound);
  ASSERT_EQ(whole.facets.at(0).second.size(), 1U);
  EXPECT_EQ(whole.facets[0].second[0].count, brazil);
  std::vector<CreatorId> paged;
  query.limit = 7;
  for (;;) {
    const auto page = gallery.answer(query);
    for (const auto& hit : page.hits) paged.push_back(hit.id);
    if (page.next_cursor.empty()) break;
    query.cursor = page.next_cursor;
  }
  ASSERT_EQ(paged.size(), whole.hits.size());
  for (std::size_t i = 0; i < paged.size(); ++i) EXPECT_EQ(paged[i], whole.hits[i].id);

  // Another picture's cursor is no cursor of this one.
  query = gallery.ask();
  query.limit = 7;
  const auto cursor = gallery.answer(query).next_cursor;
  ASSERT_FALSE(cursor.empty());
  for (auto* change : {+[](PictureQuestion& one) { std::swap(one.vector[0], one.vector[1]); },
                       +[](PictureQuestion& one) { one.of_words = true; },
                       +[](PictureQuestion& one) { one.weight = 0.25; }}) {
    auto other = query;
    change(*other.picture);
    other.cursor = cursor;
    const auto refused = gallery.searcher->search({}, other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  }
}

double total_of(const Hit& hit) {
  double out = 0;
  for (const auto& part : hit.parts) out += part.value * part.weight;
  return out;
}

const ScorePart& part_of(const Hit& hit, std::string_view name) {
  for (const auto& part : hit.parts)
    if (part.name == name) return part;
  throw std::runtime_error("no part " + std::string(name));
}

TEST(PictureSearch, TextAndPictureShareTheScoreByWeight) {
  Gallery gallery;
  auto text = gallery.ask();
  text.text = "yoga";
  text.min_score = 0;
  auto plain = text;
  plain.picture.reset();
  plain.rerank = false;
  std::map<CreatorId, double> by_words;
  for (const auto& hit : gallery.answer(plain).hits) by_words[hit.id] = hit.score;
  ASSERT_GE(by_words.size(), 50U);
  for (const double weight : {0.0, 0.3, 0.8}) {
    text.picture->weight = weight;
    const auto answer = gallery.answer(text);
    std::size_t compared = 0;
    for (const auto& hit : answer.hits) {
      EXPECT_NEAR(total_of(hit), hit.score, 1e-6);
      const auto& picture = part_of(hit, "picture");
      EXPECT_NEAR(picture.weight, weight, 1e-12);
      if (const auto known = by_words.find(hit.id); known != by_words.end()) {
        ++compared;
        EXPECT_NEAR(hit.score, (1 - weight) * known->second + weight * picture.value, 1e-6);
      }
      if (!gallery.pictures.contains(hit.id)) {
        EXPECT_EQ(picture.value, 0);
      }
    }
    EXPECT_GT(compared, 30U);
  }
  text.picture->weight = 1;  // then words decide nothing, and bring candidates all the same
  const auto answer = gallery.answer(text);
  double last = 2;
  for (const auto& hit : answer.hits) {
    EXPECT_LE(hit.score, last);
    last = hit.score;
    EXPECT_NEAR(hit.score, part_of(hit, "picture").value, 1e-9);
  }
}

TEST(PictureSearch, MinScoreCutsAndTheDefaultDoesNotForPicturesAlone) {
  Gallery gallery;
  auto query = gallery.ask();
  const auto all = gallery.answer(query);
  query.min_score = all.hits.at(10).score;
  const auto cut = gallery.answer(query);
  EXPECT_EQ(cut.total, 11U);
  // Words that lie far from every picture still find the nearest.
  query.min_score.reset();
  query.picture->of_words = true;
  EXPECT_EQ(gallery.answer(query).total, all.total);
}

TEST(PictureSearch, MoreThanTheDepthIsALowerBound) {
  Gallery gallery(space_of(24), 400);
  const auto answer = gallery.answer(gallery.ask());
  EXPECT_EQ(answer.total, 250U);  // of the 360 with pictures: Retrieval::vector_depth
  EXPECT_TRUE(answer.total_is_lower_bound);
}

TEST(PictureSearch, WordsNeverReachIntoTheSpaceOfPictures) {
  Gallery gallery(
      space_of(text_dimension));  // of one dimension with the texts: nothing else tells them apart
  Query query;
  query.text = "yoga at home";
  const auto answer = gallery.answer(query);
  ASSERT_FALSE(answer.hits.empty());
  for (const auto& hit : answer.hits) {
    EXPECT_TRUE(hit.pictures.empty());
    for (const auto& part : hit.parts)
      for (const auto& [name, value] : part.details)
        EXPECT_EQ(name.find(picture_field), std::string::npos) << name;
  }
  const auto like = gallery.searcher->similar({}, answer.hits.front().id, {});
  ASSERT_TRUE(like) << like.error().message;
  for (const auto& hit : like->hits)
    for (const auto& [name, value] : part_of(hit, "semantic").details) EXPECT_NE(name, picture_field);
  CandidateQuestion question;
  question.vectors = for_text_fields(gallery.backend->view()->schema(), gallery.unit(text_dimension));
  const auto found = gallery.searcher->candidates({}, question);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(std::isnan(found->found.at(0).cosines.back()));
  question.vectors.back() = gallery.unit(text_dimension);
  EXPECT_EQ(gallery.searcher->candidates({}, question).error().kind, ErrorKind::invalid);
}

class HostileQuestion : public testing::TestWithParam<void (*)(PictureQuestion&)> {};

TEST_P(HostileQuestion, IsRefusedWithItsPlace) {
  Gallery gallery;
  auto query = gallery.ask();
  GetParam()(*query.picture);
  const auto refused = gallery.searcher->search({}, query);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  EXPECT_THAT(refused.error().message, testing::StartsWith("/picture"));
}

INSTANTIATE_TEST_SUITE_P(
    PictureSearch, HostileQuestion,
    testing::Values([](PictureQuestion& one) { one.vector.clear(); },
                    [](PictureQuestion& one) { one.vector.pop_back(); },
                    [](PictureQuestion& one) { one.vector.push_back(0); },
                    [](PictureQuestion& one) { one.vector[3] = std::numeric_limits<float>::quiet_NaN(); },
                    [](PictureQuestion& one) { one.vector[3] = std::numeric_limits<float>::infinity(); },
                    [](PictureQuestion& one) { one.vector.assign(one.vector.size(), 0); },
                    [](PictureQuestion& one) { one.vector.assign(one.vector.size(), 1); },
                    [](PictureQuestion& one) { one.weight = -0.01; },
                    [](PictureQuestion& one) { one.weight = 1.01; },
                    [](PictureQuestion& one) { one.weight = std::numeric_limits<double>::quiet_NaN(); }));

TEST(PictureSearch, AnotherSpaceIsAConflictAndNoneIsSaidPlainly) {
  Gallery gallery;
  auto query = gallery.ask();
  query.picture->space = "made-up-ffffffffffffffff";
  const auto refused = gallery.searcher->search({}, query);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
  EXPECT_THAT(refused.error().message, testing::HasSubstr(gallery.space.name));

  const auto words_only = make_embedded_backend(creator_schema(text_dimension)).value();
  const Searcher searcher(*words_only, *gallery.store, nullptr, gallery.clock);
  const auto none = searcher.search({}, gallery.ask());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::unsupported);
}

TEST(PictureSearch, RanksAreMixedAsWell) {
  Gallery gallery;
  auto query = gallery.ask(0.5);
  query.text = "yoga";
  query.mode = SearchMode::rrf;
  query.min_score = 0;
  const auto answer = gallery.answer(query);
  ASSERT_FALSE(answer.hits.empty());
  for (const auto& hit : answer.hits) EXPECT_NEAR(total_of(hit), hit.score, 1e-6);
}

}  // namespace
}  // namespace cdx
