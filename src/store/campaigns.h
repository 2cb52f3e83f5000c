// Campaigns and what creators scored for them. Part of store/store.h.
//
// Twins: in store/sqlite (the same file as the store, on connections of its own) and store/memory. Promises
// and errors as in store.h.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/call.h"
#include "model/model.h"

namespace cdx {

struct ScorePage {
  std::vector<MatchScore> scores;  // by match descending, then creator id ascending
  std::size_t total = 0;           // of the campaign
};

class CampaignStore {
 public:
  virtual ~CampaignStore() = default;

  // Inserts, or replaces the brief and updated_at of the campaign with this id; created_at stays. `invalid`
  // for a number that is not finite.
  virtual Status put_campaign(const Call&, const Campaign&) = 0;
  virtual Result<std::optional<Campaign>> campaign(const Call&, CampaignId) const = 0;
  // By created_at, the newest first, then id ascending.
  virtual Result<std::vector<Campaign>> campaigns(const Call&, std::size_t skip, std::size_t max) const = 0;
  // With its scores and their history. An absent one is no error.
  virtual Status remove_campaign(const Call&, CampaignId) = 0;

  // One row a (campaign, creator): a later one replaces; what it replaces goes to the history unless only
  // `at` differs. Of equal ones within the span the last counts. All or nothing. `not_found` when a campaign
  // does not exist, `invalid` for a part that is not a finite number.
  virtual Status put_scores(const Call&, std::span<const MatchScore>) = 0;
  // As put_scores of one campaign's whole ranking: rows of creators that are not among them go to the
  // history, so that what stands is what was ranked last. `invalid` for scores of another campaign.
  virtual Status replace_scores(const Call&, CampaignId, std::span<const MatchScore>) = 0;
  // None for a campaign that does not exist.
  virtual Result<ScorePage> scores(const Call&, CampaignId, std::size_t skip, std::size_t max) const = 0;
  // Former scores of one creator, without the present one (it may have none: then it is ranked no more): what
  // was replaced first comes first.
  virtual Result<std::vector<MatchScore>> score_history(const Call&, CampaignId, CreatorId) const = 0;
};

}  // namespace cdx
