// Where tuning gets its examples from: judgements, and use.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <span>

#include "evaluate/corpus_index.h"
#include "evaluate/tune.h"
#include "text/text.h"

namespace cdx::evaluate {
namespace {

constexpr std::size_t most_candidates = 1'000;
constexpr double absent = std::numeric_limits<double>::quiet_NaN();

std::size_t distinct_words(std::string_view words) {
  std::set<std::string> terms;
  for (const auto& token : text::analyse(words))
    if (!text::is_stop_word(token.term)) terms.insert(token.term);
  return terms.size();
}

// As a search would ask, less what it weighs afterwards.
Result<CandidateQuestion> question_of(const Call& call, EmbeddingProvider* embedder, const Schema& schema,
                                      const Understood& understood) {
  CandidateQuestion out;
  out.words = understood.rest;
  out.second_look = false;
  out.max = most_candidates;
  std::vector<Filter> conditions;
  for (const auto& chip : understood.chips)
    if (!chip.soft && chip.filter.kind != Filter::Kind::everything) conditions.push_back(chip.filter);
  out.filter = Filter::all_of(std::move(conditions));
  if (embedder == nullptr || understood.meaning.empty()) return out;
  const std::string_view texts[] = {understood.meaning};
  CDX_TRY_LET(const auto rows, embedder->embed(call, texts, TextRole::query));
  out.meaning = understood.meaning;
  out.vectors = for_text_fields(schema, rows.row(0));
  return out;
}

// Fields nobody has teach nothing.
void drop_empty_fields(TuneSet& set) {
  std::vector<bool> used(set.fields.size(), false);
  for (const auto& query : set.queries)
    for (const auto& one : query.candidates)
      for (std::size_t f = 0; f < used.size(); ++f)
        if (!std::isnan(one.cosines[f])) used[f] = true;
  const auto keep = [&](auto& list) {
    std::size_t to = 0;
    for (std::size_t f = 0; f < used.size(); ++f)
      if (used[f]) std::swap(list[to++], list[f]);
    list.resize(to);
  };
  for (auto& query : set.queries)
    for (auto& one : query.candidates) keep(one.cosines);
  keep(set.fields);
}

}  // namespace

Result<TuneSet> tune_set(const Call& call, Store& store, EmbeddingProvider* embedder,
                         const std::vector<JudgedDocument>& documents,
                         const std::vector<JudgedQuery>& queries, const Judgements& judgements,
                         const SearcherOptions& options,
                         const std::function<void(std::size_t done, std::size_t total)>& progress) {
  const SystemClock clock;
  CDX_TRY_LET(const auto corpus, index_corpus(call, store, embedder, clock, documents, progress));
  const Searcher searcher(*corpus.backend, store, embedder, clock, options);
  const auto& schema = corpus.backend->view()->schema();
  TuneSet out;
  for (const auto& field : schema.vectors) out.fields.push_back(field.name);
  for (const auto& asked : queries) {
    const auto judged = judgements.find(asked.id);
    if (judged == judgements.end()) continue;
    const auto understood = understand(asked.text);
    CDX_TRY_LET(const auto question, question_of(call, embedder, schema, understood));
    CDX_TRY_LET(const auto found, searcher.candidates(call, question));
    TuneQuery query{asked.id, distinct_words(understood.rest), {}, {}};
    for (const auto& [document, grade] : judged->second) query.grades.push_back(grade);
    if (std::none_of(query.grades.begin(), query.grades.end(), [](int grade) { return grade > 0; })) continue;
    for (const auto& one : found.found) {
      const auto grade = judged->second.find(corpus.names.at(one.id));
      query.candidates.push_back({one.keyword,
                                  one.quality,
                                  {one.cosines.begin(), one.cosines.end()},
                                  grade == judged->second.end() ? 0 : grade->second});
    }
    out.queries.push_back(std::move(query));
  }
  drop_empty_fields(out);
  return out;
}

TuneSet tune_set_of_use(const std::vector<LoggedQuestion>& questions,
                        const std::vector<LoggedChoice>& choices) {
  constexpr std::string_view prefix = "cosine:";
  std::map<std::pair<QuestionId, CreatorId>, int> chosen;
  for (const auto& choice : choices) {
    const int grade = choice.action == "save" ? 2 : choice.action == "click" ? 1 : 0;
    auto& known = chosen[{choice.question, choice.creator}];
    known = choice.action == "hide" ? -1
            : known < 0             ? known
                                    : std::max(known, grade);  // who is hidden stays so
  }
  std::set<std::string> fields;
  for (const auto& question : questions)
    for (const auto& name : question.feature_names)
      if (name.starts_with(prefix)) fields.insert(name.substr(prefix.size()));
  TuneSet out;
  out.fields.assign(fields.begin(), fields.end());
  for (const auto& question : questions) {
    const auto& names = question.feature_names;
    const auto column = [&](std::string_view name) {
      return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    const auto keyword = column("keyword"), quality = column("quality");
    if (keyword == names.size() || quality == names.size()) continue;
    TuneQuery query{question.id.text(), std::numeric_limits<std::size_t>::max(), {}, {}};
    const auto seen = question.count_seen == 0
                          ? std::span(question.shown)
                          : std::span(question.shown).subspan(question.first_seen, question.count_seen);
    for (const auto& shown : seen) {  // who was not seen was not passed over
      if (shown.features.size() != names.size()) continue;
      TuneCandidate one{
          static_cast<double>(shown.features[keyword]), static_cast<double>(shown.features[quality]), {}, 0};
      for (const auto& field : out.fields) {
        const auto at = column(std::string(prefix) + field);
        one.cosines.push_back(at == names.size() ? absent : static_cast<double>(shown.features[at]));
      }
      if (const auto found = chosen.find({question.id, shown.creator}); found != chosen.end())
        one.grade = std::max(0, found->second);
      query.grades.push_back(one.grade);
      query.candidates.push_back(std::move(one));
    }
    if (std::any_of(query.grades.begin(), query.grades.end(), [](int grade) { return grade > 0; }))
      out.queries.push_back(std::move(query));
  }
  drop_empty_fields(out);
  return out;
}

}  // namespace cdx::evaluate
