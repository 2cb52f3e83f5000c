// Measures how well niches are told, on invented creators and on real lists, and trains the head that tells
// them. Part of evaluate/evaluate.h.
//
//   top-1, top-3   share of cases whose right niche is the first, among the first three; a case may have
//   several
//                  right niches, `main` counts the first of them alone
//   answered       share of cases that are not "uncertain", and how many of these are right
//   at 60 %        share right among the six tenths of the cases with the highest confidence
//   reliability    for thresholds c: share of answers with a confidence of c or more, and how many are right
// Each real case belongs to the tuning half or the held-out half, by a hash of its channel or handle; nothing
// is ever fitted to the held-out half, and the head's weights to neither. Promises: deterministic. Never:
// writes what it reads from shared data anywhere.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "embed/embed.h"
#include "enrich/head.h"
#include "store/store.h"

namespace cdx::evaluate {

struct NicheCase {
  Profile profile;
  std::vector<std::string> right;  // top-level keys, the main one first; none: the text says nothing
  std::string source;              // "channels, read by hand"
  bool held_out = true;
  std::vector<float> meaning;  // filled by add_meanings
  double weight = 1;           // in training
};

// Real creators below `folder` (shared/data), of five sources; see docs/enrichment.md. `not_found` names the
// first file that is missing.
Result<std::vector<NicheCase>> real_niche_cases(const std::string& folder);
// Invented creators: made into a folder of the system's temporary one, imported into `empty`, which has
// nothing in it yet.
Result<std::vector<NicheCase>> sample_niche_cases(const Call& call, Store& empty, std::uint64_t creators,
                                                  std::uint64_t seed);
// What the head is trained on besides invented creators: the examples of src/evaluate/data and texts thrown
// together from the vocabulary.
std::vector<NicheCase> example_niche_cases();

// Embeds what has no vector in `vectors` yet and keeps it there; fills `meaning` as the enricher does.
Status add_meanings(const Call& call, Store& vectors, EmbeddingProvider& embedder,
                    std::vector<NicheCase>& cases,
                    const std::function<void(std::size_t done, std::size_t total)>& progress);

enum class NicheModel { rules, head_words, head_meaning };
std::string_view name(NicheModel model);

struct ReliabilityPoint {
  double confidence = 0, share = 0, right = 0;
};
struct NicheFigures {
  std::string source;
  bool held_out = true;
  NicheModel model = NicheModel::rules;
  std::size_t cases = 0, creators_a_second = 0;
  double top1 = 0, main = 0, top3 = 0;
  double answered = 0, answered_right = 0;  // by the annotator's own threshold
  double at_60_percent = 0;
  std::vector<ReliabilityPoint> reliability;
};
// One row a source, half and model; rows of head_meaning only where cases have a meaning.
std::vector<NicheFigures> measure_niches(const std::vector<NicheCase>& cases, const enrich::NicheHead* head,
                                         std::uint64_t space);

// Which risks the real channels and lists are said to have: (channel or handle, risk, evidence in words).
struct RiskFinding {
  std::string who, risk, evidence;
  double confidence = 0;
};
std::vector<RiskFinding> find_risks(const std::vector<NicheCase>& cases);

// What the built-in head is trained with; space and dimension are those of the embedder. The numbers were
// chosen on the tuning half.
enrich::HeadOptions niche_head_options();
Result<enrich::NicheHead> train_niche_head(const Call& call, const std::vector<NicheCase>& cases,
                                           const enrich::HeadOptions& options);

}  // namespace cdx::evaluate
