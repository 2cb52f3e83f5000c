// What a language model or an embedding endpoint answers: any bytes. Nothing crashes, and what is taken holds
// what check.h promises.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "embed/remote/embeddings_protocol.h"
#include "enrich/chat/check.h"
#include "enrich/chat/reply.h"

namespace {

using namespace cdx;

const enrich::ChatTerms& terms() {
  static const enrich::ChatTerms one{
      {"fitness", "food"}, {"fitness", "fitness/yoga", "food"}, {"educational"}, {"gambling"}};
  return one;
}

void check_annotation(const enrich::Annotation& annotation, const std::string& all) {
  const auto words = 1 + std::count(annotation.summary.begin(), annotation.summary.end(), ' ');
  CDX_ASSERT(words >= 12 && words <= 28);
  for (const auto& one : annotation.judgements) {
    CDX_ASSERT(one.confidence >= 0.5 && one.confidence <= 1);
    CDX_ASSERT(!one.evidence.empty() || one.subject == "language");
    for (const auto& evidence : one.evidence) CDX_ASSERT(all.find(evidence.phrase) != std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static const enrich::chat::CreatorText first{{"Yoga teacher in Goa, write to [removed]"}, {"Morning flow"}};
  static const enrich::chat::CreatorText second{{"Street food"}, {}};
  const enrich::chat::Asked asked[]{{1, &first}, {2, &second}};
  const auto checked = enrich::chat::check_answer(terms(), 0.5, bytes, asked, asked);
  CDX_ASSERT(checked.good.size() + checked.faults.size() == 2);
  for (const auto& [number, annotation] : checked.good) {
    CDX_ASSERT(!checked.faults.contains(number));
    check_annotation(annotation,
                     number == 1 ? "Yoga teacher in Goa, write to [removed]\nMorning flow" : "Street food");
  }
  (void)enrich::chat::read_reply("fuzz", bytes, size);
  if (const auto answer = remote::read_answer("fuzz", bytes, 2, 3)) {
    CDX_ASSERT(answer->rows.values.size() == 6);
    for (const float value : answer->rows.values) CDX_ASSERT(std::isfinite(value));
  }
  return 0;
}
