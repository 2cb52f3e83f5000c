// Real channels with title and description: niches read by hand, and topics judged for queries.
#include <algorithm>
#include <set>
#include <sstream>

#include "base/hash.h"
#include "evaluate/evaluate.h"
#include "evaluate/niche_tables.h"

namespace cdx::evaluate {
namespace {

std::map<std::string, std::vector<std::string>> keyed(std::string_view table) {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& row : tsv_rows(table))
    if (row.size() == 2) out[row[0]] = split_keys(row[1]);
  return out;
}

// Of the topics of the highest grade: the niches that all allow, or else those that any allows.
std::vector<std::string> niches_of(
    const std::vector<std::pair<int, const std::vector<std::string>*>>& topics) {
  int best = 0;
  for (const auto& [grade, niches] : topics) best = std::max(best, grade);
  std::vector<std::string> all, any;
  bool first = true;
  for (const auto& [grade, niches] : topics) {
    if (grade < best) continue;
    for (const auto& key : *niches)
      if (std::find(any.begin(), any.end(), key) == any.end()) any.push_back(key);
    if (first) all = *niches;
    first = false;
    std::erase_if(all, [&](const auto& key) {
      return std::find(niches->begin(), niches->end(), key) == niches->end();
    });
  }
  return all.empty() ? any : all;
}

}  // namespace

Result<std::vector<NicheCase>> channel_cases(const std::string& folder) {
  CDX_TRY_LET(const auto documents, read_documents(folder + "/judged/docs.jsonl"));
  CDX_TRY_LET(auto judgements, read_judgements(folder + "/judged/qrels.txt"));
  CDX_TRY_LET(const auto by_topic, read_judgements(folder + "/judged/qrels_topic.txt"));
  for (const auto& [query, grades] : by_topic) judgements[query] = grades;  // without the filters' zeros
  const auto read_by_hand = keyed(embedded::evaluate_channel_niches());
  const auto topics = keyed(embedded::evaluate_topic_niches());
  std::map<std::string, std::vector<std::pair<int, const std::vector<std::string>*>>> relevant;
  for (const auto& [query, grades] : judgements)
    if (const auto topic = topics.find(query); topic != topics.end())
      for (const auto& [channel, grade] : grades)
        if (grade >= 2) relevant[channel].emplace_back(grade, &topic->second);
  std::vector<NicheCase> out;
  for (const auto& document : documents) {
    NicheCase one;
    one.profile = profile_of(Platform::youtube, document.id, document.title, document.text);
    one.profile.accounts[0].handle.reset();  // an id says nothing
    one.held_out = in_held_out_half(document.id);
    if (const auto it = read_by_hand.find(hex(sha256(document.id)).substr(0, 16)); it != read_by_hand.end()) {
      one.source = "channels, read by hand";
      one.right = it->second;
      out.push_back(one);
    }
    if (const auto it = relevant.find(document.id); it != relevant.end()) {
      one.source = "channels, judged topics";
      one.right = niches_of(it->second);
      out.push_back(one);
    }
  }
  return out;
}

}  // namespace cdx::evaluate
