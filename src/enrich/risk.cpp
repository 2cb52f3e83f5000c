#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "enrich/parts.h"
#include "vocab/vocab.h"

// The sum of a risk: each phrase counts with its weight times that of the field where it stands (name, bio
// and category 1, a title 0.7, a description 0.35); said again in another text it counts half; beside an
// excuse not at all; elsewhere in a text with an excuse half. A risk is flagged from 1 on, and never by weak
// phrases alone. Its confidence is sum / (sum + 0.35).

namespace cdx::enrich {
namespace {

constexpr double least_sum = 0.999, half_confidence = 0.35;
constexpr double title_weight = 0.7, description_weight = 0.35;
constexpr double again = 0.5;                 // of a phrase's weight, in a second and third text
constexpr double in_excusing_text = 0.5;      // of a hit's weight
constexpr double needs_company = 0.4;         // weak phrases lie below: they flag nothing by themselves
constexpr std::size_t window = 4;             // words between an excuse and what it excuses
constexpr std::size_t longest_field = 4'000;  // bytes
constexpr std::size_t most_items = 50, most_evidence = 6;
constexpr int most_texts = 3;  // in which a phrase counts

struct Meaning {
  std::size_t risk = 0;
  double weight = 0;  // 0: an excuse
};
struct Entry {
  std::vector<std::string> words;
  std::vector<Meaning> meanings;
};

// Phrases by their first word, the longest first.
class Lexicon {
 public:
  Lexicon() {
    const auto risks = vocab::risks();
    for (std::size_t i = 0; i < risks.size(); ++i) {
      for (const auto& phrase : risks[i].phrases) add(phrase.text, {i, phrase.weight});
      for (const auto& excuse : risks[i].excuses) add(excuse, {i, 0});
    }
    for (auto& [first, entries] : entries_)
      std::stable_sort(entries.begin(), entries.end(),
                       [](const auto& a, const auto& b) { return a.words.size() > b.words.size(); });
  }

  // The entries that begin at token `at`, the longest first.
  template <class Take>
  void matches(const std::vector<text::Token>& tokens, std::size_t at, const Take& take) const {
    const auto it = entries_.find(tokens[at].term);
    if (it == entries_.end()) return;
    for (const auto& entry : it->second) {
      if (at + entry.words.size() > tokens.size()) continue;
      bool equal = true;
      for (std::size_t i = 1; i < entry.words.size() && equal; ++i)
        equal = tokens[at + i].term == entry.words[i];
      if (equal) take(entry);
    }
  }

 private:
  void add(const std::string& phrase, Meaning meaning) {
    Entry entry;
    for (auto& token : plain_tokens(phrase)) entry.words.push_back(std::move(token.term));
    if (entry.words.empty()) return;
    auto& entries = entries_[entry.words.front()];
    const auto same = std::find_if(entries.begin(), entries.end(),
                                   [&](const Entry& other) { return other.words == entry.words; });
    if (same == entries.end()) {
      entry.meanings.push_back(meaning);
      entries.push_back(std::move(entry));
      return;
    }
    for (auto& known : same->meanings)
      if (known.risk == meaning.risk) {
        known.weight = std::max(known.weight, meaning.weight);
        return;
      }
    same->meanings.push_back(meaning);
  }

  std::unordered_map<std::string, std::vector<Entry>> entries_;
};

const Lexicon& lexicon() {
  static const Lexicon instance;
  return instance;
}

struct Found {
  std::size_t begin = 0, end = 0;  // tokens
  double weight = 0;               // 0: an excuse
};

struct Phrase {
  double sum = 0, weight = 0;  // so far; of the phrase itself
  int texts = 0;
  Evidence evidence;
};
using Tally = std::map<std::string, Phrase>;  // by phrase

class Reader {
 public:
  Reader() : tallies_(vocab::risks().size()) {}

  void read(std::string_view field, std::string_view whole, double factor) {
    const auto text = text::clip(whole, longest_field);
    const auto tokens = plain_tokens(text);
    std::vector<std::vector<Found>> found(tallies_.size());
    for (std::size_t at = 0; at < tokens.size(); ++at) find(tokens, at, found);
    for (std::size_t risk = 0; risk < found.size(); ++risk)
      weigh(risk, found[risk], tokens, text, field, factor);
  }

  std::vector<Judgement> judgements() const {
    std::vector<Judgement> out;
    for (std::size_t risk = 0; risk < tallies_.size(); ++risk) {
      double sum = 0, heaviest = 0;
      std::vector<const Phrase*> phrases;
      for (const auto& [key, phrase] : tallies_[risk]) {
        sum += phrase.sum;
        heaviest = std::max(heaviest, phrase.weight);
        phrases.push_back(&phrase);
      }
      if (sum < least_sum || heaviest < needs_company) continue;
      std::stable_sort(phrases.begin(), phrases.end(), [](auto* a, auto* b) { return a->sum > b->sum; });
      Judgement judgement{"risk", vocab::risks()[risk].key, sum / (sum + half_confidence), {}};
      for (const auto* phrase : phrases)
        if (judgement.evidence.size() < most_evidence) judgement.evidence.push_back(phrase->evidence);
      out.push_back(std::move(judgement));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
    return out;
  }

 private:
  // For each risk the longest phrase or excuse from here on, unless a longer one reaches over it already.
  static void find(const std::vector<text::Token>& tokens, std::size_t at,
                   std::vector<std::vector<Found>>& found) {
    lexicon().matches(tokens, at, [&](const Entry& entry) {
      for (const auto& meaning : entry.meanings) {
        auto& known = found[meaning.risk];
        if (!known.empty() && known.back().end > at) continue;
        known.push_back({at, at + entry.words.size(), meaning.weight});
      }
    });
  }

  void weigh(std::size_t risk, const std::vector<Found>& found, const std::vector<text::Token>& tokens,
             std::string_view text, std::string_view field, double factor) {
    const bool excusing =
        std::any_of(found.begin(), found.end(), [](const Found& one) { return one.weight == 0; });
    std::set<std::string> counted;  // within one text a phrase counts once
    for (const auto& hit : found) {
      if (hit.weight == 0) continue;
      const bool excused = std::any_of(found.begin(), found.end(), [&](const Found& other) {
        return other.weight == 0 && other.begin < hit.end + window && hit.begin < other.end + window;
      });
      if (excused) continue;
      std::string key;
      for (auto i = hit.begin; i < hit.end; ++i) key += tokens[i].term + ' ';
      if (!counted.insert(key).second) continue;
      const auto surface =
          text.substr(tokens[hit.begin].begin, tokens[hit.end - 1].end - tokens[hit.begin].begin);
      count(tallies_[risk][key], hit.weight, factor * (excusing ? in_excusing_text : 1), field, surface);
    }
  }

  static void count(Phrase& phrase, double weight, double factor, std::string_view field,
                    std::string_view surface) {
    if (phrase.texts >= most_texts) return;
    phrase.sum += weight * factor * (phrase.texts == 0 ? 1 : again);
    phrase.weight = weight;
    if (phrase.texts++ == 0) phrase.evidence = {std::string(field), std::string(surface)};
  }

  std::vector<Tally> tallies_;
};

}  // namespace

std::vector<Judgement> find_risks(const Profile& profile) {
  Reader reader;
  for (const auto& account : profile.accounts) {
    reader.read("bio", value_or(account.name, std::string()), 1);
    reader.read("bio", value_or(account.bio, std::string()), 1);
    for (const auto& category : value_or(account.categories, std::vector<std::string>()))
      reader.read("category", category, 1);
  }
  for (std::size_t i = 0; i < profile.items.size() && i < most_items; ++i) {
    reader.read("content", profile.items[i].title, title_weight);
    reader.read("content", profile.items[i].description, description_weight);
  }
  return reader.judgements();
}

}  // namespace cdx::enrich
