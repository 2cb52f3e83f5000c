// Generations of an index in a folder: one takes the place of another while it is read, with the same fields
// or with pictures in another space.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "search/search.h"
#include "support/scratch.h"

namespace cdx {
namespace {

PictureSpace space(const std::string& name, std::size_t dimension) {
  return {name, picture_space_id(name), dimension, false};
}

// A creator whose pictures are `rows`, for a schema with or without a place for them.
Document creator(const Schema& schema, std::uint64_t id, std::vector<float> rows) {
  Document out;
  out.id = id;
  out.texts.resize(schema.texts.size());
  out.keywords.resize(schema.keywords.size());
  out.numbers.assign(schema.numbers.size(), no_number);
  out.vectors.resize(schema.vectors.size());
  if (const auto field = picture_field_of(schema)) out.vectors[*field] = std::move(rows);
  return out;
}

Status apply(SearchBackend& backend, const Schema& schema, std::vector<std::vector<float>> pictures) {
  IndexBatch batch;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    batch.upserts.push_back(creator(schema, i + 1, std::move(pictures[i])));
  batch.reached = Revision{pictures.size()};
  return backend.apply({}, batch);
}

Result<Retrieved> ask(const SearchView& view, const std::vector<float>& question) {
  Retrieval retrieval;
  retrieval.vectors.resize(view.schema().vectors.size());
  retrieval.vectors.back() = question;
  return view.retrieve({}, retrieval);
}

class Folder : public testing::Test {
 protected:
  std::unique_ptr<SearchBackend> open(const Schema& schema) {
    auto out = open_embedded_backend(posix_disk(), folder_, schema);
    EXPECT_TRUE(out) << (out ? "" : out.error().message);
    return out ? std::move(*out) : nullptr;
  }
  void build_next(const Schema& schema, std::vector<std::vector<float>> pictures) {
    auto next = begin_rebuild(posix_disk(), folder_, schema);
    ASSERT_TRUE(next) << next.error().message;
    ASSERT_TRUE(apply(**next, schema, std::move(pictures)));
    ASSERT_TRUE((*next)->compact({}));
  }
  const test::Scratch scratch_;
  const std::string folder_ = (scratch_.path() / "index").string();
  const Schema texts_ = creator_schema(4);
  const Schema one_ = creator_schema(4, space("one-1", 2)), two_ = creator_schema(4, space("two-2", 3));
  const std::vector<std::vector<float>> in_one_{{1, 0, 0, 1}, {0.6F, 0.8F}};
  const std::vector<std::vector<float>> in_two_{{0, 0, 1}, {0.6F, 0.8F, 0, 1, 0, 0}};
};

TEST_F(Folder, AGenerationGoesOnWithTheSpaceItWasWrittenForWhateverIsAsked) {
  EXPECT_FALSE(current_schema(posix_disk(), folder_, texts_).value());
  {
    const auto backend = open(one_);
    ASSERT_TRUE(apply(*backend, one_, in_one_));
  }
  for (const auto* asked : {&two_, &texts_, &one_}) {
    const auto backend = open(*asked);
    EXPECT_EQ(picture_space_of(backend->view()->schema()), "one-1");
    EXPECT_EQ(backend->view()->size(), 2U);  // nothing began anew
    EXPECT_EQ(picture_space_of(current_schema(posix_disk(), folder_, *asked).value().value()), "one-1");
  }
}

TEST_F(Folder, AnIndexWithoutPicturesGoesOnWithoutThem) {
  {
    const auto backend = open(texts_);
    ASSERT_TRUE(apply(*backend, texts_, {{}, {}}));
  }
  const auto backend = open(one_);
  EXPECT_EQ(backend->view()->size(), 2U);
  EXPECT_FALSE(picture_field_of(backend->view()->schema()));
}

TEST_F(Folder, AnotherSpaceTakesThePlaceOfOneThatIsRead) {
  const auto backend = open(one_);
  ASSERT_TRUE(apply(*backend, one_, in_one_));
  const auto before = backend->view();
  build_next(two_, in_two_);
  EXPECT_EQ(picture_space_of(backend->view()->schema()), "one-1");  // not before it takes its place
  ASSERT_TRUE(take_place(posix_disk(), folder_));
  ASSERT_EQ(backend->applied({}).value(), Revision{2});
  const auto after = backend->view();
  EXPECT_EQ(picture_space_of(after->schema()), "two-2");
  EXPECT_NE(after->generation(), before->generation());
  const auto found = ask(*after, {0.6F, 0.8F, 0}).value();
  ASSERT_EQ(found.documents, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_NEAR(found.similarities.back()[1], 1, 1e-4);
  // Who holds the old one reads on in it, and it takes no vector of the other.
  EXPECT_NEAR(ask(*before, {0, 1}).value().similarities.back()[0], 1, 1e-4);
  EXPECT_EQ(ask(*before, {0.6F, 0.8F, 0}).error().kind, ErrorKind::invalid);
  // And back again, by a start of another program that asks for neither.
  build_next(one_, in_one_);
  ASSERT_TRUE(take_place(posix_disk(), folder_));
  ASSERT_TRUE(backend->applied({}));
  EXPECT_EQ(picture_space_of(backend->view()->schema()), "one-1");
}

TEST_F(Folder, NoQuestionFailsWhileSpacesTakeTurns) {
  const auto backend = open(one_);
  ASSERT_TRUE(apply(*backend, one_, in_one_));
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> asked{0}, failed{0};
  std::vector<std::jthread> readers;
  for (int t = 0; t < 2; ++t)
    readers.emplace_back([&] {
      while (!stop) {
        const auto view = backend->view();  // as a search does: the question is made for the view it asks
        const bool first = picture_space_of(view->schema()) == "one-1";
        const auto found = ask(*view, first ? std::vector<float>{1, 0} : std::vector<float>{0, 0, 1});
        if (!found || found->documents.size() != 2) ++failed;
        ++asked;
      }
    });
  for (int turn = 0; turn < 10; ++turn) {
    build_next(turn % 2 == 0 ? two_ : one_, turn % 2 == 0 ? in_two_ : in_one_);
    ASSERT_TRUE(take_place(posix_disk(), folder_));
    ASSERT_TRUE(backend->applied({}));
  }
  stop = true;
  readers.clear();
  EXPECT_GT(asked, 20U);
  EXPECT_EQ(failed, 0U);
}

}  // namespace
}  // namespace cdx
