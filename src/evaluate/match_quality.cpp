#include "evaluate/match_quality.h"

#include <fmt/format.h>

#include <algorithm>

#include "evaluate/corpus_index.h"
#include "sample/briefs.h"

namespace cdx::evaluate {
namespace {

constexpr std::string_view reference = "seed-004";
constexpr std::size_t depth = 100;

struct BriefQuery {
  std::string id;
  Brief brief;
};
using Names = std::function<std::string(CreatorId)>;

std::vector<ScoringProfile> usual_profiles() {
  std::vector<ScoringProfile> out(built_in_profiles().begin(), built_in_profiles().end());
  // Likeness alone, but of the brief's own words without the design's labels: what the text of seed-004
  // costs.
  ScoringProfile plain;
  plain.name = "likeness";
  plain.formula = MatchFormula::seed_001;
  plain.ranking.alpha = plain.ranking.gamma = 0;
  plain.ranking.beta = 1;
  out.push_back(plain);
  return out;
}

Result<ModeResult> measure_profile(const Call& call, Matcher& matcher, const ScoringProfile& profile,
                                   const std::vector<BriefQuery>& briefs, const Judgements& judgements,
                                   const Names& names) {
  std::vector<JudgedQuery> queries;
  std::vector<std::vector<std::pair<std::string, double>>> ranked;
  for (const auto& asked : briefs) {
    MatchOptions options;
    options.custom = profile;
    options.limit = depth;
    options.keep = false;
    CDX_TRY_LET(const auto answer, matcher.match(call, asked.brief, options));
    auto& list = ranked.emplace_back();
    for (const auto& hit : answer.hits) list.emplace_back(names(hit.id), hit.score);
    queries.push_back({asked.id, ""});
  }
  return measure(queries, judgements, ranked);
}

Interval gain(const ModeResult& profile, const ModeResult& base) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < profile.each.size(); ++i)
    if (profile.each[i].judged) differences.push_back(profile.each[i].ndcg - base.each[i].ndcg);
  return bootstrap(differences);
}

Result<MatchSet> measure_set(const Call& call, std::string name, Matcher& matcher,
                             const std::vector<ScoringProfile>& profiles,
                             const std::vector<BriefQuery>& briefs, const Judgements& judgements,
                             const Names& names) {
  MatchSet out;
  out.name = std::move(name);
  for (const auto& profile : profiles) {
    CDX_TRY_LET(auto result, measure_profile(call, matcher, profile, briefs, judgements, names));
    out.profiles.emplace_back(profile.name, std::move(result));
  }
  const auto base = std::find_if(out.profiles.begin(), out.profiles.end(),
                                 [](const auto& one) { return one.first == reference; });
  if (base == out.profiles.end()) return out;
  for (const auto& [profile, result] : out.profiles)
    out.gains.emplace_back(profile, gain(result, base->second));
  return out;
}

BriefQuery as_brief(const JudgedQuery& query) {
  BriefQuery out{query.id, {}};
  out.brief.product_description = query.text;
  return out;
}

Status measure_judged(const Call& call, Store& store, EmbeddingProvider* embedder,
                      const std::vector<ScoringProfile>& profiles, const std::string& folder,
                      const IndexProgress& progress, MatchQuality& out) {
  CDX_TRY_LET(const auto documents, read_documents(folder + "/docs.jsonl"));
  CDX_TRY_LET(const auto queries, read_queries(folder + "/queries.jsonl"));
  CDX_TRY_LET(const auto judgements, read_judgements(folder + "/qrels.txt"));
  const SystemClock clock;
  CDX_TRY_LET(const auto corpus, index_corpus(call, store, embedder, clock, documents, progress));
  const Searcher searcher(*corpus.backend, store, embedder, clock);
  Matcher matcher(searcher, store, nullptr, embedder, clock);
  std::vector<BriefQuery> briefs, others;
  for (const auto& query : queries) (query.kind == "brief" ? briefs : others).push_back(as_brief(query));
  const auto names = [&](CreatorId id) { return corpus.names.at(id); };
  for (const auto& [name, list] :
       {std::pair("judged briefs", &briefs), std::pair("other judged queries", &others)}) {
    CDX_TRY_LET(auto set, measure_set(call, name, matcher, profiles, *list, judgements, names));
    out.sets.push_back(std::move(set));
  }
  return {};
}

// A creator is worth the best of its accounts: truth is of persons, and some have several creators in the
// store.
Result<Judgements> sample_judgements(const Call& call, const Store& store,
                                     const std::vector<SampleBrief>& briefs) {
  Judgements out;
  for (const auto& brief : briefs) {
    std::vector<AccountId> ids;
    for (const auto& [account, grade] : brief.grades) ids.push_back(account);
    CDX_TRY_LET(const auto accounts, store.accounts(call, ids));
    for (const auto& one : accounts) {
      auto& grade = out[brief.id][one.creator.text()];
      grade = std::max(grade, brief.grades.at(one.account.id));
    }
  }
  return out;
}

std::string top_of(const std::string& niche) { return niche.substr(0, niche.find('/')); }

Result<LookAlikeQuality> measure_look_alikes(const Call& call, const Store& store, const Matcher& matcher,
                                             const std::map<AccountId, std::string>& niches) {
  std::vector<AccountId> ids;
  for (const auto& [account, niche] : niches) ids.push_back(account);
  CDX_TRY_LET(const auto accounts, store.accounts(call, ids));
  std::map<CreatorId, std::string> truth;
  for (const auto& one : accounts) truth[one.creator] = top_of(niches.at(one.account.id));
  std::vector<CreatorId> known;
  for (const auto& [id, niche] : truth) known.push_back(id);
  CDX_TRY_LET(const auto creators, store.creators(call, known));
  std::map<std::pair<std::string, std::string>, std::vector<CreatorId>> groups;
  std::map<std::string, double> speakers;
  for (const auto& creator : creators) {
    if (creator.language.empty()) continue;
    groups[{creator.language, truth[creator.id]}].push_back(creator.id);
    speakers[creator.language] += 1;
  }
  LookAlikeQuality out;
  std::vector<double> precisions;
  for (const auto& [group, members] : groups) {
    if (members.size() < 13) continue;
    SimilarQuestion question;
    question.examples = {members.front(), members[members.size() / 2], members.back()};
    question.filter = Filter::keyword_in("language", {group.first});
    question.limit = 10;
    CDX_TRY_LET(const auto answer, matcher.similar(call, question));
    double same = 0;
    for (const auto& hit : answer.hits) same += truth[hit.id] == group.second ? 1 : 0;
    precisions.push_back(same / 10);
    out.by_chance += static_cast<double>(members.size() - 3) / speakers[group.first];
  }
  out.questions = precisions.size();
  out.precision_at_10 = bootstrap(precisions);
  if (out.questions > 0) out.by_chance /= static_cast<double>(out.questions);
  return out;
}

Status measure_sample(const Call& call, Store& store, EmbeddingProvider* embedder,
                      const std::vector<ScoringProfile>& profiles, const MatchQualityOptions& options,
                      const IndexProgress& progress, MatchQuality& out) {
  const ManualClock clock(*parse_time("2026-01-02"));
  CDX_TRY(import_sample(call, store, clock, options.sample_creators, options.sample_seed));
  CDX_TRY_LET(const auto backend, index_store(call, store, embedder, clock, progress));
  CDX_TRY_LET(const auto made,
              sample_briefs(options.sample_creators, options.sample_seed, options.sample_briefs));
  CDX_TRY_LET(const auto judgements, sample_judgements(call, store, made));
  const Searcher searcher(*backend, store, embedder, clock);
  Matcher matcher(searcher, store, nullptr, embedder, clock);
  std::vector<BriefQuery> briefs;
  for (const auto& one : made) briefs.push_back({one.id, one.brief});
  CDX_TRY_LET(auto set, measure_set(call, "sample briefs", matcher, profiles, briefs, judgements,
                                    [](CreatorId id) { return id.text(); }));
  out.sets.push_back(std::move(set));
  CDX_TRY_LET(const auto niches, sample_niches(options.sample_creators, options.sample_seed));
  CDX_TRY_LET(out.look_alikes, measure_look_alikes(call, store, matcher, niches));
  return {};
}

}  // namespace

Result<MatchQuality> match_quality(const Call& call, Store& judged_store, Store& sample_store,
                                   EmbeddingProvider* embedder, const MatchQualityOptions& options,
                                   const std::function<void(std::size_t done, std::size_t total)>& progress) {
  const auto profiles = options.profiles.empty() ? usual_profiles() : options.profiles;
  MatchQuality out;
  if (!options.judged.empty())
    CDX_TRY(measure_judged(call, judged_store, embedder, profiles, options.judged, progress, out));
  if (options.sample_creators > 0)
    CDX_TRY(measure_sample(call, sample_store, embedder, profiles, options, progress, out));
  return out;
}

}  // namespace cdx::evaluate
