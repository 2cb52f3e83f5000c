#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "enrich/annotate.h"
#include "enrich/head.h"
#include "enrich/parts.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr std::uint32_t rules = 1;  // raised with every change of what stands below

// A sub-niche or a second niche: its share of the primary's evidence, and a second niche's least probability.
constexpr double secondary_share = 0.3, secondary_probability = 0.12;
constexpr std::size_t most_secondary = 3, most_evidence = 8, enough_evidence = 3, batch_size = 256;
constexpr double stated_confidence = 0.99, detected_confidence = 0.95;

class WordsAnnotator final : public Annotator {
 public:
  std::string version() const override {
    const auto* head = built_in_head();
    return fmt::format("words {}.{:08x} head {:08x}", rules, rules_version(), head ? head->hash() : 0U);
  }
  std::size_t batch() const override { return batch_size; }

  Result<std::vector<Result<Annotation>>> annotate(const Call& call,
                                                   std::span<const AnnotatorInput> inputs) override {
    std::vector<Result<Annotation>> out;
    for (const auto& input : inputs) {
      CDX_TRY(call.check());
      if (input.profile == nullptr)
        out.emplace_back(fail(ErrorKind::invalid, "there is no profile to judge"));
      else
        out.emplace_back(judge(input));
    }
    return out;
  }

 private:
  static Annotation judge(const AnnotatorInput& input);
};

const NicheGuess* guess_of(const std::vector<NicheGuess>& guesses, std::string_view key) {
  for (const auto& guess : guesses)
    if (guess.key == key) return &guess;
  return nullptr;
}

// The rules' phrases first; where they are few, the words that the head went by; at last the beginning of
// the bio, which the vector was made of.
std::vector<Evidence> evidence_for(const Profile& profile, const std::string& key, const NicheGuess* guess) {
  std::vector<Evidence> out;
  if (guess != nullptr) out = guess->evidence;
  if (out.size() > most_evidence) out.resize(most_evidence);
  if (const auto* head = built_in_head(); head != nullptr && out.size() < enough_evidence)
    for (auto& one : head->evidence(profile, key, enough_evidence))
      if (out.size() < enough_evidence && std::find(out.begin(), out.end(), one) == out.end())
        out.push_back(std::move(one));
  if (out.empty())
    for (const auto& account : profile.accounts)
      if (const auto bio = value_or(account.bio, std::string()); !bio.empty() && out.empty())
        out.push_back({"bio", std::string(text::clip(bio, 80))});
  return out;
}

void add_secondary(const Profile& profile, const std::string& primary, const std::vector<NicheGuess>& guesses,
                   const std::vector<NicheProbability>& likely, std::vector<Judgement>& out) {
  std::size_t count = 0;
  const auto add = [&](const std::string& key, double confidence, const NicheGuess* guess) {
    if (count >= most_secondary) return;
    out.push_back({"secondary_niche", key, std::min(confidence, 1.0), evidence_for(profile, key, guess)});
    ++count;
  };
  const auto* own = guess_of(guesses, primary);
  for (const auto& guess : guesses)
    if (own != nullptr && guess.key.starts_with(primary + "/") && guess.score >= secondary_share * own->score)
      add(guess.key, guess.score / own->score, &guess);
  for (const auto& one : likely)
    if (one.key != primary && one.probability >= secondary_probability && vocab::niche(one.key))
      add(one.key, one.probability, guess_of(guesses, one.key));
}

struct Primary {
  std::string key;
  double confidence = 0;
};

// Where no head serves this taxonomy, the rules decide as derive() does; a niche that the head never saw (the
// operator's own) is theirs as well, where they are sure of it.
Primary primary_of(const Creator& by_rules, const AnnotatorInput& input,
                   const std::vector<NicheGuess>& guesses, std::vector<NicheProbability>& likely) {
  const auto* head = built_in_head();
  const auto& profile = *input.profile;
  const auto* ruled = judgement(by_rules, "niche");
  if (head == nullptr) return ruled ? Primary{ruled->value, ruled->confidence} : Primary{};
  const auto known = head->classes();
  if (ruled && std::find(known.begin(), known.end(), ruled->value) == known.end())
    return {ruled->value, ruled->confidence};
  likely = head->predict(profile, guesses, input.meaning, input.space);
  const bool with_meaning = head->reads(profile, input.meaning, input.space);
  const auto best = std::find_if(likely.begin(), likely.end(),
                                 [](const auto& one) { return vocab::niche(one.key) != nullptr; });
  if (best == likely.end()) return {};
  return {best->key, head->confidence(best->probability, with_meaning)};
}

std::optional<Judgement> judge_language(const Profile& profile) {
  if (const auto stated = stated_language(profile); !stated.empty())
    return Judgement{"language", stated, stated_confidence, {{"account", stated}}};
  const auto detected = content_language(profile);
  if (detected.empty()) return std::nullopt;
  Judgement out{"language", detected, detected_confidence, {}};
  for (const auto& account : profile.accounts)
    if (const auto bio = value_or(account.bio, std::string()); !bio.empty() && out.evidence.empty())
      out.evidence.push_back({"bio", std::string(text::clip(bio, 80))});
  if (out.evidence.empty() && !profile.items.empty())
    out.evidence.push_back({"content", std::string(text::clip(profile.items.front().title, 80))});
  return out;
}

Annotation WordsAnnotator::judge(const AnnotatorInput& input) {
  const auto& profile = *input.profile;
  Annotation out;
  const auto guesses = guess_niches(profile);
  std::vector<NicheProbability> likely;
  Creator creator = derive(profile);
  const auto primary = primary_of(creator, input, guesses, likely);
  creator.primary_niche.clear();
  if (!primary.key.empty() && primary.confidence >= least_niche_confidence) {
    creator.primary_niche = primary.key;
    out.judgements.push_back({"niche", primary.key, primary.confidence,
                              evidence_for(profile, primary.key, guess_of(guesses, primary.key))});
    add_secondary(profile, primary.key, guesses, likely, out.judgements);
  }
  if (auto style = judge_style(profile)) out.judgements.push_back(std::move(*style));
  if (auto language = judge_language(profile)) out.judgements.push_back(std::move(*language));
  for (auto& risk : find_risks(profile)) out.judgements.push_back(std::move(risk));
  out.summary = summarise(creator, profile);
  return out;
}

}  // namespace

std::unique_ptr<Annotator> make_words_annotator() { return std::make_unique<WordsAnnotator>(); }

void apply_annotation(Creator& creator, const Annotation& annotation, const Judged& stamp) {
  creator.primary_niche.clear();
  creator.secondary_niches.clear();
  creator.style.clear();
  creator.risks.clear();
  creator.judgements = annotation.judgements;
  for (const auto& judged : annotation.judgements) {
    if (judged.subject == "niche") creator.primary_niche = judged.value;
    if (judged.subject == "secondary_niche") creator.secondary_niches.push_back(judged.value);
    if (judged.subject == "style") creator.style = judged.value;
    if (judged.subject == "risk") creator.risks.push_back(judged.value);
    // What stands there already was stated by an account, or read from the same words.
    if (judged.subject == "language" && creator.language.empty()) creator.language = judged.value;
  }
  if (!annotation.summary.empty()) creator.summary = annotation.summary;
  creator.judged = stamp;
}

}  // namespace cdx::enrich
