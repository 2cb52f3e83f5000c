#include "benchmark/hybrid_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "benchmark/exhaustive_words.h"
#include "benchmark/join.h"
#include "benchmark/nearest.h"
#include "text/text.h"

namespace cdx::benchmark {
namespace {

constexpr const char* keyword_fields[] = {"platform", "niche", "country", "band"};
constexpr const char* number_fields[] = {"followers", "engagement"};

std::string band(double followers) {
  return followers < 1e4   ? "nano"
         : followers < 1e5 ? "micro"
         : followers < 5e5 ? "mid"
         : followers < 1e6 ? "macro"
                           : "mega";
}

std::string value_of(const CreatorRow& row, std::string_view field) {
  if (field == "platform") return std::string(row.platform);
  if (field == "niche") return std::string(row.niche);
  if (field == "country") return std::string(row.country);
  return band(row.followers);
}

std::vector<std::string> analysed(std::string_view text) {
  std::vector<std::string> out;
  for (auto& token : text::analyse(text)) out.push_back(std::move(token.term));
  return out;
}

Result<std::pair<std::string, std::string>> read_condition(const std::string& text) {
  const auto equals = text.find('=');
  const auto field = text.substr(0, equals);
  if (equals == std::string::npos || std::ranges::find(keyword_fields, field) == std::end(keyword_fields))
    return fail(
        ErrorKind::invalid,
        fmt::format("the filter \"{}\" must be FIELD=VALUE, the field platform, niche, country or band",
                    text));
  return std::pair(field, text.substr(equals + 1));
}

}  // namespace

Result<HybridQuestions> HybridQuestions::read(const HybridOptions& options) {
  HybridQuestions out;
  out.vector_fields_ = options.vector_fields;
  out.depth_ = options.depth;
  out.min_followers_ = options.min_followers;
  for (const auto& text : options.filters) {
    CDX_TRY_LET(auto condition, read_condition(text));
    out.wanted_.push_back(std::move(condition));
  }
  CDX_TRY_LET(out.texts_, read_questions(options.questions));
  CDX_TRY_LET(out.vectors_, FloatMatrix::open(options.query));
  CDX_TRY(check_unit_rows(out.vectors_, options.query));
  out.size_ = std::min(out.texts_.size(), out.vectors_.rows());
  if (options.asking.first != 0) out.size_ = std::min(out.size_, options.asking.first);
  return out;
}

Schema HybridQuestions::schema() const {
  Schema out;
  out.texts = {{"name"}, {"bio"}};
  for (const auto* field : keyword_fields) out.keywords.push_back({field});
  for (const auto* field : number_fields) out.numbers.push_back({field});
  for (std::size_t f = 0; f < vector_fields_; ++f)
    out.vectors.push_back({fmt::format("vector_{}", f + 1), vectors_.columns()});
  out.name_fields = {0};
  return out;
}

Retrieval HybridQuestions::retrieval(std::size_t query) const {
  Retrieval out;
  // Without surfaces: a word nobody holds is not read as a near one, as the libraries compared with do not.
  for (auto& term : analysed(texts_[query])) {
    Retrieval::Word word;
    word.term = std::move(term);
    out.words.push_back(std::move(word));
  }
  const auto vector = vectors_.row(query);
  out.vectors.assign(vector_fields_, {vector.begin(), vector.end()});
  std::vector<Filter> all;
  for (const auto& [field, value] : wanted_) all.push_back(Filter::keyword_in(field, {value}));
  if (min_followers_) all.push_back(Filter::number_in("followers", min_followers_, {}));
  out.filter = Filter::all_of(std::move(all));
  out.facet_fields.assign(std::begin(keyword_fields), std::end(keyword_fields));
  out.number_fields.assign(std::begin(number_fields), std::end(number_fields));
  out.word_depth = out.vector_depth = depth_;
  return out;
}

bool HybridQuestions::passes(const CreatorRow& row) const {
  if (min_followers_ && row.followers < *min_followers_) return false;
  return std::ranges::all_of(wanted_,
                             [&](const auto& one) { return value_of(row, one.first) == one.second; });
}

Result<HybridWorld> HybridWorld::read(const HybridOptions& options) {
  HybridWorld out;
  out.options_ = options;
  CDX_TRY_LET(out.questions_, HybridQuestions::read(options));
  CDX_TRY_LET(out.creators_, read_creators(options.documents));
  out.creator_of_.resize(out.creators_.rows.size());
  std::iota(out.creator_of_.begin(), out.creator_of_.end(), 0);
  out.alive_.assign(out.documents(), true);
  CDX_TRY_LET(out.base_, FloatMatrix::open(options.base));
  if (out.base_.rows() != out.documents())
    return fail(ErrorKind::invalid, fmt::format("{} has {} rows, but {} has {} creators", options.base,
                                                out.base_.rows(), options.documents, out.documents()));
  const auto& vectors = out.questions_.vectors();
  if (out.base_.columns() != vectors.columns())
    return fail(ErrorKind::invalid, fmt::format("{} has {} dimensions, {} has {}", options.query,
                                                vectors.columns(), options.base, out.base_.columns()));
  CDX_TRY(check_unit_rows(out.base_, options.base));
  return out;
}

Document HybridWorld::document(std::size_t number) const {
  const auto creator = creator_of_[number];
  const auto& row = creators_.rows[creator];
  Document out;
  out.id = number;
  out.texts = {std::string(row.name), fmt::format("{} {}", row.bio, row.tags)};
  for (const auto* field : keyword_fields) out.keywords.push_back({value_of(row, field)});
  out.numbers = {row.followers, row.engagement};
  for (std::size_t f = 0; f < options_.vector_fields; ++f) {
    const auto vector = base_.row((creator + shift(f)) % base_.rows());
    out.vectors.emplace_back(vector.begin(), vector.end());
  }
  return out;
}

std::size_t HybridWorld::passing() const {
  std::size_t out = 0;
  for (std::size_t number = 0; number < documents(); ++number)
    if (passes(number)) ++out;
  return out;
}

void HybridWorld::exchange(std::span<const std::size_t> numbers) {
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i)
    std::swap(creator_of_[numbers[i]], creator_of_[numbers[i + 1]]);
}

Result<RowMatrix> HybridWorld::exact_in_field(const Call& call, std::size_t field, std::size_t k) const {
  std::vector<RowBits> filter{RowBits((documents() + 63) / 64, 0)};
  std::vector<std::int64_t> document_of(documents());  // by row
  for (std::size_t number = 0; number < documents(); ++number) {
    const auto row = (creator_of_[number] + shift(field)) % documents();
    document_of[row] = static_cast<std::int64_t>(number);
    if (passes(number)) filter[0][row / 64] |= std::uint64_t{1} << (row % 64);
  }
  CDX_TRY_LET(auto out, exact_nearest(call, base_, questions_.vectors(), queries(), k, filter,
                                      options_.asking.threads));
  for (auto& row : out.values)
    if (row >= 0) row = document_of[static_cast<std::size_t>(row)];
  return out;
}

Result<RowMatrix> HybridWorld::exact_by_vector(const Call& call, std::size_t k) const {
  return exact_in_field(call, 0, k);
}

Result<std::vector<std::vector<std::uint64_t>>> HybridWorld::exhaustive(const Call& call) const {
  std::vector<std::vector<std::string>> asked;
  for (std::size_t i = 0; i < queries(); ++i) asked.push_back(analysed(questions_.text(i)));
  ExhaustiveWords plain({{}, {}}, asked);
  std::vector<bool> passing;
  std::vector<std::uint64_t> living;  // documents in the order they were added
  for (std::size_t number = 0; number < documents(); ++number) {
    if (!alive_[number]) continue;
    const auto& row = creators_.rows[creator_of_[number]];
    plain.add({analysed(row.name), analysed(fmt::format("{} {}", row.bio, row.tags))});
    passing.push_back(passes(number));
    living.push_back(number);
  }
  std::vector<std::vector<std::vector<std::uint64_t>>> lists(queries());
  for (std::size_t i = 0; i < queries(); ++i) {
    CDX_TRY(call.check());
    auto& list = lists[i].emplace_back();
    for (const auto added : best_of(plain.scores(asked[i]), passing, options_.depth))
      list.push_back(living[added]);
  }
  for (std::size_t f = 0; f < options_.vector_fields; ++f) {
    CDX_TRY_LET(const auto nearest, exact_in_field(call, f, options_.depth));
    for (std::size_t i = 0; i < queries(); ++i) {
      auto& list = lists[i].emplace_back();
      for (const auto document : nearest.row(i))
        if (document >= 0) list.push_back(static_cast<std::uint64_t>(document));
    }
  }
  std::vector<std::vector<std::uint64_t>> out;
  for (const auto& of_query : lists) out.push_back(join_by_rank(of_query, options_.asking.k));
  return out;
}

void HybridWorld::forget_input() {
  base_ = {};
  creators_ = {};
}

}  // namespace cdx::benchmark
