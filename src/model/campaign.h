// Campaign briefs and what creators are worth to them. Part of model/model.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/ids.h"

namespace cdx {

// What a marketer wants, in the words of designs 004. Empty text and absent numbers mean "not said".
struct Brief {
  std::string product_name;
  std::string brand_name;
  std::string product_description;
  std::string target_audience;
  std::vector<std::string> key_use_cases;
  std::string campaign_goal;
  std::string product_niche;
  std::optional<double> total_budget_usd;
  std::optional<std::int64_t> min_followers, max_followers;
  std::optional<double> min_engagement, max_engagement;  // fractions
  std::vector<std::string> platforms;                    // names as in model/ids.h
  std::vector<std::string> countries;                    // ISO 3166-1 alpha-2
  std::vector<std::string> languages;                    // ISO 639-1
  std::vector<std::string> competitors;                  // brands; who works for one has a conflict
  friend bool operator==(const Brief&, const Brief&) = default;
};

struct Campaign {
  CampaignId id;
  Brief brief;
  Time created_at = {};
  Time updated_at = {};
  friend bool operator==(const Campaign&, const Campaign&) = default;
};

// All parts in [0,1].
struct MatchScore {
  CampaignId campaign;
  CreatorId creator;
  double match = 0, niche = 0, audience = 0, engagement = 0, budget = 0;
  std::string profile;        // name of the scoring profile: "balanced", "seed-004"
  std::uint32_t formula = 0;  // version of its formulas
  std::string model;          // embedding model behind the likeness; empty: none
  Time at = {};
  friend bool operator==(const MatchScore&, const MatchScore&) = default;
};

}  // namespace cdx
