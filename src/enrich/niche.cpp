#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "enrich/parts.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr double category_weight = 5;         // one category given by the source
constexpr double broad_category = 0.5;        // of it, for categories that say little
constexpr double weak_weight = 0.35;          // of a word that stands in bios of every kind
constexpr double prior = 1.0;                 // evidence in favour of no niche at all
constexpr std::size_t longest_phrase = 4;     // words
constexpr std::size_t longest_field = 4'000;  // bytes read of one text
constexpr std::size_t most_items = 50;

struct Entry {
  std::size_t niche = 0;
  double weight = 0;
};

// Words that stand in bios of every kind; alone they prove little.
constexpr std::string_view weak_words =
    "how "
    "to|explained|explain|home|house|show|shows|series|team|player|fan|goal|company|strategy|success|tool|"
    "build|learn|"
    "learning|course|lesson|student|teacher|class|school|university|academy|app|digital|internet|innovation|"
    "research|theory|"
    "lab|internal|experience|consulting|management|leadership|inspiration|inspirational|data|program|fun|"
    "premiere|cast|"
    "director|story|storytelling|library|reading|writer|author|publishing|record|drop|cover|track|mix|"
    "foundation|society|"
    "government|war|policy|report|debate|campaign|space|star|moon|family|kid|children|baby|brother|challenge|"
    "vs|react|trip|"
    "adventure|nature|river|lake|mountain|trail|flow|pace|ultra|athlete|model|design|designer|artist|art|"
    "host|funny|comic|"
    "tour|band|tv|movie|video editing|podcasting|fan art|company|b2b|case "
    "study|healthy|doctor|coach|driver|mobil|casa|hiring|"
    "job|salary|portfolio|share|option|future|token|wallet|mining|drone|engineering|automation|solar|network|"
    "networking|"
    "organization|organize|cleaning|paint|repair|engine|garage|motor|fall|river|catch|satisfying|calm|sleep|"
    "live in|living in|"
    "blog|vlog|deal|shopping|live news|daily "
    "news|career|budget|interview|productivity|habit|mindset|confidence|love|routine|"
    "technical|tech|technology|science|education|business|entertainment|lifestyle|documentary|celebrity|"
    "history|brain|money";

// Forms of one word meet here: plurals lose their "s". Stems would bring together too much ("related" and
// "relativity").
std::string plain_form(std::string term) {
  const bool plural = term.size() > 3 && term != "news" && term.back() == 's' &&
                      term[term.size() - 2] != 's' && term[term.size() - 2] != 'u' &&
                      term[term.size() - 2] != 'i';
  if (plural) term.pop_back();
  return term;
}

// Phrases to the niches they speak for, with the weight that their rarity among niches gives.
struct Lexicon {
  std::unordered_map<std::string, std::vector<Entry>> phrases;
  std::vector<std::size_t> top;  // of each niche: its own number or its parent's

  Lexicon() {
    const auto niches = vocab::niches();
    for (std::size_t i = 0; i < niches.size(); ++i) {
      top.push_back(i);
      for (std::size_t j = 0; j < i; ++j)
        if (niches[j].key == niches[i].parent) top[i] = j;
      add(niches[i].label, i, 1.3);
      for (const auto& synonym : niches[i].synonyms) add(synonym, i, 1.3);
      for (const auto& word : niches[i].words) add(word, i, 1.0);
    }
    for (auto& [phrase, entries] : phrases) weigh_rarity(phrase, entries, niches);
    weaken();
  }

  static std::string key(std::span<const text::Token> tokens) {
    std::string out;
    for (const auto& token : tokens) {
      if (!out.empty()) out += ' ';
      out += token.term;
    }
    return out;
  }

 private:
  void add(std::string_view words, std::size_t niche, double weight) {
    const auto tokens = plain_tokens(words);
    if (tokens.empty() || tokens.size() > longest_phrase || key(tokens).size() < 2)
      return;  // "C++" is "c" here
    auto& entries = phrases[key(tokens)];
    for (auto& entry : entries)
      if (entry.niche == niche) {
        entry.weight = std::max(entry.weight, weight);
        return;
      }
    entries.push_back({niche, weight});
  }

  void weaken() {
    for (std::size_t begin = 0; begin < weak_words.size();) {
      const auto end = std::min(weak_words.find('|', begin), weak_words.size());
      const auto it = phrases.find(key(plain_tokens(weak_words.substr(begin, end - begin))));
      if (it != phrases.end())
        for (auto& entry : it->second) entry.weight *= weak_weight;
      begin = end + 1;
    }
  }

  void weigh_rarity(const std::string& phrase, std::vector<Entry>& entries,
                    std::span<const vocab::Niche> niches) const {
    std::set<std::size_t> distinct;
    for (const auto& entry : entries) distinct.insert(top[entry.niche]);
    double tops = 0;
    for (const auto& niche : niches) tops += niche.parent.empty() ? 1 : 0;
    const double rarity = std::log(1 + tops / static_cast<double>(distinct.size())) / std::log(1 + tops);
    const double length = phrase.find(' ') == std::string::npos ? 1.0 : 1.5;  // phrases are seldom chance
    for (auto& entry : entries)
      entry.weight *= rarity * rarity * length / static_cast<double>(distinct.size());
  }
};

const Lexicon& lexicon() {
  static const Lexicon instance;
  return instance;
}

struct Tally {
  double score = 0;
  std::map<std::string, double> phrases;  // "bio\tyoga" and what it gave
};

class Weigher {
 public:
  Weigher() : tallies_(vocab::niches().size()) {}

  void category(std::string_view name) {
    std::size_t begin = 0;
    for (int part = 0; part < 4 && begin <= name.size(); ++part) {  // "Fashion|Modeling|Beauty"
      const auto end = std::min(name.find('|', begin), name.size());
      one_category(name.substr(begin, end - begin), category_weight / (1 + part));
      begin = end + 1;
    }
  }

  // Each phrase of the text counts once, the longest at its place; overlapping shorter ones do not count
  // beside it.
  void words(std::string_view field, std::string_view text, double weight) {
    const auto tokens = plain_tokens(text::clip(text, longest_field));
    std::set<std::string> seen;
    for (std::size_t i = 0; i < tokens.size();) {
      const auto length = match(tokens, i);
      if (length == 0) {
        ++i;
        continue;
      }
      const auto key = Lexicon::key(std::span(tokens).subspan(i, length));
      const auto surface = text.substr(tokens[i].begin, tokens[i + length - 1].end - tokens[i].begin);
      if (seen.insert(key).second) count(field, key, surface, weight);
      i += length;
    }
  }

  std::vector<NicheGuess> guesses() const {
    const auto niches = vocab::niches();
    std::vector<double> score(niches.size(), 0);
    double sum = prior;
    for (std::size_t i = 0; i < niches.size(); ++i) {
      score[i] += tallies_[i].score;
      if (lexicon().top[i] != i) score[lexicon().top[i]] += tallies_[i].score;
      sum += tallies_[i].score;
    }
    std::vector<NicheGuess> out;
    for (std::size_t i = 0; i < niches.size(); ++i)
      if (score[i] > 0) out.push_back({niches[i].key, score[i] / sum, evidence(i)});
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
    return out;
  }

 private:
  static std::size_t match(const std::vector<text::Token>& tokens, std::size_t i) {
    for (auto length = std::min(longest_phrase, tokens.size() - i); length > 0; --length)
      if (lexicon().phrases.contains(Lexicon::key(std::span(tokens).subspan(i, length)))) return length;
    return 0;
  }

  void one_category(std::string_view name, double weight) {
    const auto* niche = vocab::find_niche(text::fold(name));
    if (!niche) return;
    // "Entertainment", "People & Blogs": where platforms put everything else.
    const bool broad = niche->key == "lifestyle" || niche->key == "film_tv";
    auto& tally = tallies_[static_cast<std::size_t>(niche - vocab::niches().data())];
    tally.score += weight * (broad ? broad_category : 1);
    tally.phrases["category\t" + std::string(name)] += weight;
  }

  void count(std::string_view field, const std::string& key, std::string_view surface, double weight) {
    for (const auto& entry : lexicon().phrases.at(key)) {
      auto& tally = tallies_[entry.niche];
      tally.score += entry.weight * weight;
      tally.phrases[std::string(field) + "\t" + std::string(surface)] += entry.weight * weight;
    }
  }

  std::vector<Evidence> evidence(std::size_t niche) const {
    std::vector<std::pair<double, std::string>> rows;
    for (std::size_t i = 0; i < tallies_.size(); ++i)
      if (i == niche || lexicon().top[i] == niche)
        for (const auto& [phrase, weight] : tallies_[i].phrases) rows.emplace_back(-weight, phrase);
    std::sort(rows.begin(), rows.end());
    std::vector<Evidence> out;
    for (const auto& [weight, phrase] : rows) {
      const auto tab = phrase.find('\t');
      out.push_back({phrase.substr(0, tab), phrase.substr(tab + 1)});
    }
    return out;
  }

  std::vector<Tally> tallies_;
};

}  // namespace

std::vector<text::Token> plain_tokens(std::string_view text) {
  auto tokens = text::tokens(text);
  for (auto& token : tokens) token.term = plain_form(std::move(token.term));
  return tokens;
}

std::vector<NicheGuess> guess_niches(const Profile& profile) {
  Weigher weigher;
  for (const auto& account : profile.accounts) {
    for (const auto& category : value_or(account.categories, std::vector<std::string>()))
      weigher.category(category);
    weigher.words("name", value_or(account.name, std::string()), 1.25);
    weigher.words("handle", value_or(account.handle, std::string()), 0.75);
    weigher.words("bio", value_or(account.bio, std::string()), 1.0);
  }
  // Many posts say the same again: together they weigh like a few bios, however many there are.
  const auto items = std::min(profile.items.size(), most_items);
  const double weight = items > 0 ? 2.0 / std::sqrt(static_cast<double>(items) + 3) : 0;
  for (std::size_t i = 0; i < items; ++i) {
    weigher.words("content", profile.items[i].title, weight);
    weigher.words("content", profile.items[i].description, 0.3 * weight);
  }
  return weigher.guesses();
}

}  // namespace cdx::enrich
