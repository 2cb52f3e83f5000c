#include "match/matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <span>

#include "base/hash.h"

namespace cdx {
namespace {

constexpr std::size_t most_considered = 1'000;
constexpr std::size_t most_remembered_campaigns = 1'000;
constexpr std::size_t number_digits = 16, cursor_digits = 4 * number_digits;

tl::unexpected<Error> refuse(std::string_view pointer, std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", pointer, reason));
}

struct Cursor {
  std::uint64_t generation = 0, question = 0, offset = 0;
};
std::uint64_t signature(const Cursor& cursor, std::uint64_t secret) {
  return hash64(fmt::format("{}|{}|{}", cursor.generation, cursor.question, cursor.offset), secret);
}
std::string write(const Cursor& cursor, std::uint64_t secret) {
  return fmt::format("{:016x}{:016x}{:016x}{:016x}", cursor.generation, cursor.question, cursor.offset,
                     signature(cursor, secret));
}
Result<Cursor> read(std::string_view text, std::uint64_t secret) {
  const auto number = [&](std::size_t i) {
    std::uint64_t value = 0;
    const auto part = text.substr(i * number_digits, number_digits);
    std::from_chars(part.data(), part.data() + part.size(), value, 16);
    return value;
  };
  if (text.size() != cursor_digits) return refuse("/cursor", "is not one that this server gave");
  const Cursor out{number(0), number(1), number(2)};
  if (write(out, secret) != text) return refuse("/cursor", "is not one that this server gave");
  return out;
}

std::uint64_t random_secret() {
  std::random_device random;
  return (static_cast<std::uint64_t>(random()) << 32U) ^ random();
}

std::size_t text_bytes(const Brief& brief) {
  auto bytes = brief.product_name.size() + brief.brand_name.size() + brief.product_description.size() +
               brief.target_audience.size() + brief.campaign_goal.size() + brief.product_niche.size();
  for (const auto& use : brief.key_use_cases) bytes += use.size();
  return bytes;
}

MatchScore kept_score(CampaignId campaign, const Ranked& one, const ScoringProfile& profile,
                      const Ranking& ranking, Time now) {
  MatchScore out;
  out.campaign = campaign;
  out.creator = one.id;
  out.match = one.scored.score;
  out.niche = part_value(one.scored, "niche");
  out.audience = part_value(one.scored, "audience");
  out.engagement = part_value(one.scored, "engagement");
  out.budget = part_value(one.scored, "budget");
  out.profile = profile.name;
  out.formula = profile.version;
  out.model = ranking.model;
  out.at = now;
  return out;
}

}  // namespace

std::string match_sentence(const ScoredCreator& scored) {
  std::vector<const MatchPart*> parts;
  for (const auto& part : scored.parts)
    if (part.value && !part.reason.empty()) parts.push_back(&part);
  std::stable_sort(parts.begin(), parts.end(),
                   [](const MatchPart* a, const MatchPart* b) { return a->contribution > b->contribution; });
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, parts.size()); ++i)
    out += (out.empty() ? "" : "; ") + parts[i]->reason;
  return out.empty() ? "passes the brief's bounds" : out;
}

Result<ScoringProfile> Matcher::State::profile_of(const MatchOptions& asked) const {
  if (asked.custom) return *asked.custom;
  auto known = built_in_profile(asked.profile);
  if (!known) return refuse("/profile", known.error().message);
  return known;
}

Result<Matcher::State::Made> Matcher::State::ranked(const Call& call, const Brief& brief,
                                                    const ScoringProfile& profile, std::size_t max,
                                                    std::optional<CampaignId> campaign,
                                                    std::uint64_t question,
                                                    std::optional<std::uint64_t> generation) {
  const auto key_at = [&](std::uint64_t at) { return hash64(std::to_string(question), at); };
  const auto present = searcher.backend().view()->generation();
  if (auto known = rankings.find(key_at(generation.value_or(present)))) {
    // Another brief or profile may have been ranked for the campaign since; pages beyond the first keep
    // nothing.
    const bool stale = campaign && !generation && last_kept.find(campaign->value) != key_at(present);
    if (!stale) return Made{*known, true};
    CDX_TRY(keep(call, brief, *campaign, profile, **known));
    last_kept.put(campaign->value, key_at(present));
    return Made{*known, false};
  }
  if (generation && *generation != present)
    return fail(ErrorKind::conflict, "/cursor: its ranking is no longer kept; match again");
  CDX_TRY_LET(auto fresh, ranker.rank(call, brief, profile, max));
  if (generation && fresh.generation != *generation)
    return fail(ErrorKind::conflict, "/cursor: its ranking is no longer kept; match again");
  if (campaign) {
    CDX_TRY(keep(call, brief, *campaign, profile, fresh));
    last_kept.put(campaign->value, key_at(fresh.generation));
  }
  auto ranking = std::make_shared<const Ranking>(std::move(fresh));
  // What was answered without its vector is tried again next time.
  if (ranking->degraded.empty()) rankings.put(key_at(ranking->generation), ranking);
  return Made{std::move(ranking), false};
}

Status Matcher::State::keep(const Call& call, const Brief& brief, CampaignId campaign,
                            const ScoringProfile& profile, const Ranking& ranking) const {
  const auto now = clock.now();
  CDX_TRY(campaigns->put_campaign(call, {campaign, brief, now, now}));
  std::vector<MatchScore> scores;
  for (const auto& one : ranking.creators) scores.push_back(kept_score(campaign, one, profile, ranking, now));
  return campaigns->replace_scores(call, campaign, scores);
}

Status Matcher::State::fill(const Call& call, const Ranking& ranking, std::size_t first, std::size_t last,
                            bool explain, std::vector<MatchHit>& hits) const {
  std::vector<CreatorId> ids;
  for (auto i = first; i < last; ++i) ids.push_back(ranking.creators[i].id);
  CDX_TRY_LET(auto profiles, store.profiles(call, ids, options.items_shown));
  for (auto i = first; i < last; ++i) {
    const auto& one = ranking.creators[i];
    const auto profile = std::find_if(profiles.begin(), profiles.end(),
                                      [&](const Profile& known) { return known.creator.id == one.id; });
    if (profile == profiles.end()) continue;  // erased since it was ranked
    MatchHit hit;
    hit.id = one.id;
    hit.score = one.scored.score;
    hit.clamped = one.scored.clamped;
    hit.niche = part_value(one.scored, "niche");
    hit.audience = part_value(one.scored, "audience");
    hit.engagement = part_value(one.scored, "engagement");
    hit.budget = part_value(one.scored, "budget");
    hit.parts = one.scored.parts;
    if (!explain)
      for (auto& part : hit.parts) part.details.clear();
    hit.why = match_sentence(one.scored);
    hit.profile = std::move(*profile);
    hits.push_back(std::move(hit));
  }
  return {};
}

Matcher::Matcher(const Searcher& searcher, const Store& store, CampaignStore* campaigns,
                 EmbeddingProvider* embedder, const Clock& clock, MatcherOptions options)
    : state_(new State{searcher, store, campaigns, clock, options,
                       Ranker(searcher, store, embedder, clock, options),
                       Remembered<std::shared_ptr<const Ranking>>(options.remembered_rankings),
                       Remembered<std::uint64_t>(most_remembered_campaigns), random_secret()}) {}
Matcher::~Matcher() = default;

Result<MatchAnswer> Matcher::match(const Call& call, const Brief& brief, const MatchOptions& options) {
  auto& state = *state_;
  if (options.limit < 1 || options.limit > 100) return refuse("/limit", "must be between 1 and 100");
  CDX_TRY(check_brief(brief));
  if (text_bytes(brief) > state.options.longest_brief)
    return refuse("", fmt::format("the brief's texts are longer than {} bytes", state.options.longest_brief));
  CDX_TRY_LET(const auto profile, state.profile_of(options));
  const auto hash = brief_hash(brief);
  const bool keep = options.keep && state.campaigns != nullptr;
  MatchAnswer out;
  out.campaign = options.campaign.value_or(CampaignId{hash});
  const auto question = hash64(
      fmt::format("{}|{}|{}|{}|{}", hash, profile.name, write_profile(profile), keep, out.campaign.value));
  Cursor cursor;
  std::optional<std::uint64_t> generation;
  if (!options.cursor.empty()) {
    CDX_TRY_LET(cursor, read(options.cursor, state.secret));
    if (cursor.question != question)
      return refuse("/cursor", "belongs to another brief or profile; match again without it");
    generation = cursor.generation;
  }
  CDX_TRY_LET(const auto made,
              state.ranked(call, brief, profile, state.options.candidates,
                           keep ? std::optional(out.campaign) : std::nullopt, question, generation));
  const auto& ranking = made.ranking;
  out.remembered = made.remembered;
  const auto first = std::min<std::size_t>(cursor.offset, ranking->creators.size());
  const auto last = std::min(first + options.limit, ranking->creators.size());
  CDX_TRY(state.fill(call, *ranking, first, last, options.explain, out.hits));
  if (options.considered > 0 && last <= most_considered)
    for (const auto& one :
         std::span(ranking->creators)
             .first(std::min(ranking->creators.size(),
                             std::max(last, std::min(options.considered, most_considered)))))
      out.considered.push_back({one.id, one.scored.score, one.scored.parts});
  if (last < ranking->creators.size())
    out.next_cursor = write({ranking->generation, question, last}, state.secret);
  out.first_rank = first + 1;
  out.total = ranking->creators.size();
  out.matching = ranking->matching;
  out.bounded = ranking->bounded;
  out.profile = profile.name;
  out.formula = profile.version;
  out.model = ranking->model;
  out.degraded = ranking->degraded;
  out.plan = ranking->plan;
  out.generation = ranking->generation;
  out.revision = ranking->revision;
  return out;
}

Result<seed_004::SimilaritySearch> Matcher::similarity_search(const Call& call,
                                                              const seed_004::Request& request) {
  constexpr std::size_t most = 10'000;
  auto& state = *state_;
  const auto& brief = request.brief;
  if (request.limit < 1 || request.limit > 100) return refuse("/limit", "must be between 1 and 100");
  if (request.page < 1 || request.page > most / request.limit)
    return refuse("/page", fmt::format("must be between 1 and {}", most / request.limit));
  if (brief.product_name.empty()) return refuse("/product_name", "is required");
  if (brief.brand_name.empty()) return refuse("/brand_name", "is required");
  if (!brief.total_budget_usd) return refuse("/total_budget", "is required");
  CDX_TRY(check_brief(brief));
  if (text_bytes(brief) > state.options.longest_brief)
    return refuse("",
                  fmt::format("the request's texts are longer than {} bytes", state.options.longest_brief));
  CDX_TRY_LET(const auto profile, built_in_profile("seed-004"));
  const auto first = (request.page - 1) * request.limit;
  const auto max = std::max(state.options.candidates, first + request.limit);
  const auto hash = brief_hash(brief);
  const auto campaign = state.campaigns != nullptr ? std::optional(CampaignId{hash}) : std::nullopt;
  CDX_TRY_LET(const auto made,
              state.ranked(call, brief, profile, max, campaign,
                           hash64(fmt::format("similaritysearch|{}|{}", hash, max)), std::nullopt));
  const auto& ranking = *made.ranking;
  seed_004::SimilaritySearch out;
  out.total = ranking.bounded ? std::max(ranking.matching, ranking.creators.size()) : ranking.creators.size();
  out.page = request.page;
  out.pages = (out.total + request.limit - 1) / request.limit;
  const auto from = std::min(first, ranking.creators.size());
  std::vector<MatchHit> hits;
  CDX_TRY(
      state.fill(call, ranking, from, std::min(from + request.limit, ranking.creators.size()), false, hits));
  out.degraded = ranking.degraded;
  std::unordered_map<CreatorId, double> likeness;
  for (const auto& one : ranking.creators) likeness[one.id] = one.scored.order;
  for (const auto& hit : hits)
    out.matches.push_back(seed_004::describe(brief, hit.profile, likeness[hit.id]));
  return out;
}

Result<KeptMatches> Matcher::matches(const Call& call, CampaignId id, std::size_t skip,
                                     std::size_t max) const {
  const auto& state = *state_;
  if (max < 1 || max > 1000) return refuse("/limit", "must be between 1 and 1000");
  if (state.campaigns == nullptr) return fail(ErrorKind::unsupported, "campaigns are not kept here");
  CDX_TRY_LET(auto campaign, state.campaigns->campaign(call, id));
  if (!campaign) return fail(ErrorKind::not_found, fmt::format("there is no campaign {}", id.text()));
  CDX_TRY_LET(auto page, state.campaigns->scores(call, id, skip, max));
  std::vector<CreatorId> ids;
  for (const auto& score : page.scores) ids.push_back(score.creator);
  CDX_TRY_LET(auto profiles, state.store.profiles(call, ids, state.options.items_shown));
  KeptMatches out;
  out.campaign = *std::move(campaign);
  out.total = page.total;
  for (const auto creator : ids) {
    const auto found = std::find_if(profiles.begin(), profiles.end(),
                                    [&](const Profile& one) { return one.creator.id == creator; });
    auto& profile = out.profiles.emplace_back();
    profile.creator.id = creator;
    if (found != profiles.end()) profile = std::move(*found);
  }
  out.scores = std::move(page.scores);
  return out;
}

}  // namespace cdx
