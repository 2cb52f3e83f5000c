#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "benchmark/benchmark.h"
#include "benchmark/cost.h"
#include "benchmark/creators.h"
#include "benchmark/exhaustive_words.h"
#include "benchmark/kept_sections.h"
#include "benchmark/speed.h"
#include "inverted/inverted.h"
#include "text/text.h"

namespace cdx::benchmark {
namespace {

constexpr std::string_view prefix = "words";
constexpr double length_weight = 0.75;
constexpr double equal_scores = 1e-4;  // relative: the engine adds in float, the exhaustive answer in double

// Terms of one text; without stems each word is its own.
std::vector<std::string> terms_of(std::string_view text, bool stems) {
  std::vector<std::string> out;
  for (auto& token : stems ? text::analyse(text) : text::tokens(text)) out.push_back(std::move(token.term));
  return out;
}

std::string text_of(const CreatorRow& row) { return fmt::format("{} {} {}", row.name, row.bio, row.tags); }

Status write_words(const Call& call, const CreatorFile& creators, bool stems, SectionWriter& out) {
  inverted::Builder builder(1);
  std::vector<std::vector<std::string_view>> fields(1);
  for (std::size_t i = 0; i < creators.rows.size(); ++i) {
    if (i % 1024 == 0) CDX_TRY(call.check());
    const auto words = terms_of(text_of(creators.rows[i]), false);
    fields[0].assign(words.begin(), words.end());
    builder.add_row(fields);
  }
  inverted::Scoring expected;
  expected.fields = {{1, length_weight, 32}};
  return builder.write(
      call, expected, [stems](std::string_view word) { return stems ? text::stem(word) : std::string(word); },
      out, prefix);
}

struct Questions {
  std::vector<std::vector<std::string>> terms;
  std::vector<std::vector<double>> exhaustive;  // the best k scores, falling
};

Questions exhaustive_answers(const CreatorFile& creators, const std::vector<std::string>& asked,
                             const WordsOptions& options) {
  Questions out;
  for (const auto& question : asked) out.terms.push_back(terms_of(question, options.stems));
  ExhaustiveWords plain({{1, length_weight}}, out.terms);
  for (const auto& row : creators.rows) plain.add({terms_of(text_of(row), options.stems)});
  const std::vector<bool> everything(creators.rows.size(), true);
  for (const auto& terms : out.terms) {
    const auto scores = plain.scores(terms);
    auto& best = out.exhaustive.emplace_back();
    for (const auto row : best_of(scores, everything, options.asking.k)) best.push_back(scores[row]);
  }
  return out;
}

// What the engine is asked for: each term with its rarity.
std::vector<inverted::Word> words_for(const inverted::Inverted& index,
                                      const std::vector<std::string>& terms) {
  std::vector<inverted::Word> out;
  const auto all = static_cast<double>(index.rows());
  for (const auto& term : terms) {
    const auto number = index.find_term(term);
    if (number == inverted::nothing) continue;
    const auto holding = static_cast<double>(index.rows_with_term(number));
    out.push_back({{{number, std::log(1 + (all - holding + 0.5) / (holding + 0.5))}}});
  }
  return out;
}

// How many of the answers are among the exhaustive best, by score.
std::size_t agreeing(const inverted::Best& found, const std::vector<double>& exhaustive) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < std::min(found.rows.size(), exhaustive.size()); ++i)
    if (static_cast<double>(found.rows[i].score) >= exhaustive.back() * (1 - equal_scores)) ++out;
  return out;
}

}  // namespace

Result<WordsReport> measure_words(const Call& call, const WordsOptions& options) {
  CDX_TRY_LET(auto creators, read_creators(options.documents));
  CDX_TRY_LET(auto asked, read_questions(options.questions));
  if (options.asking.first != 0) asked.resize(std::min(asked.size(), options.asking.first));
  const auto questions = exhaustive_answers(creators, asked, options);
  const auto documents = creators.rows.size();

  BuildCost cost;
  const auto name = options.stems ? "words-stems.cdx" : "words.cdx";
  CDX_TRY_LET(const auto kept, keep_sections(options.asking.index, name, [&](SectionWriter& out) {
                return write_words(call, creators, options.stems, out);
              }));
  CDX_TRY_LET(const auto index, inverted::Inverted::open(*kept.sections, prefix));
  cost.stop();
  if (index.rows() != documents)
    return fail(ErrorKind::invalid,
                fmt::format("{}: keeps an index of {} rows, but {} has {}", options.asking.index,
                            index.rows(), options.documents, documents));
  creators = {};
  WordsReport report;
  report.build = cost.report(kept.built, documents, kept.bytes);
  if (kept.built) report.documents_per_cpu_s = static_cast<double>(documents) / report.build.cpu_s;

  inverted::Scoring scoring;
  const auto total = index.total(0);
  scoring.fields = {
      {1, length_weight,
       static_cast<double>(total.length) / static_cast<double>(std::max<std::uint64_t>(total.documents, 1))}};
  std::vector<inverted::Best> found(asked.size());
  CDX_TRY_LET(report.speed,
              measure_speed(call, asked.size(), options.asking.threads, [&](std::size_t query) -> Status {
                const auto words = words_for(index, terms_of(asked[query], options.stems));
                CDX_TRY_LET(found[query],
                            index.best(call, words, scoring, {}, options.asking.k, 0, options.count));
                return {};
              }));
  CDX_TRY(kept.sections->damage().status());
  std::size_t hits = 0, wanted = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    wanted += questions.exhaustive[i].size();
    if (!questions.exhaustive[i].empty()) hits += agreeing(found[i], questions.exhaustive[i]);
  }
  report.recall = wanted == 0 ? 1 : static_cast<double>(hits) / static_cast<double>(wanted);
  return report;
}

}  // namespace cdx::benchmark
