// The state of a Matcher. Private to the match room.
#pragma once

#include "match/ranking.h"

namespace cdx {

struct Matcher::State {
  const Searcher& searcher;
  const Store& store;
  CampaignStore* campaigns;
  const Clock& clock;
  MatcherOptions options;
  Ranker ranker;
  Remembered<std::shared_ptr<const Ranking>> rankings;
  Remembered<std::uint64_t> last_kept;  // by campaign: the ranking its rows are of
  std::uint64_t secret;                 // cursors of another process are not ours

  Result<ScoringProfile> profile_of(const MatchOptions& asked) const;
  // From memory, or made, kept for the campaign (where there is one) and remembered. `question` tells
  // rankings apart; `generation`: only the ranking of that snapshot will do (`conflict`).
  struct Made {
    std::shared_ptr<const Ranking> ranking;
    bool remembered = false;
  };
  Result<Made> ranked(const Call& call, const Brief& brief, const ScoringProfile& profile, std::size_t max,
                      std::optional<CampaignId> campaign, std::uint64_t question,
                      std::optional<std::uint64_t> generation);
  Status keep(const Call& call, const Brief& brief, CampaignId campaign, const ScoringProfile& profile,
              const Ranking& ranking) const;
  Status fill(const Call& call, const Ranking& ranking, std::size_t first, std::size_t last, bool explain,
              std::vector<MatchHit>& hits) const;
};

// One sentence from the reasons of the parts that speak most.
std::string match_sentence(const ScoredCreator& scored);

}  // namespace cdx
