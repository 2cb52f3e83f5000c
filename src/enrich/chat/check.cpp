#include "enrich/chat/check.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/metrics.h"
#include "enrich/chat/orders.h"
#include "enrich/chat/private_text.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich::chat {
namespace {

using nlohmann::json;
using Fault = std::optional<std::string>;  // absent: none

constexpr std::size_t shortest_phrase = 2, longest_phrase = 160, most_phrases = 5;
constexpr std::size_t copied_words = 10;  // so many words in a row of a text are no own words
constexpr std::size_t longest_summary = 400;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Where the phrase stands, whatever the case of its ASCII letters.
std::optional<std::string> found_in(const std::string& text, std::string_view phrase) {
  const auto at = std::search(text.begin(), text.end(), phrase.begin(), phrase.end(),
                              [](char a, char b) { return lower(a) == lower(b); });
  if (at == text.end()) return {};
  return std::string(at, at + static_cast<std::ptrdiff_t>(phrase.size()));
}

std::optional<Evidence> located(const CreatorText& text, std::string_view phrase) {
  if (phrase.size() < shortest_phrase || phrase.size() > longest_phrase || text::squash(phrase).empty())
    return {};
  if (phrase.find(removed) != std::string_view::npos) return {};
  for (const auto& bio : text.bio)
    if (auto own = found_in(bio, phrase)) return Evidence{"bio", *std::move(own)};
  for (const auto& item : text.content)
    if (auto own = found_in(item, phrase)) return Evidence{"content", *std::move(own)};
  return {};
}

std::string shown(const std::string& text) { return "\"" + std::string(text::clip(text, 60)) + "\""; }

Fault exact_fields(const json& object, const std::string& place,
                   std::initializer_list<std::string_view> names) {
  if (!object.is_object()) return place + " must be an object";
  for (const auto name : names)
    if (!object.contains(name)) return place + "." + std::string(name) + " is missing";
  for (const auto& [name, value] : object.items())
    if (std::find(names.begin(), names.end(), name) == names.end())
      return place + " has the field " + shown(name) + ", which is not in the schema";
  return {};
}

Fault confidence_of(const json& object, const std::string& place, double& out) {
  const auto& value = object.at("confidence");
  if (!value.is_number()) return place + ".confidence must be a number";
  out = value.get<double>();
  if (!(out >= 0 && out <= 1)) return place + ".confidence must be between 0 and 1";
  return {};
}

class Reader {
 public:
  Reader(const ChatTerms& terms, double least_confidence, const CreatorText& text,
         const std::string& all_texts)
      : terms_(terms), least_(least_confidence), text_(text), all_texts_(all_texts) {}

  Fault read(const json& from, Annotation& out) const {
    if (auto fault =
            exact_fields(from, "creator",
                         {"number", "niche", "secondary_niches", "style", "language", "risks", "summary"}))
      return fault;
    if (auto fault = one(from.at("niche"), "niche", "niche", terms_.niches, true, out)) return fault;
    if (auto fault = several(from.at("secondary_niches"), "secondary_niches", "secondary_niche",
                             terms_.secondary_niches, out))
      return fault;
    if (auto fault = one(from.at("style"), "style", "style", terms_.styles, true, out)) return fault;
    if (auto fault = language(from.at("language"), out)) return fault;
    if (auto fault = several(from.at("risks"), "risks", "risk", terms_.risks, out)) return fault;
    keep_few_secondary(out);
    return summary(from.at("summary"), out);
  }

 private:
  Fault one(const json& from, const std::string& place, const std::string& subject,
            const std::vector<std::string>& keys, bool may_be_uncertain, Annotation& out) const {
    if (auto fault = exact_fields(from, place, {"value", "confidence", "evidence"})) return fault;
    if (!from.at("value").is_string()) return place + ".value must be a string";
    Judgement judgement{subject, from.at("value").get<std::string>(), 0, {}};
    const bool is_uncertain = may_be_uncertain && judgement.value == uncertain;
    if (!is_uncertain && std::find(keys.begin(), keys.end(), judgement.value) == keys.end())
      return place + ".value is " + shown(judgement.value) + ", which is not in the list";
    if (auto fault = confidence_of(from, place, judgement.confidence)) return fault;
    if (!from.at("evidence").is_array()) return place + ".evidence must be a list";
    for (const auto& phrase : from.at("evidence")) {
      if (!phrase.is_string()) return place + ".evidence must hold strings";
      if (judgement.evidence.size() >= most_phrases) continue;
      auto own = located(text_, phrase.get<std::string>());
      metrics::count("creatordex_annotate_evidence_total",
                     "Phrases that a model gave as evidence, by whether the"
                     " creator's text has them.",
                     {{"outcome", own ? "found" : "dropped"}});
      if (own) judgement.evidence.push_back(*std::move(own));
    }
    if (!is_uncertain && !judgement.evidence.empty() && judgement.confidence >= least_)
      out.judgements.push_back(std::move(judgement));
    return {};
  }

  Fault several(const json& from, const std::string& place, const std::string& subject,
                const std::vector<std::string>& keys, Annotation& out) const {
    if (!from.is_array()) return place + " must be a list";
    if (from.size() > keys.size()) return place + " names more than there are";
    std::set<std::string> seen;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto before = out.judgements.size();
      if (auto fault = one(from[i], place + "[" + std::to_string(i) + "]", subject, keys, false, out))
        return fault;
      if (out.judgements.size() > before && !seen.insert(out.judgements.back().value).second)
        out.judgements.pop_back();
    }
    return {};
  }

  Fault language(const json& from, Annotation& out) const {
    if (auto fault = exact_fields(from, "language", {"value", "confidence"})) return fault;
    if (!from.at("value").is_string()) return "language.value must be a string";
    Judgement judgement{"language", from.at("value").get<std::string>(), 0, {}};
    if (vocab::language(judgement.value) == nullptr)
      return "language.value is " + shown(judgement.value) + ", which is no ISO 639-1 code";
    if (auto fault = confidence_of(from, "language", judgement.confidence)) return fault;
    if (judgement.confidence >= least_) out.judgements.push_back(std::move(judgement));
    return {};
  }

  // The surest three that are not the primary one.
  static void keep_few_secondary(Annotation& out) {
    std::string primary;
    for (const auto& one : out.judgements)
      if (one.subject == "niche") primary = one.value;
    const auto first =
        std::stable_partition(out.judgements.begin(), out.judgements.end(),
                              [](const Judgement& one) { return one.subject != "secondary_niche"; });
    std::stable_sort(first, out.judgements.end(),
                     [](const Judgement& a, const Judgement& b) { return a.confidence > b.confidence; });
    std::size_t kept = 0;
    std::erase_if(out.judgements, [&](const Judgement& one) {
      return one.subject == "secondary_niche" && (one.value == primary || ++kept > most_secondary);
    });
  }

  Fault summary(const json& from, Annotation& out) const {
    if (!from.is_string()) return "summary must be a string";
    out.summary = from.get<std::string>();
    const auto& said = out.summary;
    const auto plain = without_private(said, {});
    std::size_t words = said.empty() ? 0 : 1;
    for (const char c : said) words += c == ' ' ? 1 : 0;
    if (said != plain || said.size() > longest_summary)
      return "summary must be one line without links, addresses, handles and numbers to call";
    if (words < fewest_words || words > most_words)
      return "summary has " + std::to_string(words) + " words, but must have " +
             std::to_string(fewest_words) + " to " + std::to_string(most_words);
    if (said.find_first_of("<>{}[]`") != std::string::npos || gives_orders(said))
      return "summary must describe the creator to people, in plain words";
    if (is_copied(said)) return "summary must be in your own words, not a copy of the texts";
    return {};
  }

  bool is_copied(const std::string& said) const {
    std::vector<std::size_t> starts{0};
    const auto folded = text::fold(said);
    for (std::size_t i = 0; i < folded.size(); ++i)
      if (folded[i] == ' ') starts.push_back(i + 1);
    for (std::size_t i = 0; i + copied_words <= starts.size(); ++i) {
      const auto end = i + copied_words < starts.size() ? starts[i + copied_words] - 1 : folded.size();
      if (all_texts_.find(folded.substr(starts[i], end - starts[i])) != std::string::npos) return true;
    }
    return false;
  }

  const ChatTerms& terms_;
  double least_;
  const CreatorText& text_;
  const std::string& all_texts_;
};

// Everything that the model read, folded: what it copies from one creator must not stand at another either.
std::string folded_texts(std::span<const Asked> read) {
  std::string out;
  for (const auto& one : read)
    for (const auto* texts : {&one.text->bio, &one.text->content})
      for (const auto& text : *texts) out += " " + text::fold(text) + " ";
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// What a markdown fence holds; other texts stay as they are.
std::string_view without_fence(std::string_view text) {
  text = trimmed(text);
  const auto line = text.find('\n');
  if (!text.starts_with("```") || !text.ends_with("```") || line == std::string_view::npos ||
      text.size() < line + 4)
    return text;
  return trimmed(text.substr(line, text.size() - line - 3));
}

Checked nothing_good(std::span<const Asked> asked, const std::string& fault) {
  Checked out;
  out.readable = false;
  for (const auto& one : asked) out.faults[one.number] = fault;
  return out;
}

}  // namespace

Checked check_answer(const ChatTerms& terms, double least_confidence, std::string_view content,
                     std::span<const Asked> asked, std::span<const Asked> read) {
  const auto root = json::parse(without_fence(content), nullptr, false);
  if (root.is_discarded()) return nothing_good(asked, "the answer is not JSON and nothing else");
  if (auto fault = exact_fields(root, "answer", {"creators"})) return nothing_good(asked, *fault);
  if (!root.at("creators").is_array()) return nothing_good(asked, "answer.creators must be a list");
  std::map<std::uint64_t, std::vector<const json*>> by_number;
  for (const auto& one : root.at("creators")) {
    if (!one.is_object() || !one.contains("number") || !one.at("number").is_number_unsigned())
      return nothing_good(asked, "each of answer.creators must be an object with its number");
    by_number[one.at("number").get<std::uint64_t>()].push_back(&one);
  }
  Checked out;
  const auto all_texts = folded_texts(read);
  for (const auto& one : asked) {
    const auto place = "creator " + std::to_string(one.number) + ": ";
    const auto& found = by_number[one.number];
    if (found.size() != 1) {
      out.faults[one.number] = place + (found.empty() ? "missing" : "there more than once");
      continue;
    }
    Annotation annotation;
    if (const auto fault =
            Reader(terms, least_confidence, *one.text, all_texts).read(*found.front(), annotation))
      out.faults[one.number] = place + *fault;
    else
      out.good[one.number] = std::move(annotation);
  }
  return out;
}

}  // namespace cdx::enrich::chat
