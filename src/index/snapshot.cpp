#include "index/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/guard.h"
#include "index/checks.h"
#include "index/filtering.h"
#include "index/gather.h"
#include "index/name_search.h"
#include "index/plan.h"
#include "index/vector_search.h"
#include "index/word_search.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

// One question on its way through the legs.
class Walk {
 public:
  Walk(const Snapshot& snapshot, const Statistics& statistics, const Call& call, const Retrieval& retrieval)
      : snapshot_(snapshot),
        segments_(snapshot.segments()),
        statistics_(statistics),
        call_(call),
        retrieval_(retrieval) {}

  Result<Retrieved> run() {
    CDX_TRY(check_retrieval(retrieval_, snapshot_.schema()));
    CDX_TRY(filter());
    CDX_TRY(search_words());
    CDX_TRY(search_names());
    CDX_TRY(search_fields());
    if (!asked_) chosen_ = passing_;
    CDX_TRY(call_.check());
    gather();
    out_.generation = snapshot_.generation();
    out_.revision = snapshot_.revision();
    plan_.candidates = out_.documents.size();
    out_.plan = describe(plan_);
    return std::move(out_);
  }

 private:
  Status filter() {
    CDX_TRY_LET(const auto prepared, prepare_filter(retrieval_.filter, snapshot_.schema()));
    for (const auto& view : segments_) {
      CDX_TRY(call_.check());
      passing_.push_back(passing(prepared, snapshot_.schema(), view));
      chosen_.emplace_back(view->rows());
      out_.matching += passing_.back().count();
    }
    plan_.documents = snapshot_.size();
    plan_.matching = out_.matching;
    return {};
  }

  void choose(std::span<const Found> found) {
    for (const auto& one : found) chosen_[one.segment].set(one.row);
  }

  // The best `depth` of a leg become candidates; says how many the leg had.
  std::size_t choose_best(std::span<const RowScores> scores, std::size_t depth) {
    Best best(depth);
    for (std::uint32_t s = 0; s < scores.size(); ++s)
      for (std::size_t i = 0; i < scores[s].rows.size(); ++i)
        best.offer({scores[s].scores[i], segments_[s]->ids[scores[s].rows[i]], s, scores[s].rows[i]});
    choose(best.take());
    return best.offered();
  }

  Status search_words() {
    if (retrieval_.words.empty()) return {};
    asked_ = true;
    const auto plan = plan_words(segments_, statistics_, retrieval_.words);
    CDX_TRY_LET(words_, score_words(call_, segments_, passing_, statistics_, plan));
    out_.bm25_limit = plan.limit;
    plan_.words = plan;
    plan_.by_words = choose_best(words_, retrieval_.word_depth);
    out_.words_cut = plan_.by_words > retrieval_.word_depth;
    plan_.words_kept = std::min(plan_.by_words, retrieval_.word_depth);
    return {};
  }

  Status search_names() {
    if (retrieval_.name_query.empty()) return {};
    asked_ = true;
    CDX_TRY_LET(names_, score_names(call_, segments_, passing_, statistics_, retrieval_.name_query));
    plan_.by_name = choose_best(names_, most_named);
    return {};
  }

  Status search_fields() {
    fields_.resize(snapshot_.schema().vectors.size());
    for (std::size_t field = 0; field < retrieval_.vectors.size(); ++field) {
      if (retrieval_.vectors[field].empty()) continue;
      asked_ = true;
      CDX_TRY_LET(fields_[field], search_vectors(call_, segments_, passing_, field, retrieval_.vectors[field],
                                                 retrieval_.vector_depth));
      choose(fields_[field].best);
      plan_.fields.push_back(
          {snapshot_.schema().vectors[field].name, fields_[field].compared, fields_[field].best.size()});
    }
    return {};
  }

  void gather() {
    const auto& schema = snapshot_.schema();
    const auto candidates = place_candidates(segments_, chosen_, out_.documents);
    const auto size = out_.documents.size();
    out_.bm25 = gather_scores(candidates, size, words_);
    out_.name_match = gather_scores(candidates, size, names_);
    for (std::size_t field = 0; field < fields_.size(); ++field)
      out_.similarities.push_back(gather_similarities(segments_, candidates, size, field, fields_[field]));
    for (const auto& name : retrieval_.facet_fields)
      if (const auto field = field_number(schema.keywords, name))
        out_.facets[name] = gather_facet(segments_, candidates, size, *field);
    for (const auto& name : retrieval_.number_fields)
      if (const auto field = field_number(schema.numbers, name))
        out_.numbers[name] = gather_numbers(segments_, candidates, size, *field);
  }

  const Snapshot& snapshot_;
  const SegmentViews& segments_;
  const Statistics& statistics_;
  const Call& call_;
  const Retrieval& retrieval_;
  bool asked_ = false;  // for words, a name or a vector
  std::vector<Bitmap> passing_, chosen_;
  std::vector<RowScores> words_, names_;
  std::vector<FieldMatches> fields_;
  Plan plan_;
  Retrieved out_;
};

}  // namespace

Snapshot::Snapshot(std::shared_ptr<const Schema> schema, SegmentViews segments, double k1,
                   std::uint64_t generation, Revision revision)
    : schema_(std::move(schema)),
      segments_(std::move(segments)),
      statistics_(*schema_, segments_, k1),
      generation_(generation),
      revision_(revision) {}

Result<Retrieved> Snapshot::retrieve(const Call& call, const Retrieval& retrieval) const {
  return guard("index", ErrorKind::internal,
               [&]() -> Result<Retrieved> { return Walk(*this, statistics_, call, retrieval).run(); });
}

Result<std::vector<std::vector<WordPart>>> Snapshot::word_parts(
    const Call& call, const Retrieval& retrieval, std::span<const std::uint64_t> documents) const {
  return guard("index", ErrorKind::internal, [&]() -> Result<std::vector<std::vector<WordPart>>> {
    CDX_TRY(check_retrieval(retrieval, *schema_));
    const auto plan = plan_words(segments_, statistics_, retrieval.words);
    std::vector<std::vector<WordPart>> out(documents.size());
    for (std::size_t i = 0; i < documents.size(); ++i) {
      CDX_TRY(call.check());
      for (std::size_t s = 0; s < segments_.size(); ++s)
        if (const auto row = segments_[s].living_row(documents[i]))
          out[i] = explain_words(*schema_, segments_, statistics_, plan, s, *row);
    }
    return out;
  });
}

std::vector<std::vector<float>> Snapshot::vectors_of(std::uint64_t document) const {
  for (const auto& view : segments_) {
    const auto row = view.living_row(document);
    if (!row) continue;
    std::vector<std::vector<float>> out;
    for (const auto& column : view->vectors) {
      const auto slot = column.slot_of(*row);
      const auto vector = slot == none ? std::span<const float>() : column.at(slot);
      out.emplace_back(vector.begin(), vector.end());
    }
    return out;
  }
  return {};
}

std::vector<Completion> Snapshot::complete(std::string_view prefix, std::string_view weight_field,
                                           std::size_t max) const {
  struct Place {
    std::size_t segment;
    std::uint32_t entry;
    std::uint64_t id;
    double weight;
  };
  std::string squashed;
  for (const auto& word : name_words(prefix)) squashed += word;
  if (squashed.empty()) return {};
  const auto weights = field_number(schema_->numbers, weight_field);
  std::vector<Place> found;
  for (std::size_t s = 0; s < segments_.size(); ++s) {
    const auto& names = segments_[s]->names;
    const auto at = [&](std::size_t i) { return names.run(names.runs[i]); };
    const auto [low, high] = starting_with(0, names.runs.size(), at, squashed);
    std::vector<std::uint32_t> entries;
    for (auto i = low; i < high; ++i) entries.push_back(names.runs[i].entry);
    std::sort(entries.begin(), entries.end());
    auto last = none;
    for (const auto entry : entries) {
      const auto row = names.entries[entry].row;
      if (row == last || !segments_[s].alive(row))
        continue;  // a document's first field that matches is enough
      last = row;
      const auto weight = weights ? segments_[s]->numbers[*weights].of(row) : 0;
      found.push_back({s, entry, segments_[s]->ids[row], std::isnan(weight) ? 0 : weight});
    }
  }
  const auto wanted = std::min(max, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(wanted), found.end(),
                    [](const Place& a, const Place& b) {
                      return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
                    });
  std::vector<Completion> out;
  for (std::size_t i = 0; i < wanted; ++i)
    out.push_back({found[i].id, std::string(segments_[found[i].segment]->names.values[found[i].entry]),
                   found[i].weight});
  return out;
}

}  // namespace cdx::engine
