// Thousands of names that people might have, in several segments, some of them dead: finding by name and
// completing must be what the plain reference says, name by name.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "index/index.h"
#include "index/reference.h"
#include "index/run_bests.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

// Few syllables, so that many names begin alike, differ by a letter, and are held by several.
constexpr const char* syllables[] = {"ma", "ri", "a", "na", "jo", "han", "net",   "work", "be", "ast",
                                     "ка", "é",  "n", "s",  "科", "lu",  "chuck", "mr",   "o",  "th"};

class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 400; ++i) {
      std::string word;
      for (auto n = 1 + below(4); n > 0; --n)
        word += syllables[below(below(2) == 0 ? 6 : std::size(syllables))];
      words_.push_back(word);
    }
  }
  static Schema schema() {
    Schema out;
    out.texts = {{"name"}, {"handle"}};
    out.numbers = {{"followers"}, {"rate"}};
    out.name_fields = {0, 1};
    return out;
  }
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  const std::string& word() { return words_[below(below(3) == 0 ? words_.size() : 40)]; }
  std::string name() {
    auto out = word();
    for (auto n = below(3); n > 0; --n) out += " " + word();
    return out;
  }
  Document document(std::size_t id) {
    Document out;
    out.id = id * 7919;
    const auto full = name();
    out.texts = {full, below(3) == 0 ? "" : word() + "_" + word() + std::to_string(below(30))};
    const double followers[] = {0, 0, -5, 100, 100, 1e6, no_number, static_cast<double>(below(1'000))};
    out.numbers = {followers[below(std::size(followers))], below(2) == 0 ? no_number : 0.5};
    return out;
  }
  IndexBatch batch(std::size_t ids, std::size_t count) {
    IndexBatch out;
    for (std::size_t i = 0; i < count; ++i) out.upserts.push_back(document(below(ids)));
    for (std::size_t i = 0; i < count / 10; ++i) out.removals.push_back(below(ids) * 7919);
    return out;
  }
  std::string slip(std::string word) {
    const auto at = below(word.size());
    const auto letter = static_cast<char>('a' + below(20));
    switch (below(4)) {
      case 0:
        return word.erase(at, 1);
      case 1:
        return word.insert(at, 1, letter);
      case 2:
        word[at] = letter;
        return word;
      default:
        if (at > 0) std::swap(word[at], word[at - 1]);
        return word;
    }
  }
  // What somebody types: a name, a part of it, its words run together, none, one or two slips.
  std::string question() {
    auto out = name();
    if (below(4) == 0) out += word();
    if (below(4) == 0) std::erase(out, ' ');
    for (auto n = below(3); n > 0 && !out.empty(); --n) out = slip(out);
    if (below(6) == 0) out = std::string(text::clip(out, below(out.size() + 1)));
    return text::fold(out);
  }

 private:
  std::mt19937_64 random_;
  std::vector<std::string> words_;
};

struct Both {
  explicit Both(Crowd& crowd, std::size_t ids, std::size_t batches, std::size_t segment_documents)
      : reference(Crowd::schema()) {
    IndexOptions options;
    options.segment_documents = segment_documents;
    index = std::move(*make_index(Crowd::schema(), options));
    for (std::size_t i = 0; i < batches; ++i) {
      const auto batch = crowd.batch(ids, ids / batches + 1);
      EXPECT_TRUE(index->apply(Call{}, batch));
      reference.apply(batch);
    }
  }
  std::unique_ptr<Index> index;
  Reference reference;
};

TEST(NamesOracle, FindsWhatThePlainReferenceFinds) {
  std::size_t named = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Crowd crowd(seed);
    const Both both(crowd, 1'000, 6, seed == 1 ? 400 : 50'000);
    const auto snapshot = both.index->snapshot();
    for (int i = 0; i < 700 && !::testing::Test::HasFailure(); ++i) {
      Retrieval retrieval;
      retrieval.name_query = crowd.question();
      SCOPED_TRACE(retrieval.name_query);
      const auto got = snapshot->retrieve(Call{}, retrieval);
      ASSERT_TRUE(got);
      const auto want = both.reference.retrieve(retrieval);
      ASSERT_EQ(got->documents, want.documents);
      EXPECT_EQ(got->names_cut, want.names_cut);
      for (std::size_t k = 0; k < want.documents.size(); ++k)
        EXPECT_NEAR(got->name_match[k], want.name_match[k], 1e-6) << want.documents[k];
      if (!retrieval.name_query.empty()) named += want.documents.size();
    }
  }
  EXPECT_GT(named, 5'000U);
}

TEST(NamesOracle, CompletesLikeThePlainReference) {
  std::size_t offered = 0;
  for (const std::uint64_t seed : {4U, 5U, 6U}) {
    Crowd crowd(seed);
    const Both both(crowd, 4'000, 8, seed == 4 ? 900 : 50'000);  // many pieces of 64 runs for one prefix
    const auto snapshot = both.index->snapshot();
    for (int i = 0; i < 250 && !::testing::Test::HasFailure(); ++i) {
      const auto text = crowd.question();
      const auto prefix = std::string(text::clip(text, 1 + crowd.below(6)));
      const auto max = 1 + crowd.below(crowd.below(10) == 0 ? 60 : 12);
      const char* fields[] = {"followers", "followers", "rate", "none"};
      const auto* field = fields[crowd.below(4)];
      SCOPED_TRACE(prefix + " by " + field);
      const auto got = snapshot->complete(prefix, field, max);
      const auto want = both.reference.complete(prefix, field, max);
      ASSERT_EQ(got.size(), want.size());
      for (std::size_t k = 0; k < want.size(); ++k) {
        EXPECT_EQ(got[k].document, want[k].document) << k;
        EXPECT_EQ(got[k].text, want[k].text) << k;
        EXPECT_EQ(got[k].weight, want[k].weight) << k;
      }
      offered += want.size();
    }
  }
  EXPECT_GT(offered, 3'000U);
}

}  // namespace
}  // namespace cdx::engine
