#include "index/plan.h"

#include <fmt/format.h>

namespace cdx::engine {
namespace {

std::string describe_words(const Plan& plan) {
  if (plan.words.words.empty()) return "";
  auto out = fmt::format("; words: {} found", plan.by_words);
  if (plan.words_kept < plan.by_words) out += fmt::format(", cut to the best {}", plan.words_kept);
  for (const auto& word : plan.words.words) {
    if (word.readings.empty()) out += fmt::format(", \"{}\" in no document", word.written);
    std::string readings;
    for (const auto& reading : word.readings)
      if (reading.edits > 0)
        readings += fmt::format("{}{} ({} edit{})", readings.empty() ? "" : " or ", reading.term,
                                reading.edits, reading.edits == 1 ? "" : "s");
    if (!readings.empty())
      out += fmt::format(", \"{}\" in no document, over the words of all fields read as {}", word.written,
                         readings);
  }
  return out;
}

}  // namespace

std::string describe(const Plan& plan) {
  const auto share = plan.documents == 0
                         ? 0.0
                         : 100.0 * static_cast<double>(plan.matching) / static_cast<double>(plan.documents);
  auto out = plan.matching == plan.documents ? fmt::format("all {} documents", plan.documents)
                                             : fmt::format("filter keeps {} of {} documents ({:.2g} %)",
                                                           plan.matching, plan.documents, share);
  out += describe_words(plan);
  if (plan.by_name > 0)
    out += plan.by_name > most_named
               ? fmt::format("; named: {}, cut to the best {}", plan.by_name, most_named)
               : fmt::format("; named: {}", plan.by_name);
  for (const auto& field : plan.fields)
    out += fmt::format("; {}: all {} vectors compared, best {} kept", field.name, field.compared, field.kept);
  return out + fmt::format("; {} candidates", plan.candidates);
}

}  // namespace cdx::engine
