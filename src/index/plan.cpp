#include "index/plan.h"

#include <fmt/format.h>

namespace cdx::engine {
namespace {

std::string describe_words(const Plan& plan) {
  if (plan.words.words.empty()) return "";
  auto out = plan.more_by_words ? fmt::format("; words: the best {} of more", plan.by_words)
                                : fmt::format("; words: {} found", plan.by_words);
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
    out += plan.more_by_name ? fmt::format("; named: the best {} of more", plan.by_name)
                             : fmt::format("; named: {}", plan.by_name);
  for (const auto& field : plan.fields)
    out += field.walked ? fmt::format("; {}: graph walked, {} vectors compared ({} expected), best {} kept",
                                      field.name, field.compared, field.estimated, field.kept)
                        : fmt::format("; {}: all {} vectors compared, best {} kept", field.name,
                                      field.compared, field.kept);
  if (plan.unreadable > 0)
    out += fmt::format("; {} documents left out: their part of the index is damaged", plan.unreadable);
  return out + fmt::format("; {} candidates", plan.candidates);
}

}  // namespace cdx::engine
