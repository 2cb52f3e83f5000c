#include "index/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "text/text.h"

namespace cdx::engine {
namespace {

// The edits between two words, when a searcher forgives that many; otherwise absent.
std::optional<std::size_t> forgiven(const std::string& typed, const std::string& meant) {
  const auto length = text::length(typed);
  const auto limit = length > 64 ? 0 : text::typos_forgiven(length);
  const auto edits = text::edits(typed, meant, limit);
  if (edits > limit) return std::nullopt;
  const auto first = [](const std::string& word) {
    std::size_t bytes = 1;
    while (bytes < word.size() && (static_cast<unsigned char>(word[bytes]) & 0xC0U) == 0x80U) ++bytes;
    return word.substr(0, bytes);
  };
  if (limit < 2 && first(typed) != first(meant)) return std::nullopt;
  return edits;
}

std::string join(const std::vector<std::string>& words, std::size_t from = 0) {
  std::string out;
  for (auto i = from; i < words.size(); ++i) out += words[i];
  return out;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> out;
  for (const auto& token : text::tokens(text::fold(name))) out.push_back(token.term);
  return out;
}

template <class Fields>
std::size_t place(const Fields& fields, const std::string& name) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == name) return i;
  return fields.size();
}

double over(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
}

float dot(const std::vector<float>& a, const std::vector<float>& b) {
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) out += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return static_cast<float>(out);
}

// Of several rows, one behind the other, the best counts.
float best_dot(const std::vector<float>& rows, const std::vector<float>& question) {
  auto out = -std::numeric_limits<float>::infinity();
  for (std::size_t at = 0; at < rows.size(); at += question.size()) {
    const auto from = rows.begin() + static_cast<std::ptrdiff_t>(at);
    out = std::max(out, dot({from, from + static_cast<std::ptrdiff_t>(question.size())}, question));
  }
  return out;
}

// The best `depth` by score, then id.
std::set<std::uint64_t> best(const std::map<std::uint64_t, float>& scores, std::size_t depth) {
  std::vector<std::pair<float, std::uint64_t>> order;
  for (const auto& [id, score] : scores) order.emplace_back(-score, id);
  std::sort(order.begin(), order.end());
  std::set<std::uint64_t> out;
  for (std::size_t i = 0; i < std::min(depth, order.size()); ++i) out.insert(order[i].second);
  return out;
}

}  // namespace

void Reference::apply(const IndexBatch& batch) {
  for (const auto& document : batch.upserts) {
    documents_[document.id] = document;
    Analysed one;
    for (const auto& text : document.texts) {
      auto& counts = one.counts.emplace_back();
      const auto terms = text::analyse(text);
      const auto words = text::tokens(text);
      for (std::size_t i = 0; i < terms.size(); ++i) {
        ++counts[terms[i].term];
        one.surfaces[words[i].term] = terms[i].term;
      }
      one.lengths.push_back(terms.size());
    }
    for (const auto field : schema_.name_fields) one.names.push_back(words_of(document.texts[field]));
    analysed_[document.id] = std::move(one);
  }
  for (const auto id : batch.removals) {
    documents_.erase(id);
    analysed_.erase(id);
  }
}

double Reference::idf(std::size_t n) const {
  const auto all = static_cast<double>(documents_.size()), some = static_cast<double>(n);
  return std::log(1 + (all - some + 0.5) / (some + 0.5));
}

std::size_t Reference::holding(const std::string& term) const {
  return static_cast<std::size_t>(std::count_if(analysed_.begin(), analysed_.end(), [&](const auto& one) {
    return std::any_of(one.second.counts.begin(), one.second.counts.end(),
                       [&](const auto& counts) { return counts.contains(term); });
  }));
}

std::vector<double> Reference::mean_lengths() const {
  std::vector<double> out;
  for (std::size_t field = 0; field < schema_.texts.size(); ++field) {
    double length = 0, having = 0;
    for (const auto& [id, one] : analysed_) {
      length += static_cast<double>(one.lengths[field]);
      having += one.lengths[field] > 0 ? 1 : 0;
    }
    out.push_back(having > 0 ? length / having : 1);
  }
  return out;
}

std::vector<Reference::Reading> Reference::readings(const Retrieval::Word& word) const {
  const auto own = holding(word.term);
  std::vector<Reading> same;
  if (own > 0) same.push_back({word.term, 0, own, 1, idf(own)});
  for (const auto& other : word.also)
    if (const auto n = holding(other.term); n > 0 && other.term != word.term)
      same.push_back({other.term, 0, n, other.factor, std::min(idf(n), idf(own))});
  if (!same.empty()) return same;
  if (word.surface.empty()) return {};
  std::map<std::string, std::size_t> near;
  for (const auto& [id, one] : analysed_)
    for (const auto& [surface, term] : one.surfaces)
      if (const auto edits = forgiven(word.surface, surface); edits && text::length(word.surface) >= 4) {
        const auto at_least = std::max<std::size_t>(*edits, 1);
        const auto known = near.try_emplace(term, at_least).first;
        known->second = std::min(known->second, at_least);
      }
  std::vector<Reading> out;
  for (const auto& [term, edits] : near)
    out.push_back({term, edits, holding(term), edits == 1 ? 0.7 : 0.5, idf(holding(term))});
  std::sort(out.begin(), out.end(), [](const Reading& a, const Reading& b) {
    return std::tuple(a.edits, b.documents, a.term) < std::tuple(b.edits, a.documents, b.term);
  });
  if (out.size() > 8) out.resize(8);
  return out;
}

std::map<std::uint64_t, float> Reference::by_words(const Retrieval& retrieval, Retrieved& out) const {
  const auto means = mean_lengths();
  std::map<std::uint64_t, double> scores;
  for (const auto& word : retrieval.words) {
    if (word.weight == 0) continue;
    const auto ways = readings(word);
    double top = ways.empty() ? idf(0) : 0;
    for (const auto& way : ways) top = std::max(top, way.idf);
    out.bm25_limit += word.weight * top * (k1_ + 1);
    for (const auto& [id, one] : analysed_) {
      double best_way = 0;
      for (const auto& way : ways) {
        double tf = 0;
        for (std::size_t f = 0; f < schema_.texts.size(); ++f) {
          const auto found = one.counts[f].find(way.term);
          if (found == one.counts[f].end()) continue;
          const auto b = schema_.texts[f].length_weight;
          const auto length = static_cast<double>(one.lengths[f]);
          tf += schema_.texts[f].weight * static_cast<double>(found->second) /
                (1 + b * (length / means[f] - 1));
        }
        best_way = std::max(best_way, word.weight * way.factor * way.idf * tf * (k1_ + 1) / (k1_ + tf));
      }
      if (best_way > 0) scores[id] += best_way;
    }
  }
  std::map<std::uint64_t, float> rounded;
  for (const auto& [id, score] : scores)
    if (passes(retrieval.filter, documents_.at(id))) rounded[id] = static_cast<float>(score);
  return rounded;
}

double Reference::rarity(const std::string& word) const {
  const auto n = std::count_if(analysed_.begin(), analysed_.end(), [&](const auto& one) {
    return std::any_of(one.second.names.begin(), one.second.names.end(), [&](const auto& name) {
      return std::find(name.begin(), name.end(), word) != name.end();
    });
  });
  return idf(static_cast<std::size_t>(n)) / idf(1);
}

// Fewest edits by which the question is a run of the name's words (or, without edits, begins one).
std::optional<std::size_t> run_edits(const std::string& question, const std::vector<std::string>& name) {
  std::optional<std::size_t> out;
  for (std::size_t from = 0; from < name.size(); ++from) {
    if (join(name, from).starts_with(question)) return 0;
    std::string run;
    for (auto to = from; to < name.size(); ++to) {
      run += name[to];
      if (const auto edits = forgiven(question, run); edits && (!out || *edits < *out)) out = edits;
    }
  }
  return out;
}

double Reference::run_score(const std::string& question, const std::vector<std::string>& name) const {
  const auto letters = text::length(question);
  const auto edits = run_edits(question, name);
  if (letters < 4 || !edits) return 0;
  const auto n = std::count_if(analysed_.begin(), analysed_.end(), [&](const auto& one) {
    return std::any_of(one.second.names.begin(), one.second.names.end(),
                       [&](const auto& other) { return run_edits(question, other).has_value(); });
  });
  return 0.95 * idf(static_cast<std::size_t>(n)) / idf(1) *
         std::sqrt(over(letters, text::length(join(name)))) *
         (1 - 0.4 * static_cast<double>(*edits) / static_cast<double>(letters));
}

double Reference::words_score(const std::vector<std::string>& question,
                              const std::vector<std::string>& name) const {
  const auto only_stops = [](const std::vector<std::string>& words) {
    return std::all_of(words.begin(), words.end(), [](const auto& word) { return text::is_stop_word(word); });
  };
  std::vector<bool> used(name.size(), false);
  std::size_t asked = 0, named = 0, edits = 0;
  double specificity = 0;
  for (std::size_t q = 0; q < question.size(); ++q) {
    const auto length = text::length(question[q]);
    std::optional<std::size_t> at, best_edits;
    std::size_t best_letters = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (used[i]) continue;
      auto way = forgiven(question[q], name[i]);
      auto letters = text::length(name[i]);
      if (!way && q + 1 == question.size() && length >= 3 && name[i].starts_with(question[q])) {
        way = 0;
        letters = length;
      }
      const bool better =
          way && (!at || *way < *best_edits || (*way == *best_edits && letters > best_letters));
      if (!better) continue;
      at = i;
      best_edits = way;
      best_letters = letters;
    }
    const bool required = only_stops(question) || !text::is_stop_word(question[q]);
    if (!at && required) return 0;
    if (!at) continue;
    used[*at] = true;
    asked += length;
    edits += *best_edits;
    if (only_stops(name) || !text::is_stop_word(name[*at])) named += best_letters;
    if (required) specificity += rarity(name[*at]) * over(best_letters, text::length(name[*at]));
  }
  std::size_t letters = 0;
  for (const auto& word : name)
    if (only_stops(name) || !text::is_stop_word(word)) letters += text::length(word);
  const auto all = text::length(join(question));
  return 0.97 * std::min(1.0, specificity) * over(asked, all) * std::sqrt(over(named, letters)) *
         (1 - 0.4 * static_cast<double>(edits) / static_cast<double>(all));
}

double Reference::name_score(const std::vector<std::string>& question,
                             const std::vector<std::string>& name) const {
  if (name.empty()) return 0;
  const auto squashed = join(question);
  double out = std::max(run_score(squashed, name), words_score(question, name));
  if (const auto edits = forgiven(squashed, join(name)))
    out = std::max(out, 1 - 0.4 * static_cast<double>(*edits) / static_cast<double>(text::length(squashed)));
  return out;
}

std::map<std::uint64_t, float> Reference::by_name(const std::string& question) const {
  std::map<std::uint64_t, float> out;
  const auto words = words_of(question);
  if (words.empty()) return out;
  for (const auto& [id, one] : analysed_)
    for (const auto& name : one.names)
      if (const auto score = static_cast<float>(name_score(words, name)); score >= 0.25F)
        out[id] = std::max(out[id], score);
  return out;
}

bool Reference::holds_phrase(const Filter& filter, const Document& document) const {
  for (std::size_t f = 0; f < document.texts.size(); ++f) {
    if (!filter.field.empty() && schema_.texts[f].name != filter.field) continue;
    std::vector<std::string> terms;
    for (const auto& token : text::tokens(document.texts[f])) terms.push_back(text::stem(token.term));
    const auto found = std::search(terms.begin(), terms.end(), filter.values.begin(), filter.values.end());
    if (found != terms.end()) return true;
  }
  return false;
}

bool Reference::passes(const Filter& filter, const Document& document) const {
  const auto each = [&](const Filter& child) { return passes(child, document); };
  const auto keyword = place(schema_.keywords, filter.field), number = place(schema_.numbers, filter.field);
  switch (filter.kind) {
    case Filter::Kind::everything:
      return true;
    case Filter::Kind::all:
      return std::all_of(filter.children.begin(), filter.children.end(), each);
    case Filter::Kind::any:
      return std::any_of(filter.children.begin(), filter.children.end(), each);
    case Filter::Kind::negation:
      return !each(filter.children.front());
    case Filter::Kind::keyword: {
      const auto& have = document.keywords[keyword];
      return std::any_of(filter.values.begin(), filter.values.end(), [&](const auto& value) {
        return std::find(have.begin(), have.end(), value) != have.end();
      });
    }
    case Filter::Kind::range: {
      const auto value = document.numbers[number];
      if (std::isnan(value)) return false;
      const bool low = !filter.low || (filter.low_open ? value > *filter.low : value >= *filter.low);
      const bool high = !filter.high || (filter.high_open ? value < *filter.high : value <= *filter.high);
      return low && high;
    }
    case Filter::Kind::exists:
      return keyword < schema_.keywords.size() ? !document.keywords[keyword].empty()
                                               : !std::isnan(document.numbers[number]);
    case Filter::Kind::phrase:
      return holds_phrase(filter, document);
  }
  return false;
}

Retrieved Reference::retrieve(const Retrieval& retrieval) const {
  Retrieved out;
  std::set<std::uint64_t> passing, chosen;
  for (const auto& [id, document] : documents_)
    if (passes(retrieval.filter, document)) passing.insert(id);
  out.matching = passing.size();
  const auto words = by_words(retrieval, out);
  out.words_cut = words.size() > retrieval.word_depth;
  chosen = best(words, retrieval.word_depth);
  auto names = by_name(retrieval.name_query);
  std::erase_if(names, [&](const auto& one) { return !passing.contains(one.first); });
  chosen.merge(best(names, 1'000));
  out.names_cut = names.size() > 1'000;
  std::vector<std::map<std::uint64_t, float>> fields(schema_.vectors.size());
  out.floors.assign(fields.size(), std::nanf(""));
  bool asked = !retrieval.words.empty() || !retrieval.name_query.empty();
  for (std::size_t f = 0; f < retrieval.vectors.size(); ++f) {
    if (retrieval.vectors[f].empty()) continue;
    asked = true;
    for (const auto id : passing) {
      const auto& vector = documents_.at(id).vectors[f];
      if (vector.empty()) continue;
      fields[f][id] = best_dot(vector, retrieval.vectors[f]);
    }
    const auto kept = best(fields[f], retrieval.vector_depth);
    if (kept.size() < fields[f].size()) {
      out.floors[f] = 1;
      for (const auto id : kept) out.floors[f] = std::min(out.floors[f], fields[f][id]);
    }
    chosen.insert(kept.begin(), kept.end());
  }
  if (!asked) chosen = passing;
  const auto value = [](const auto& scores, std::uint64_t id, float otherwise) {
    const auto found = scores.find(id);
    return found == scores.end() ? otherwise : found->second;
  };
  out.similarities.resize(fields.size());
  for (const auto& field : retrieval.number_fields) out.numbers[field];
  for (const auto id : chosen) {
    out.documents.push_back(id);
    out.bm25.push_back(value(words, id, 0));
    out.name_match.push_back(value(names, id, 0));
    for (std::size_t f = 0; f < fields.size(); ++f)
      out.similarities[f].push_back(value(fields[f], id, std::nanf("")));
    for (const auto& field : retrieval.number_fields)
      out.numbers[field].push_back(documents_.at(id).numbers[place(schema_.numbers, field)]);
  }
  for (const auto& contrast : retrieval.contrasts) {
    auto& columns = out.contrasts.emplace_back(schema_.vectors.size());
    for (std::size_t f = 0; f < contrast.size(); ++f)
      for (const auto id : chosen) {
        const auto& vector = documents_.at(id).vectors[f];
        columns[f].push_back(vector.empty() || contrast[f].empty() ? std::nanf("")
                                                                   : best_dot(vector, contrast[f]));
      }
  }
  for (const auto& field : retrieval.facet_fields) {
    auto& facet = out.facets[field];
    std::set<std::string> dictionary;
    const auto values = [&](std::uint64_t id) {
      const auto& list = documents_.at(id).keywords[place(schema_.keywords, field)];
      return std::set<std::string>(list.begin(), list.end());
    };
    for (const auto id : chosen) dictionary.merge(values(id));
    facet.values.assign(dictionary.begin(), dictionary.end());
    facet.begin.push_back(0);
    for (const auto id : chosen) {
      for (const auto& one : values(id))
        facet.ordinals.push_back(
            static_cast<std::uint32_t>(std::distance(dictionary.begin(), dictionary.find(one))));
      facet.begin.push_back(static_cast<std::uint32_t>(facet.ordinals.size()));
    }
  }
  return out;
}

std::vector<Completion> Reference::complete(std::string_view prefix, std::string_view weight_field,
                                            std::size_t max) const {
  std::vector<Completion> out;
  const auto squashed = join(words_of(prefix));
  const auto number = place(schema_.numbers, std::string(weight_field));
  if (squashed.empty()) return out;
  for (const auto& [id, one] : analysed_)
    for (std::size_t n = 0; n < one.names.size(); ++n) {
      bool starts = false;
      for (std::size_t from = 0; from < one.names[n].size(); ++from)
        starts = starts || join(one.names[n], from).starts_with(squashed);
      if (!starts) continue;
      const auto& document = documents_.at(id);
      const auto weight = number < schema_.numbers.size() ? document.numbers[number] : 0;
      out.push_back({id, document.texts[schema_.name_fields[n]], std::isnan(weight) ? 0 : weight});
      break;
    }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.weight > b.weight; });
  if (out.size() > max) out.resize(max);
  return out;
}

}  // namespace cdx::engine
