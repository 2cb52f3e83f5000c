#include "inverted/search.h"

#include <algorithm>
#include <bit>

namespace cdx::inverted {
namespace {

constexpr std::uint32_t least_window = 4'096, most_window = 16'384;
// A row is looked up in a list about so many times slower than a list is read through, by the row.
constexpr double look_up_cost = 30;
// The same where a list is read through only to see which of its rows are allowed.
constexpr std::uint64_t allowed_look_up_cost = 10;
constexpr std::size_t rows_per_check = std::size_t{1} << 16U;  // between looks at the deadline

}  // namespace

Search::Search(const View& view, std::span<const Word> words, const Scoring& scoring,
               std::span<const std::uint64_t> allowed, std::size_t k, float floor, bool count)
    : view_(view), scorer_(view, scoring), allowed_(allowed), k_(k), count_(count), top_(k, floor) {
  streams_.reserve(words.size());
  for (const auto& word : words) {
    auto& stream = streams_.emplace_back();
    open_readings(word, stream);
    for (const auto& cursor : stream.readings) stream.size += cursor.size();
    postings_ += stream.size;
    if (stream.readings.empty()) streams_.pop_back();
  }
  // About a few hundred postings a window, so that neither its upkeep nor its size in memory weighs.
  const auto wanted = std::uint64_t{view.meta.rows} * 256 / std::max<std::uint64_t>(postings_, 1);
  window_rows_ =
      static_cast<std::uint32_t>(std::bit_ceil(std::clamp<std::uint64_t>(wanted, least_window, most_window)));
}

// Lists of one block are scored right away and become one, unless there is but one of them.
void Search::open_readings(const Word& word, Stream& stream) {
  stream.readings.reserve(word.readings.size());
  std::vector<Scored> scored;
  for (const auto& reading : word.readings) {
    if (reading.term >= view_.meta.terms || !(reading.weight > 0)) continue;
    auto& cursor = stream.readings.emplace_back(view_, reading, scorer_);
    if (cursor.size() > 0 && (cursor.blocks() > 1 || word.readings.size() == 1)) continue;
    if (cursor.size() > 0 && cursor.load(0)) {
      const auto* scores = cursor.scores();
      for (std::size_t i = 0; i < cursor.rows().size(); ++i) scored.push_back({cursor.rows()[i], scores[i]});
    }
    stream.readings.pop_back();
  }
  if (scored.empty()) return;
  std::sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) { return a.row < b.row; });
  stream.readings.emplace_back(std::move(scored), scorer_);
}

Result<Best> Search::run(const Call& call) && {
  CDX_TRY(call.check());
  std::uint64_t some = ~std::uint64_t{0};
  if (!allowed_.empty()) {
    some = 0;
    for (const auto word : allowed_) some += static_cast<std::uint64_t>(std::popcount(word));
  }
  if (!streams_.empty() && some > 0) {
    if (some * streams_.size() * allowed_look_up_cost < postings_) {
      CDX_TRY(look_at_allowed(call));
    } else {
      prime(std::min<std::uint64_t>(some, view_.meta.rows));
      CDX_TRY(look_at_lists(call));
    }
  }
  Best out;
  out.rows = std::move(top_).take();
  out.at_least = std::max(seen_, out.rows.size());
  out.exact = exact_;
  return out;
}

// Few rows may be returned: each is looked up.
Status Search::look_at_allowed(const Call& call) {
  std::vector<std::uint32_t> rows;
  const auto words = std::min(allowed_.size(), (std::size_t{view_.meta.rows} + 63) / 64);
  for (std::size_t i = 0; i < words; ++i) {
    for (auto word = allowed_[i]; word != 0; word &= word - 1) {
      const auto row = static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
      if (row < view_.meta.rows) rows.push_back(row);
    }
    if (rows.size() < 4096 && i + 1 < words) continue;
    CDX_TRY(call.check());
    score_rows(rows);
    rows.clear();
  }
  return {};
}

void Search::score_rows(std::span<const std::uint32_t> rows) {
  std::vector<double> sums(rows.size());
  std::vector<float> bests(rows.size());
  for (auto& stream : streams_) {
    std::fill(bests.begin(), bests.end(), 0.0F);
    for (auto& cursor : stream.readings)
      for (std::size_t i = 0; i < rows.size(); ++i) bests[i] = std::max(bests[i], cursor.score_of(rows[i]));
    for (std::size_t i = 0; i < rows.size(); ++i) sums[i] += static_cast<double>(bests[i]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!(sums[i] > 0)) continue;
    ++seen_;
    top_.add(rows[i], static_cast<float>(sums[i]));
  }
}

// Before the walk in row order, the promising blocks of the strongest list give a limit that k rows are known
// to reach, so that most of the walk is saved.
void Search::prime(std::uint64_t allowed_rows) {
  if (count_ || k_ == 0) return;
  const auto one_of = std::max<std::uint64_t>(1, view_.meta.rows / allowed_rows);  // rows that are allowed
  const auto wanted = k_ * one_of;
  Cursor* strongest = nullptr;
  float bound = 0;
  for (auto& stream : streams_)
    for (auto& cursor : stream.readings) {
      if (cursor.size() < wanted) continue;
      const auto its = cursor.bound_in(0, view_.meta.rows);
      if (its <= bound) continue;
      bound = its;
      strongest = &cursor;
    }
  if (strongest == nullptr || postings_ < 2 * wanted) return;
  std::vector<float> scores;
  for (const auto block : strongest->promising(2 + 2 * wanted / block_rows)) {
    if (!strongest->load(block)) continue;
    const auto some = some_of(*strongest, 0, view_.meta.rows);
    scores.insert(scores.end(), some.scores, some.scores + some.count);
  }
  if (scores.size() < k_) return;
  const auto kth = scores.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
  std::nth_element(scores.begin(), kth, scores.end(), std::greater<>());
  if (*kth > 0) top_.raise(*kth);
}

Status Search::look_at_lists(const Call& call) {
  std::size_t unchecked = 0;
  for (std::uint32_t low = 0; low < view_.meta.rows;) {
    const auto high = stretch_end(low);
    unchecked += high - low;
    if (unchecked >= rows_per_check) {
      CDX_TRY(call.check());
      unchecked = 0;
    }
    if (plan(low, high)) {
      if (leads_.size() == 1 && streams_[leads_[0]].readings.size() == 1) {
        walk(low, high);
      } else {
        sweep(low, high);
      }
    }
    low = high;
  }
  return {};
}

// A stretch ends with the blocks of the words that led the last one, so that their bounds stay sharp.
std::uint32_t Search::stretch_end(std::uint32_t low) {
  const auto rows = view_.meta.rows;
  auto end = rows;
  for (const auto lead : leads_)
    for (auto& cursor : streams_[lead].readings)
      if (const auto block = cursor.block_of(low); block < cursor.blocks())
        end = std::min(end, cursor.last(block) + 1);
  if (leads_.empty()) end = low;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(rows, std::max<std::uint64_t>(end, std::uint64_t{low} + window_rows_)));
}

// Chooses the words that lead in [low, high); false when no row of it can be good enough.
bool Search::plan(std::uint32_t low, std::uint32_t high) {
  double total = 0;
  others_.clear();
  for (std::uint32_t s = 0; s < streams_.size(); ++s) {
    auto& stream = streams_[s];
    stream.bound = 0;
    for (auto& cursor : stream.readings)
      stream.bound = std::max(stream.bound, static_cast<double>(cursor.bound_in(low, high)));
    total += stream.bound;
    if (stream.bound > 0) others_.push_back(s);
  }
  leads_.clear();
  if (total <= limit()) {
    exact_ = exact_ && total <= 0;
    return false;
  }
  std::sort(others_.begin(), others_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return streams_[a].bound > streams_[b].bound; });
  // The words that cannot do it together need not lead; where a word is in every good row, it may lead alone.
  rest_ = total;
  std::uint64_t met = 0;  // rows met by those who lead
  std::size_t leading = 0;
  while (leading < others_.size() && rest_ > limit()) {
    const auto& stream = streams_[others_[leading++]];
    rest_ -= stream.bound;
    met += stream.size;
  }
  leads_.assign(others_.begin(), others_.begin() + static_cast<std::ptrdiff_t>(leading));
  for (const auto one : others_) {
    const auto& stream = streams_[one];
    if (total - stream.bound > limit() || stream.size >= met) continue;
    leads_ = {one};
    met = stream.size;
  }
  // A list that is not much longer than what is met is added up sooner than looked into.
  const auto look_ups = static_cast<double>(met) * look_up_rate() * look_up_cost;
  rest_ = 0;
  const auto leads = leads_.size();
  std::erase_if(others_, [&](std::uint32_t one) {
    const auto first = leads_.begin(), last = first + static_cast<std::ptrdiff_t>(leads);
    if (std::find(first, last, one) != last) return true;
    if (static_cast<double>(streams_[one].size) < look_ups) {
      leads_.push_back(one);
      return true;
    }
    rest_ += streams_[one].bound;
    return false;
  });
  exact_ = exact_ && others_.empty();
  return true;
}

bool Search::any_allowed(std::uint32_t low, std::uint32_t high) const {
  if (allowed_.empty()) return true;
  constexpr std::uint32_t worth_a_look = 2'048;  // rows
  if (high - low > worth_a_look) return true;
  for (auto word = low / 64; word <= (high - 1) / 64; ++word)
    if (allowed_[word] != 0) return true;
  return false;
}

// One list leads: its blocks one by one, with the bounds the others have beside each.
void Search::walk(std::uint32_t low, std::uint32_t high) {
  auto& lead = streams_[leads_[0]].readings[0];
  for (auto block = lead.block_of(low); block < lead.blocks() && lead.first(block) < high; ++block) {
    const auto from = std::max(low, lead.first(block)), to = std::min(high, lead.last(block) + 1);
    if (from >= to || !any_allowed(from, to)) continue;
    double rest = 0;
    for (const auto other : others_) {
      auto& stream = streams_[other];
      stream.bound = 0;
      for (auto& cursor : stream.readings)
        stream.bound = std::max(stream.bound, static_cast<double>(cursor.bound_in(from, to)));
      rest += stream.bound;
    }
    if (static_cast<double>(lead.bound(block)) + rest <= limit()) {
      exact_ = false;
      continue;
    }
    if (!lead.load(block)) continue;
    const auto some = some_of(lead, from, to);
    for (std::size_t i = 0; i < some.count; ++i) {
      const auto score = static_cast<double>(some.scores[i]);
      seen_ += score > 0 ? 1U : 0U;
      if (score + rest > limit() && score > 0) finish(some.rows[i], score, rest);
    }
    met_ += some.count;
  }
}

Search::Some Search::some_of(Cursor& cursor, std::uint32_t low, std::uint32_t high) {
  const auto rows = cursor.rows();
  const auto begin = rows.front() >= low ? 0 : first_not_below(rows, low);
  const auto end = rows.back() < high ? rows.size() : begin + first_not_below(rows.subspan(begin), high);
  if (begin == end) return {};
  if (allowed_.empty()) return {rows.data() + begin, cursor.scores() + begin, end - begin};
  std::size_t count = 0;
  if (cursor.has_scores()) {
    const auto* scores = cursor.scores();
    for (auto i = begin; i < end; ++i) {
      some_rows_[count] = rows[i];
      some_scores_[count] = scores[i];
      count += is_allowed(rows[i]) ? 1U : 0U;
    }
    return {some_rows_.data(), some_scores_.data(), count};
  }
  const auto* codes = cursor.codes();
  for (auto i = begin; i < end; ++i) {
    some_rows_[count] = rows[i];
    some_codes_[count] = codes[i];
    count += is_allowed(rows[i]) ? 1U : 0U;
  }
  if (count > 0)
    scorer_.score(some_rows_.data(), some_codes_.data(), count, cursor.factor(), some_scores_.data());
  return {some_rows_.data(), some_scores_.data(), count};
}

// Adds what the words that do not lead give to a row, as long as it can still be good enough.
void Search::finish(std::uint32_t row, double score, double rest) {
  ++looked_up_;
  for (const auto other : others_) {
    auto& stream = streams_[other];
    if (score + rest <= limit()) return;
    rest -= stream.bound;
    float best = 0;
    for (auto& cursor : stream.readings) best = std::max(best, cursor.score_of(row, limit() - score - rest));
    score += static_cast<double>(best);
  }
  top_.add(row, static_cast<float>(score));
}

// Several lists lead: their scores are added up window by window.
void Search::sweep(std::uint32_t low, std::uint32_t high) {
  if (sums_.empty()) {
    sums_.resize(window_rows_);
    touched_.resize(window_rows_ + 1);
  }
  while (low < high) {
    auto next = high;  // the first row that any of them may have
    for (const auto lead : leads_)
      for (auto& cursor : streams_[lead].readings)
        if (const auto block = cursor.block_of(low); block < cursor.blocks())
          next = std::min(next, std::max(low, cursor.first(block)));
    if (next >= high) return;
    const auto end =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(high, std::uint64_t{next} + window_rows_));
    for (const auto lead : leads_) add_word(streams_[lead], next, end);
    collect(next);
    low = end;
  }
}

namespace {

// visit(cursor with a block at hand) for the blocks that reach into [low, high).
template <class Visit>
void for_each_block(Cursor& cursor, std::uint32_t low, std::uint32_t high, const Visit& visit) {
  for (auto block = cursor.block_of(low); block < cursor.blocks() && cursor.first(block) < high; ++block)
    if (cursor.load(block)) visit();
}

}  // namespace

// A row is noted when its sum is still zero; without a branch, since that cannot be foretold.
void Search::add_word(Stream& stream, std::uint32_t low, std::uint32_t high) {
  auto* const sums = sums_.data();
  auto* const touched = touched_.data();
  auto count = touched_count_;
  if (stream.readings.size() == 1) {
    auto& cursor = stream.readings[0];
    for_each_block(cursor, low, high, [&] {
      const auto some = some_of(cursor, low, high);
      for (std::size_t i = 0; i < some.count; ++i) {
        const auto at = some.rows[i] - low;
        touched[count] = at;
        count += static_cast<std::size_t>(sums[at] == 0) & static_cast<std::size_t>(some.scores[i] > 0);
        sums[at] += static_cast<double>(some.scores[i]);
      }
    });
    touched_count_ = count;
    return;
  }
  if (bests_.empty()) {
    bests_.resize(window_rows_);
    touched_by_word_.resize(window_rows_ + 1);
  }
  std::size_t by_word = 0;
  for (auto& cursor : stream.readings)
    for_each_block(cursor, low, high, [&] {
      const auto some = some_of(cursor, low, high);
      for (std::size_t i = 0; i < some.count; ++i) {
        const auto at = some.rows[i] - low;
        touched_by_word_[by_word] = at;
        by_word += static_cast<std::size_t>(bests_[at] == 0) & static_cast<std::size_t>(some.scores[i] > 0);
        bests_[at] = std::max(bests_[at], some.scores[i]);
      }
    });
  for (std::size_t i = 0; i < by_word; ++i) {
    const auto at = touched_by_word_[i];
    touched[count] = at;
    count += sums[at] == 0 ? 1U : 0U;
    sums[at] += static_cast<double>(bests_[at]);
    bests_[at] = 0;
  }
  touched_count_ = count;
}

// Takes the window's rows into the best and clears it.
void Search::collect(std::uint32_t low) {
  candidates_.clear();
  const auto needed = std::max(static_cast<double>(top_.limit()) - rest_, 0.0);
  const bool look_up = !others_.empty();
  for (std::size_t i = 0; i < touched_count_; ++i) {
    const auto at = touched_[i];
    const auto score = sums_[at];
    sums_[at] = 0;
    if (score <= needed) continue;
    if (look_up) {
      candidates_.push_back({low + at, score});
    } else {
      top_.add(low + at, static_cast<float>(score));
    }
  }
  seen_ += touched_count_;
  met_ += touched_count_;
  touched_count_ = 0;
  if (candidates_.empty()) return;
  std::sort(candidates_.begin(), candidates_.end(),
            [](const Candidate& a, const Candidate& b) { return a.row < b.row; });
  for (const auto& one : candidates_) finish(one.row, one.score, rest_);
}

}  // namespace cdx::inverted
