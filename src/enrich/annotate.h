// The seam to what reads a creator and judges it: niche, style, language, summary, risks. Part of
// enrich/enrich.h.
//
// Twins: words (rules and a trained head over words and, where there are any, the creator's vectors;
// offline), chat (any OpenAI-style chat endpoint; enrich/chat). Thread-safe; calls block and heed the Call.
// Equal input and version give equal answers for offline twins.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "model/model.h"

namespace cdx::enrich {

struct AnnotatorInput {
  const Profile* profile = nullptr;  // its accounts and newest items; what was derived before is not read
  std::span<const float> meaning;    // unit centroid of the creator's vectors in one space; empty: none
  std::uint64_t space = 0;           // ModelCard::space() of `meaning`; 0: not known, so it is not read
};

// `judgements` hold at most one "niche", one "style", one "language", up to 3 "secondary_niche", any "risk".
// What is uncertain is absent. The summary has 12 to 28 words; empty: the caller derives one.
struct Annotation {
  std::vector<Judgement> judgements;
  std::string summary;
};

class Annotator {
 public:
  virtual ~Annotator() = default;
  // Changes whenever its answers may change: "words 12 head 3f2a90c1".
  virtual std::string version() const = 0;
  // How many creators to hand over at once, at most.
  virtual std::size_t batch() const = 0;
  // One annotation or error an input, in their order: one creator's failure is not its neighbour's. The outer
  // error is for what concerns all: `unavailable`, `rate_limited` (with waiting time), `cancelled`,
  // `timed_out`.
  virtual Result<std::vector<Result<Annotation>>> annotate(const Call&, std::span<const AnnotatorInput>) = 0;
};

// The offline twin. `taxonomy` and models are those of the vocabulary and the embedded head.
std::unique_ptr<Annotator> make_words_annotator();

// Writes judgements into the creator's own fields (primary_niche, secondary_niches, style, language, risks,
// summary where there is one) and stamps it. Uncertain subjects become empty; a language stated by an account
// stays.
void apply_annotation(Creator& creator, const Annotation& annotation, const Judged& stamp);

}  // namespace cdx::enrich
