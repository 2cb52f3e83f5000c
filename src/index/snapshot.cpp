#include "index/snapshot.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/guard.h"
#include "index/checks.h"
#include "index/complete.h"
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
  Walk(const Snapshot& snapshot, const SegmentViews& segments, const Statistics& statistics, const Call& call,
       const Retrieval& retrieval)
      : snapshot_(snapshot),
        segments_(segments),
        statistics_(statistics),
        call_(call),
        retrieval_(retrieval),
        chosen_(segments.size()) {}

  Result<Retrieved> run() {
    CDX_TRY(filter());
    CDX_TRY(search_words());
    CDX_TRY(search_names());
    CDX_TRY(search_fields());
    if (!asked_) choose_all();
    CDX_TRY(call_.check());
    gather();
    out_.generation = snapshot_.generation();
    out_.revision = snapshot_.revision();
    plan_.candidates = out_.documents.size();
    plan_.unreadable = snapshot_.size() - statistics_.documents();
    out_.plan = describe(plan_);
    return std::move(out_);
  }

 private:
  Status filter() {
    CDX_TRY_LET(const auto prepared, prepare_filter(retrieval_.filter, snapshot_.schema()));
    for (const auto& view : segments_) {
      CDX_TRY(call_.check());
      CDX_TRY_LET(auto rows, passing(call_, prepared, snapshot_.schema(), view));
      passing_.push_back(std::move(rows));
      out_.matching += passing_.back().count;
    }
    plan_.documents = statistics_.documents();
    plan_.matching = out_.matching;
    return {};
  }

  void choose(std::span<const Found> found) {
    for (const auto& one : found) chosen_[one.segment].push_back(one.row);
  }
  void choose_all() {
    for (std::size_t s = 0; s < segments_.size(); ++s)
      passing_[s].rows.for_each([&](std::uint32_t row) { chosen_[s].push_back(row); });
  }

  Status search_words() {
    if (retrieval_.words.empty()) return {};
    asked_ = true;
    plan_.words = plan_words(segments_, statistics_, retrieval_.words);
    out_.bm25_limit = plan_.words.limit;
    CDX_TRY_LET(const auto found,
                best_by_words(call_, segments_, passing_, statistics_, plan_.words, retrieval_.word_depth));
    Best best(retrieval_.word_depth);
    for (std::uint32_t s = 0; s < segments_.size(); ++s)
      for (const auto& one : found.best[s].rows)
        best.offer({one.score, segments_[s]->ids[one.row], s, one.row});
    const auto kept = best.take();
    choose(kept);
    out_.words_cut = plan_.more_by_words = found.more;
    plan_.by_words = kept.size();
    return {};
  }

  Status search_names() {
    if (retrieval_.name_query.empty()) return {};
    asked_ = true;
    CDX_TRY_LET(names_, score_names(call_, segments_, passing_, statistics_, retrieval_.name_query));
    Best best(most_named);
    for (std::uint32_t s = 0; s < names_.size(); ++s)
      for (std::size_t i = 0; i < names_[s].rows.size(); ++i)
        best.offer({names_[s].scores[i], segments_[s]->ids[names_[s].rows[i]], s, names_[s].rows[i]});
    const auto kept = best.take();
    choose(kept);
    out_.names_cut = plan_.more_by_name = best.offered() > kept.size();
    plan_.by_name = kept.size();
    return {};
  }

  Status search_fields() {
    const auto& fields = snapshot_.schema().vectors;
    out_.floors.assign(fields.size(), no_similarity);
    for (std::size_t field = 0; field < retrieval_.vectors.size(); ++field) {
      if (retrieval_.vectors[field].empty()) continue;
      asked_ = true;
      CDX_TRY_LET(const auto found, search_vectors(call_, segments_, passing_, field,
                                                   retrieval_.vectors[field], retrieval_.vector_depth));
      choose(found.best);
      // The worst of what was kept; with nothing kept, anything may have been left out.
      if (found.more) out_.floors[field] = found.best.empty() ? 1.0F : found.best.back().score;
      plan_.fields.push_back(
          {fields[field].name, found.compared, found.estimated, found.best.size(), found.walked});
    }
    return {};
  }

  void gather() {
    const auto& schema = snapshot_.schema();
    for (auto& rows : chosen_) {
      std::sort(rows.begin(), rows.end());
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    }
    const auto candidates = place_candidates(segments_, chosen_, out_.documents);
    const auto size = out_.documents.size();
    out_.bm25 = gather_words(segments_, candidates, size, statistics_, plan_.words);
    out_.name_match = gather_scores(candidates, size, names_);
    for (std::size_t field = 0; field < schema.vectors.size(); ++field)
      out_.similarities.push_back(gather_similarities(segments_, candidates, size, field,
                                                      field < retrieval_.vectors.size()
                                                          ? std::span<const float>(retrieval_.vectors[field])
                                                          : std::span<const float>()));
    for (const auto& contrast : retrieval_.contrasts) {
      auto& columns = out_.contrasts.emplace_back();
      for (std::size_t field = 0; field < contrast.size(); ++field)
        columns.push_back(gather_similarities(segments_, candidates, size, field, contrast[field]));
    }
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
  std::vector<Passing> passing_;
  std::vector<std::vector<std::uint32_t>> chosen_;  // rows by segment
  std::vector<RowScores> names_;
  Plan plan_;
  Retrieved out_;
};

std::size_t damaged(const SegmentViews& segments) {
  return static_cast<std::size_t>(std::count_if(segments.begin(), segments.end(),
                                                [](const SegmentView& view) { return view->damaged(); }));
}

// Runs `ask(segments, statistics)` over the segments that are sound; again without those it found damaged, so
// that no damaged byte has a part in the answer.
template <class Ask>
auto over_sound(const Schema& schema, const SegmentViews& all, const Statistics& statistics, const Ask& ask) {
  auto known = damaged(all);
  if (known == 0) {
    auto out = ask(all, statistics);
    known = damaged(all);
    if (known == 0) return out;
  }
  for (;;) {
    SegmentViews sound;
    for (const auto& view : all)
      if (!view->damaged()) sound.push_back(view);
    const Statistics fewer(schema, sound, statistics.k1());
    auto out = ask(sound, fewer);
    if (damaged(sound) == 0) return out;
  }
}

}  // namespace

Snapshot::Snapshot(std::shared_ptr<const Schema> schema, SegmentViews segments, double k1,
                   std::uint64_t generation, Revision revision)
    : schema_(std::move(schema)),
      segments_(std::move(segments)),
      statistics_(*schema_, segments_, k1),
      generation_(generation),
      revision_(revision) {}

Result<Retrieved> Snapshot::retrieve(const Call& call, const Retrieval& retrieval) const {
  return guard("index", ErrorKind::internal, [&]() -> Result<Retrieved> {
    CDX_TRY(check_retrieval(retrieval, *schema_));
    return over_sound(*schema_, segments_, statistics_,
                      [&](const SegmentViews& segments, const Statistics& statistics) {
                        return Walk(*this, segments, statistics, call, retrieval).run();
                      });
  });
}

Result<std::vector<std::vector<WordPart>>> Snapshot::word_parts(
    const Call& call, const Retrieval& retrieval, std::span<const std::uint64_t> documents) const {
  return guard("index", ErrorKind::internal, [&]() -> Result<std::vector<std::vector<WordPart>>> {
    CDX_TRY(check_retrieval(retrieval, *schema_));
    return over_sound(*schema_, segments_, statistics_,
                      [&](const SegmentViews& segments, const Statistics& statistics) {
                        return explain(call, segments, statistics, retrieval, documents);
                      });
  });
}

Result<std::vector<std::vector<WordPart>>> Snapshot::explain(const Call& call, const SegmentViews& segments,
                                                             const Statistics& statistics,
                                                             const Retrieval& retrieval,
                                                             std::span<const std::uint64_t> documents) const {
  const auto plan = plan_words(segments, statistics, retrieval.words);
  std::vector<std::vector<WordPart>> out(documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    CDX_TRY(call.check());
    for (std::size_t s = 0; s < segments.size(); ++s)
      if (const auto row = segments[s].living_row(documents[i]))
        out[i] = explain_words(*schema_, segments, statistics, plan, s, *row);
  }
  return out;
}

std::vector<std::vector<float>> Snapshot::vectors_of(std::uint64_t document) const {
  return over_sound(*schema_, segments_, statistics_, [&](const SegmentViews& segments, const Statistics&) {
    std::vector<std::vector<float>> out;
    for (const auto& view : segments) {
      const auto row = view.living_row(document);
      if (!row) continue;
      for (const auto& field : view->vectors) {
        auto& rows = out.emplace_back();
        for (const auto& one : field.rows_of(*row)) rows.insert(rows.end(), one.begin(), one.end());
      }
    }
    return out;
  });
}

std::vector<Completion> Snapshot::complete(std::string_view prefix, std::string_view weight_field,
                                           std::size_t max) const {
  std::string squashed;
  for (const auto& word : name_words(prefix)) squashed += word;
  if (squashed.empty() || max == 0) return {};
  const auto weights = field_number(schema_->numbers, weight_field);
  return over_sound(*schema_, segments_, statistics_, [&](const SegmentViews& segments, const Statistics&) {
    return complete_names(segments, squashed, weights, max);
  });
}

}  // namespace cdx::engine
