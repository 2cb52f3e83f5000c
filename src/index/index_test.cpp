#include "index/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <thread>

#include "index/made_up.h"
#include "index/reference.h"
#include "index/snapshot.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

std::unique_ptr<Index> open(std::size_t segment_documents = 50'000) {
  IndexOptions options;
  options.segment_documents = segment_documents;
  return std::move(*make_index(MadeUp::schema(), options));
}

Retrieved ask(const IndexSnapshot& snapshot, const Retrieval& retrieval) {
  auto out = snapshot.retrieve(Call{}, retrieval);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out ? *out : Retrieved{};
}

template <class T>
std::vector<std::uint64_t> bits(const std::vector<T>& values) {
  std::vector<std::uint64_t> out;
  for (const auto value : values) {
    if constexpr (sizeof(T) == 4) {
      out.push_back(std::isnan(value) ? 1 : std::bit_cast<std::uint32_t>(value));
    } else {
      out.push_back(std::isnan(value) ? 1 : std::bit_cast<std::uint64_t>(value));
    }
  }
  return out;
}

void expect_near(const std::vector<float>& got, const std::vector<float>& want, std::string_view what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], want[i], 1e-5 * (1 + want[i])) << what << " " << i;
}

// All that does not depend on how scores are rounded.
void expect_same_columns(const Retrieved& got, const Retrieved& want) {
  EXPECT_EQ(got.documents, want.documents);
  EXPECT_EQ(got.matching, want.matching);
  EXPECT_EQ(got.words_cut, want.words_cut);
  EXPECT_EQ(got.names_cut, want.names_cut);
  EXPECT_EQ(bits(got.floors), bits(want.floors));
  ASSERT_EQ(got.contrasts.size(), want.contrasts.size());
  for (std::size_t c = 0; c < got.contrasts.size(); ++c) {
    ASSERT_EQ(got.contrasts[c].size(), want.contrasts[c].size());
    for (std::size_t f = 0; f < got.contrasts[c].size(); ++f)
      EXPECT_EQ(bits(got.contrasts[c][f]), bits(want.contrasts[c][f]));
  }
  ASSERT_EQ(got.similarities.size(), want.similarities.size());
  for (std::size_t f = 0; f < got.similarities.size(); ++f)
    EXPECT_EQ(bits(got.similarities[f]), bits(want.similarities[f]));
  ASSERT_EQ(got.facets.size(), want.facets.size());
  for (const auto& [name, facet] : want.facets) {
    EXPECT_EQ(got.facets.at(name).values, facet.values);
    EXPECT_EQ(got.facets.at(name).begin, facet.begin);
    EXPECT_EQ(got.facets.at(name).ordinals, facet.ordinals);
  }
  ASSERT_EQ(got.numbers.size(), want.numbers.size());
  for (const auto& [name, numbers] : want.numbers) EXPECT_EQ(bits(got.numbers.at(name)), bits(numbers));
}

void expect_equal(const Retrieved& got, const Retrieved& want) {
  expect_same_columns(got, want);
  expect_near(got.bm25, want.bm25, "bm25");
  expect_near(got.name_match, want.name_match, "name");
  EXPECT_NEAR(got.bm25_limit, want.bm25_limit, 1e-5 * (1 + want.bm25_limit));
  for (const auto score : got.bm25) EXPECT_LE(score, got.bm25_limit * (1 + 1e-6));
}

// Scores are rounded differently by the reference: where a cut falls between equals, either may be kept.
bool cut_between_equals(const Reference& reference, const Retrieval& retrieval, const Retrieved& got,
                        const Retrieved& want) {
  if (!want.words_cut || got.documents == want.documents) return false;
  auto uncut = retrieval;
  uncut.word_depth = 1'000'000;
  const auto all = reference.retrieve(uncut);
  std::vector<float> scores;
  for (const auto score : all.bm25)
    if (score > 0) scores.push_back(score);
  std::sort(scores.begin(), scores.end(), std::greater<>());
  const auto last = scores.at(retrieval.word_depth - 1);
  std::vector<std::uint64_t> differ;
  std::set_symmetric_difference(got.documents.begin(), got.documents.end(), want.documents.begin(),
                                want.documents.end(), std::back_inserter(differ));
  return std::all_of(differ.begin(), differ.end(), [&](std::uint64_t id) {
    const auto at = std::lower_bound(all.documents.begin(), all.documents.end(), id) - all.documents.begin();
    return std::abs(all.bm25.at(static_cast<std::size_t>(at)) - last) <= 1e-5F * (1 + last);
  });
}

void expect_identical(const Retrieved& got, const Retrieved& want) {
  expect_same_columns(got, want);
  EXPECT_EQ(bits(got.bm25), bits(want.bm25));
  EXPECT_EQ(bits(got.name_match), bits(want.name_match));
  EXPECT_EQ(got.bm25_limit, want.bm25_limit);
  EXPECT_EQ(got.plan, want.plan);
}

// Parts add up to the score, for every candidate.
void expect_parts_add_up(const IndexSnapshot& snapshot, const Retrieval& retrieval, const Retrieved& got) {
  const auto parts = snapshot.word_parts(Call{}, retrieval, got.documents);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), got.documents.size());
  for (std::size_t i = 0; i < parts->size(); ++i) {
    double sum = 0;
    for (const auto& part : (*parts)[i]) sum += part.score;
    EXPECT_NEAR(sum, got.bm25[i], 1e-6 * (1 + sum));
  }
}

TEST(Index, AnswersLikeThePlainReferenceWhateverHappensToItsDocuments) {
  std::size_t questions = 0, named = 0, respelt = 0, cuts = 0;
  for (std::uint64_t seed = 1; seed <= 40 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    MadeUp made(seed);
    const auto index = open(1 + made.below(40));
    Reference reference(MadeUp::schema());
    for (int step = 0; step < 20 && !HasFailure(); ++step) {
      const auto batch = made.batch(step % 7 == 0 ? 40 : 3);
      ASSERT_TRUE(index->apply(Call{}, batch));
      reference.apply(batch);
      const auto snapshot = index->snapshot();
      ASSERT_EQ(snapshot->size(), reference.documents().size());
      for (int i = 0; i < 6 && !HasFailure(); ++i, ++questions) {
        const auto retrieval = made.retrieval();
        const auto got = ask(*snapshot, retrieval);
        SCOPED_TRACE(got.plan + " | name: " + retrieval.name_query + " | " + describe(retrieval.filter));
        const auto want = reference.retrieve(retrieval);
        const bool equals = cut_between_equals(reference, retrieval, got, want);
        cuts += equals;
        if (!equals) expect_equal(got, want);
        expect_parts_add_up(*snapshot, retrieval, got);
        named += std::any_of(got.name_match.begin(), got.name_match.end(), [](float x) { return x > 0; });
        respelt += got.plan.find("read as") != std::string::npos;
      }
    }
  }
  EXPECT_EQ(questions, 4'800U);
  EXPECT_GT(named, 400U);  // the cases did reach what they are for
  EXPECT_GT(respelt, 300U);
  EXPECT_LT(cuts, 20U);  // the exception stays one
}

TEST(Index, ALargerIndexAnswersLikeThePlainReferenceToo) {
  MadeUp made(77, 2'000);
  const auto index = open(900);
  Reference reference(MadeUp::schema());
  for (int step = 0; step < 4; ++step) {
    IndexBatch batch;
    for (int i = 0; i < 700; ++i) batch.upserts.push_back(made.document());
    ASSERT_TRUE(index->apply(Call{}, batch));
    reference.apply(batch);
    for (int i = 0; i < 12 && !HasFailure(); ++i) {
      const auto retrieval = made.retrieval();
      const auto got = ask(*index->snapshot(), retrieval);
      SCOPED_TRACE(got.plan + " | name: " + retrieval.name_query + " | " + describe(retrieval.filter));
      expect_equal(got, reference.retrieve(retrieval));
    }
    for (int i = 0; i < 40; ++i) {  // rare values are kept in another way than frequent ones
      Retrieval retrieval;
      retrieval.filter = Filter::keyword_in("niche", {"rare" + std::to_string(i)});
      expect_equal(ask(*index->snapshot(), retrieval), reference.retrieve(retrieval));
    }
  }
}

// Spaces of the dimensions that models have, side by side in one document: text fields with one row, pictures
// with many, each asked for on its own and together.
TEST(Index, SpacesOfManyDimensionsAndManyRowsAnswerLikeThePlainReference) {
  const std::vector<VectorField> fields{{"bio", 384},
                                        {"content", 384},
                                        {"picture", 512, "clip-b"},
                                        {"portrait", 768, "clip-l"},
                                        {"wide", 1536, "x"}};
  std::size_t asked = 0, many = 0;
  for (std::uint64_t seed = 1; seed <= 12 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    MadeUp made(seed, 60, fields);
    IndexOptions options;
    options.segment_documents = 1 + made.below(40);
    const auto index = make_index(made.own_schema(), options).value();
    Reference reference(made.own_schema());
    for (int step = 0; step < 6 && !HasFailure(); ++step) {
      const auto batch = made.batch(step == 3 ? 40 : 8);
      for (const auto& document : batch.upserts)
        for (std::size_t f = 0; f < fields.size(); ++f)
          if (document.vectors[f].size() > fields[f].dimension) ++many;
      ASSERT_TRUE(index->apply(Call{}, batch));
      reference.apply(batch);
      const auto snapshot = index->snapshot();
      for (int i = 0; i < 8 && !HasFailure(); ++i) {
        Retrieval retrieval;
        retrieval.vectors = made.asked(0.5);
        if (made.chance(0.4)) retrieval.contrasts.push_back(made.asked(0.5));
        if (made.chance(0.6)) retrieval.filter = made.filter(2);
        if (made.chance(0.5)) retrieval.vector_depth = made.below(8);
        ++asked;
        SCOPED_TRACE(describe(retrieval.filter));
        expect_equal(ask(*snapshot, retrieval), reference.retrieve(retrieval));
      }
      for (const auto& [id, document] : reference.documents())
        EXPECT_EQ(snapshot->vectors_of(id), document.vectors);
    }
  }
  EXPECT_GT(asked, 500U);
  EXPECT_GT(many, 100U);
}

TEST(Index, AnswersAlikeHoweverTheDocumentsCameIn) {
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    MadeUp made(seed);
    std::vector<IndexBatch> batches;
    for (int i = 0; i < 30; ++i) batches.push_back(made.batch(4));
    const auto slow = open(10);
    Reference reference(MadeUp::schema());
    for (const auto& batch : batches) {
      ASSERT_TRUE(slow->apply(Call{}, batch));
      reference.apply(batch);
    }
    IndexBatch all;
    for (const auto& [id, document] : reference.documents()) all.upserts.push_back(document);
    const auto fast = open();
    ASSERT_TRUE(fast->apply(Call{}, all));
    for (int i = 0; i < 40; ++i) {
      const auto retrieval = made.retrieval();
      expect_identical(ask(*slow->snapshot(), retrieval), ask(*fast->snapshot(), retrieval));
    }
  }
}

TEST(Index, EqualFiltersGiveEqualAnswersHoweverTheyAreWritten) {
  MadeUp made(7);
  const auto index = open(16);
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(index->apply(Call{}, made.batch(12)));
  const auto snapshot = index->snapshot();
  std::size_t some = 0;
  for (int i = 0; i < 10'000 && !HasFailure(); ++i) {
    auto retrieval = made.retrieval();
    retrieval.filter = made.filter(3);
    auto other = retrieval;
    other.filter = made.rewritten(retrieval.filter);
    SCOPED_TRACE(describe(retrieval.filter) + "   against   " + describe(other.filter));
    const auto first = ask(*snapshot, retrieval), second = ask(*snapshot, other);
    expect_identical(first, second);
    some += first.matching > 0 && first.matching < snapshot->size();
  }
  EXPECT_GT(some, 3'000U);
}

TEST(Index, ASnapshotStaysAsItWas) {
  MadeUp made(11);
  const auto index = open(8);
  ASSERT_TRUE(index->apply(Call{}, made.batch(60)));
  const auto old = index->snapshot();
  std::vector<Retrieval> questions;
  std::vector<Retrieved> answers;
  for (int i = 0; i < 20; ++i) {
    questions.push_back(made.retrieval());
    answers.push_back(ask(*old, questions.back()));
  }
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(index->apply(Call{}, made.batch(5)));
    EXPECT_NE(index->snapshot()->generation(), old->generation());
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto again = ask(*old, questions[i]);
    expect_identical(again, answers[i]);
    EXPECT_EQ(again.generation, answers[i].generation);
  }
}

TEST(Index, ReadersSeeWholeBatchesWhileTheWriterApplies) {
  const auto index = open(64);
  constexpr std::size_t together = 5;  // documents that every batch replaces: their numbers must always agree
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  std::atomic<std::size_t> answers = 0, torn = 0;
  for (int r = 0; r < 3; ++r)
    readers.emplace_back([&] {
      Retrieval retrieval;
      retrieval.number_fields = {"followers"};
      retrieval.words = {{"run", "run", 1}};
      while (!done) {
        const auto got = index->snapshot()->retrieve(Call{}, retrieval);
        if (!got) continue;
        const auto& numbers = got->numbers.at("followers");
        const bool whole =
            std::adjacent_find(numbers.begin(), numbers.end(), std::not_equal_to<>()) == numbers.end();
        torn += !whole || (!numbers.empty() && numbers.size() != together) ? 1U : 0U;
        ++answers;
      }
    });
  MadeUp made(3);
  for (int i = 0; i < 200 || answers < 50; ++i) {
    IndexBatch batch;
    for (std::uint64_t id = 0; id < together; ++id) {
      auto document = made.document();
      document.id = id;
      document.texts = {"run", "", "", ""};
      document.numbers[0] = i;
      batch.upserts.push_back(document);
    }
    batch.reached = {static_cast<std::uint64_t>(i)};
    ASSERT_TRUE(index->apply(Call{}, batch));
  }
  done = true;
  readers.clear();
  EXPECT_EQ(torn, 0U);
}

TEST(Index, KeepsFewSegments) {
  MadeUp made(5);
  const auto index = open(256);
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    IndexBatch batch;
    batch.upserts.push_back(made.document());
    batch.upserts.back().id = i % 2'000;
    ASSERT_TRUE(index->apply(Call{}, batch));
  }
  const auto snapshot = std::dynamic_pointer_cast<const Snapshot>(index->snapshot());
  EXPECT_EQ(snapshot->size(), 2'000U);
  EXPECT_LE(snapshot->segments().size(), 2'000 / 256 + 3 * 4 + 1U);
  for (const auto& view : snapshot->segments()) EXPECT_GE(view.living() * 4, view->rows() * 3);
}

TEST(Index, AnEmptyIndexAnswersEverythingWithNothing) {
  const auto snapshot = open()->snapshot();
  MadeUp made(1);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(ask(*snapshot, made.retrieval()).documents.empty());
  EXPECT_TRUE(snapshot->complete("a", "followers", 5).empty());
  EXPECT_TRUE(snapshot->vectors_of(0).empty());
  EXPECT_EQ(snapshot->size(), 0U);
}

TEST(Index, ALaterUpsertWinsAndARemovalWinsOverBoth) {
  const auto index = open();
  MadeUp made(2);
  auto one = made.document(), two = made.document(), three = made.document();
  one.id = two.id = 5;
  one.texts[0] = "first";
  two.texts[0] = "second";
  three.id = 6;
  ASSERT_TRUE(index->apply(Call{}, {{one, three, two}, {6, 77}, {9}}));
  const auto snapshot = index->snapshot();
  EXPECT_EQ(snapshot->size(), 1U);
  EXPECT_EQ(snapshot->revision(), Revision{9});
  EXPECT_EQ(snapshot->complete("sec", "", 5).at(0).text, "second");
}

struct Misfit {
  const char* message;
  void (*spoil)(Document&);
};
void PrintTo(const Misfit& misfit, std::ostream* out) { *out << misfit.message; }
class IndexRefuses : public ::testing::TestWithParam<Misfit> {};

TEST_P(IndexRefuses, ADocumentThatDoesNotFitAndChangesNothing) {
  const auto index = open();
  MadeUp made(4);
  auto good = made.document(), bad = made.document();
  good.id = 1;
  bad.id = 42;
  bad.vectors[0] = made.vector(12);
  ASSERT_TRUE(index->apply(Call{}, {{good}, {}, {1}}));
  GetParam().spoil(bad);
  const auto status = index->apply(Call{}, {{made.document(), bad}, {1}, {2}});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::invalid);
  EXPECT_THAT(status.error().message, ::testing::AllOf(::testing::HasSubstr("document 42"),
                                                       ::testing::HasSubstr(GetParam().message)));
  EXPECT_EQ(index->snapshot()->size(), 1U);
  EXPECT_EQ(index->snapshot()->revision(), Revision{1});
}

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();
INSTANTIATE_TEST_SUITE_P(
    Misfits, IndexRefuses,
    ::testing::Values(
        Misfit{"3 text values for 4", [](Document& d) { d.texts.pop_back(); }},
        Misfit{"3 keyword values for 2", [](Document& d) { d.keywords.emplace_back(); }},
        Misfit{"0 number values for 2", [](Document& d) { d.numbers.clear(); }},
        Misfit{"1 vector values for 2", [](Document& d) { d.vectors.pop_back(); }},
        Misfit{"\"bio\" has dimension 12, not 13", [](Document& d) { d.vectors[0].push_back(0); }},
        Misfit{"\"bio\": component 3 is not a finite", [](Document& d) { d.vectors[0][3] = nan_value; }},
        Misfit{"\"bio\": component 0 is not a finite", [](Document& d) { d.vectors[0][0] = infinite; }},
        Misfit{"\"bio\": not a unit row, its length is 0",
               [](Document& d) { d.vectors[0].assign(12, 0.0F); }},
        Misfit{"\"bio\": not a unit row, its length is", [](Document& d) { d.vectors[0].assign(12, 1e30F); }},
        Misfit{"text field \"content\" has", [](Document& d) { d.texts[3].assign((4U << 20U) + 1, 'a'); }},
        Misfit{"keyword field \"niche\" has", [](Document& d) { d.keywords[1].resize(10'001); }}));

TEST(Index, RefusesQuestionsThatDoNotFitTheSchema) {
  const auto snapshot = open()->snapshot();
  const auto refused = [&](const Retrieval& retrieval, const char* why) {
    const auto got = snapshot->retrieve(Call{}, retrieval);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, ErrorKind::invalid);
    EXPECT_THAT(got.error().message, ::testing::HasSubstr(why));
  };
  Retrieval bad;
  bad.facet_fields = {"followers"};
  refused(bad, "no keyword field \"followers\"");
  bad = {};
  bad.number_fields = {"none"};
  refused(bad, "no number field \"none\"");
  bad = {};
  bad.filter = Filter::number_in("country", 1, {});
  refused(bad, "no number field \"country\"");
  bad = {};
  bad.vectors = {{1.0F}};
  refused(bad, "1 vector values for 2");
  bad.vectors = {{1.0F}, {}};
  refused(bad, "dimension 12, not 1");
  bad.vectors = {std::vector<float>(12, 1.0F), {}};
  refused(bad, "not a unit row");
  bad = {};
  bad.words = {{"a", "a", -1}};
  refused(bad, "weight -1");
  bad.words = {{"a", "a", std::nan("")}};
  refused(bad, "weight nan");
  bad.words.assign(1'001, {"a", "a", 1});
  refused(bad, "1001 words");
  bad.words = {{"a", "a", 1, {{"b", 1.5}}}};
  refused(bad, "factor 1.5 of \"b\"");
  bad.words = {{"a", "a", 1, {{"b", 0}}}};
  refused(bad, "factor 0 of \"b\"");
  bad = {};
  bad.contrasts = {{{}, {}}, {{1.0F}, {}}};
  refused(bad, "dimension 12, not 1");
  bad.contrasts.assign(17, {{}, {}});
  refused(bad, "17 sets of contrasts");
  bad = {};
  bad.filter = Filter::phrase_in("niche", {"a"});
  refused(bad, "no text field \"niche\"");
  bad = {};
  for (int i = 0; i < 200; ++i) bad.filter = Filter::none_of(bad.filter);
  refused(bad, "deeper than 100");
}

Document with_bio(std::uint64_t id, std::string bio, std::vector<float> vector = {}) {
  return {id, {"", "", std::move(bio), ""}, {{}, {}}, {no_number, no_number}, {std::move(vector), {}}};
}

TEST(Index, ContrastsAreComparedWithButBringNoCandidates) {
  std::vector<float> here(12, 0.0F), there(12, 0.0F);
  here[0] = there[1] = 1;
  const auto index = open();
  ASSERT_TRUE(index->apply(
      Call{}, {{with_bio(1, "code", here), with_bio(2, "music", there), with_bio(3, "code")}, {}, {}}));
  Retrieval retrieval;
  retrieval.words = {{"code", "code", 1}};
  retrieval.contrasts = {{here, {}}, {there, {}}};
  const auto got = ask(*index->snapshot(), retrieval);
  EXPECT_EQ(got.documents, (std::vector<std::uint64_t>{1, 3}));
  ASSERT_EQ(got.contrasts.size(), 2U);
  EXPECT_EQ(got.contrasts[0][0][0], 1.0F);
  EXPECT_EQ(got.contrasts[1][0][0], 0.0F);
  EXPECT_TRUE(std::isnan(got.contrasts[0][0][1]));
  EXPECT_TRUE(std::isnan(got.contrasts[0][1][0]));
}

TEST(Index, AnAlternativeNeverOutscoresTheWordAsked) {
  const auto index = open();
  IndexBatch batch;
  for (std::uint64_t id = 1; id <= 6; ++id) batch.upserts.push_back(with_bio(id, "fitness channel"));
  batch.upserts.push_back(with_bio(7, "gym channel"));  // rarer than what it stands for
  batch.upserts.push_back(with_bio(8, "music channel"));
  ASSERT_TRUE(index->apply(Call{}, batch));
  Retrieval retrieval;
  retrieval.words = {{"fit", "fitness", 1, {{"gym", 0.8}}}};
  retrieval.words[0].term = text::stem("fitness");
  const auto got = ask(*index->snapshot(), retrieval);
  EXPECT_EQ(got.documents, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_NEAR(got.bm25[6], 0.8 * static_cast<double>(got.bm25[0]), 1e-5);
  retrieval.words[0].term = retrieval.words[0].surface = "sambo";  // nobody has it, one has what it means
  const auto other = ask(*index->snapshot(), retrieval);
  EXPECT_EQ(other.documents, (std::vector<std::uint64_t>{7}));
}

TEST(Index, APhraseNeedsAllItsTermsInOneField) {
  const auto index = open();
  auto parted = with_bio(3, "york");
  parted.texts[0] = "new";
  ASSERT_TRUE(
      index->apply(Call{}, {{with_bio(1, "new york food"), with_bio(2, "new music"), parted}, {}, {}}));
  const auto found = [&](Filter filter) {
    Retrieval retrieval;
    retrieval.filter = std::move(filter);
    return ask(*index->snapshot(), retrieval).documents;
  };
  using Ids = std::vector<std::uint64_t>;
  EXPECT_EQ(found(Filter::phrase_in("", {"new", "york"})), (Ids{1}));
  EXPECT_EQ(found(Filter::none_of(Filter::phrase_in("", {"new", "york"}))), (Ids{2, 3}));
  EXPECT_EQ(found(Filter::phrase_in("bio", {"new"})), (Ids{1, 2}));
  EXPECT_EQ(found(Filter::phrase_in("name", {"new"})), (Ids{3}));
  EXPECT_EQ(found(Filter::phrase_in("", {"nowhere"})), Ids{});
}

TEST(Index, RefusesSchemasThatContradictThemselves) {
  const auto refused = [](const auto& spoil, const char* why) {
    auto schema = MadeUp::schema();
    spoil(schema);
    const auto made = make_index(schema);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::invalid);
    EXPECT_THAT(made.error().message, ::testing::HasSubstr(why));
  };
  refused([](Schema& s) { s.texts.push_back({"bio"}); }, "text field \"bio\" twice");
  refused([](Schema& s) { s.numbers.push_back({"niche"}); }, "number field \"niche\" twice");
  refused([](Schema& s) { s.vectors.push_back({"bio", 3}); }, "vector field \"bio\" twice");
  refused([](Schema& s) { s.vectors[0].dimension = 0; }, "dimension 0");
  refused([](Schema& s) { s.name_fields.push_back(4); }, "name field 4");
  refused([](Schema& s) { s.name_fields.push_back(0); }, "name field \"name\" twice");
  refused([](Schema& s) { s.texts[0].weight = -1; }, "weight -1");
  refused([](Schema& s) { s.texts[0].length_weight = std::nan(""); }, "length weight");
  refused([](Schema& s) { s.keywords[0].name = ""; }, "without a name");
  IndexOptions options;
  options.segment_documents = 0;
  EXPECT_FALSE(make_index(MadeUp::schema(), options));
  options = {};
  options.k1 = std::nan("");
  EXPECT_FALSE(make_index(MadeUp::schema(), options));
}

TEST(Index, StopsWhenToldTo) {
  const auto index = open();
  MadeUp made(9);
  ASSERT_TRUE(index->apply(Call{}, made.batch(20)));
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  EXPECT_EQ(index->apply(call, made.batch(5)).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(index->snapshot()->retrieve(call, made.retrieval()).error().kind, ErrorKind::cancelled);
  call = {};
  call.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(index->snapshot()->retrieve(call, made.retrieval()).error().kind, ErrorKind::timed_out);
}

TEST(Index, GivesBackTheVectorsOfADocument) {
  MadeUp made(21);
  const auto index = open(4);
  Reference reference(MadeUp::schema());
  for (int i = 0; i < 20; ++i) {
    const auto batch = made.batch(5);
    ASSERT_TRUE(index->apply(Call{}, batch));
    reference.apply(batch);
  }
  const auto snapshot = index->snapshot();
  for (const auto& [id, document] : reference.documents())
    EXPECT_EQ(snapshot->vectors_of(id), document.vectors);
  EXPECT_TRUE(snapshot->vectors_of(999).empty());
  const std::vector<std::uint64_t> unknown{999};
  EXPECT_EQ(snapshot->word_parts(Call{}, made.retrieval(), unknown)->at(0).size(), 0U);
}

TEST(Index, CompletesNamesLikeThePlainReference) {
  MadeUp made(31);
  const auto index = open(8);
  Reference reference(MadeUp::schema());
  for (int i = 0; i < 25; ++i) {
    const auto batch = made.batch(6);
    ASSERT_TRUE(index->apply(Call{}, batch));
    reference.apply(batch);
    for (int j = 0; j < 20; ++j) {
      const auto text = made.words(2);
      const auto prefix = text::clip(text, made.below(8));
      const auto max = made.below(6);
      const auto* field = made.chance(0.8) ? "followers" : "none";
      const auto got = index->snapshot()->complete(prefix, field, max);
      const auto want = reference.complete(prefix, field, max);
      ASSERT_EQ(got.size(), want.size()) << prefix;
      for (std::size_t k = 0; k < got.size(); ++k) {
        EXPECT_EQ(got[k].document, want[k].document) << prefix;
        EXPECT_EQ(got[k].text, want[k].text);
        EXPECT_EQ(got[k].weight, want[k].weight);
      }
    }
  }
}

TEST(Index, LimitsChangeWhoIsACandidateButNoScore) {
  MadeUp made(13);
  const auto index = open(16);
  ASSERT_TRUE(index->apply(Call{}, made.batch(80)));
  const auto snapshot = index->snapshot();
  for (int i = 0; i < 200; ++i) {
    auto narrow = made.retrieval();
    auto wide = narrow;
    wide.word_depth = wide.vector_depth = 1'000;
    const auto few = ask(*snapshot, narrow), many = ask(*snapshot, wide);
    std::size_t at = 0;
    for (std::size_t k = 0; k < few.documents.size(); ++k) {
      while (at < many.documents.size() && many.documents[at] < few.documents[k]) ++at;
      ASSERT_LT(at, many.documents.size());
      ASSERT_EQ(many.documents[at], few.documents[k]);
      EXPECT_EQ(few.bm25[k], many.bm25[at]);
      EXPECT_EQ(few.name_match[k], many.name_match[at]);
    }
  }
}

}  // namespace
}  // namespace cdx::engine
