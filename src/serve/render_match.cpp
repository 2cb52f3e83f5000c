#include "serve/render_match.h"

namespace cdx::serve {
namespace {

constexpr std::size_t most_left_out = 100;

void write_list(JsonWriter& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key).array([&] {
    for (const auto& text : texts) out.value(text);
  });
}

template <class Number>
void write_count(JsonWriter& out, std::string_view key, const std::optional<Number>& number) {
  write_number(out, key, number ? std::optional(static_cast<double>(*number)) : std::nullopt);
}

void write_who(JsonWriter& out, CreatorId id, const Profile& profile, Time now) {
  out.key("id").value(id.text());
  write_creator_fields(out, profile, now);
  out.key("accounts").array([&] {
    for (const auto& account : profile.accounts) out.object([&] { write_account_fields(out, account); });
  });
}

void write_brief(JsonWriter& out, const Brief& brief) {
  out.key("brief").object([&] {
    write_text(out, "product_name", brief.product_name);
    write_text(out, "brand_name", brief.brand_name);
    write_text(out, "product_description", brief.product_description);
    write_text(out, "target_audience", brief.target_audience);
    write_list(out, "key_use_cases", brief.key_use_cases);
    write_text(out, "campaign_goal", brief.campaign_goal);
    write_text(out, "product_niche", brief.product_niche);
    write_number(out, "total_budget_usd", brief.total_budget_usd);
    write_count(out, "min_followers", brief.min_followers);
    write_count(out, "max_followers", brief.max_followers);
    write_number(out, "min_engagement", brief.min_engagement);
    write_number(out, "max_engagement", brief.max_engagement);
    write_list(out, "platforms", brief.platforms);
    write_list(out, "countries", brief.countries);
    write_list(out, "languages", brief.languages);
    write_list(out, "competitors", brief.competitors);
  });
}

void write_campaign(JsonWriter& out, const Campaign& campaign) {
  out.key("id").value(campaign.id.text());
  write_brief(out, campaign.brief);
  write_time(out, "created_at", campaign.created_at);
  write_time(out, "updated_at", campaign.updated_at);
}

void write_part(JsonWriter& out, const MatchPart& part, bool explain) {
  out.object([&] {
    out.key("name").value(part.name);
    write_number(out, "value", part.value);
    out.key("weight").value(part.weight);
    out.key("contribution").value(part.contribution);
    out.key("reason").value(part.reason);
    if (!explain) return;
    out.key("details").array([&] {
      for (const auto& [label, value] : part.details)
        out.object([&, &said = label, &number = value] {
          out.key("name").value(said);
          out.key("value").value(number);
        });
    });
  });
}

void write_score(JsonWriter& out, const MatchScore& score) {
  out.key("scores").object([&] {
    out.key("match").value(score.match);
    out.key("niche").value(score.niche);
    out.key("audience").value(score.audience);
    out.key("engagement").value(score.engagement);
    out.key("budget").value(score.budget);
  });
  out.key("profile").value(score.profile);
  out.key("formula").value(static_cast<std::uint64_t>(score.formula));
  write_text(out, "model", score.model);
  write_time(out, "at", score.at);
}

void write_end(JsonWriter& out, const Rendering& with, std::uint64_t generation, Revision revision) {
  out.key("took_ms").value(with.took_ms);
  out.key("index_generation").value(generation);
  out.key("revision").value(revision.value);
  out.key("request_id").value(with.request_id);
}

void write_likeness(JsonWriter& out, const LikeExample& like) {
  out.object([&] {
    out.key("example").value(like.example.text());
    out.key("field").value(like.field);
    out.key("cosine").value(like.cosine);
  });
}

}  // namespace

std::string render_match(const MatchAnswer& answer, std::optional<QuestionId> question,
                         const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("campaign_id").value(answer.campaign.text());
    write_text(out, "question_id", question ? question->text() : std::string());
    out.key("matches").array([&] {
      for (std::size_t i = 0; i < answer.hits.size(); ++i) {
        const auto& hit = answer.hits[i];
        out.object([&] {
          write_who(out, hit.id, hit.profile, with.now);
          out.key("rank").value(static_cast<std::uint64_t>(answer.first_rank + i));
          out.key("score").value(hit.score);
          out.key("clamped").value(hit.clamped);
          out.key("parts").array([&] {
            for (const auto& part : hit.parts) write_part(out, part, with.explain);
          });
          out.key("why").value(hit.why);
        });
      }
    });
    out.key("first_rank").value(static_cast<std::uint64_t>(answer.first_rank));
    out.key("total").value(static_cast<std::uint64_t>(answer.total));
    out.key("matching").value(static_cast<std::uint64_t>(answer.matching));
    out.key("bounded").value(answer.bounded);
    write_text(out, "next_cursor", answer.next_cursor);
    out.key("profile").object([&] {
      out.key("name").value(answer.profile);
      out.key("formula").value(static_cast<std::uint64_t>(answer.formula));
    });
    write_text(out, "model", answer.model);
    write_list(out, "degraded", answer.degraded);
    out.key("plan").value(answer.plan);
    write_end(out, with, answer.generation, answer.revision);
  });
  return out.take();
}

std::string render_plan(const PlanAnswer& answer, double budget_usd, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("chosen").array([&] {
      for (const auto& one : answer.chosen)
        out.object([&] {
          write_who(out, one.id, one.profile, with.now);
          out.key("cost_usd").value(one.cost_usd);
          out.key("cost_estimated").value(one.cost_estimated);
          out.key("reach").value(one.reach);
          out.key("marginal").value(one.marginal);
          out.key("audience_fit").value(one.audience_fit);
          out.key("views_estimated").value(one.views_estimated);
          out.key("why").value(one.why);
        });
    });
    out.key("cost_usd").value(answer.cost_usd);
    out.key("budget_usd").value(budget_usd);
    out.key("reach").value(answer.reach);
    out.key("reach_without_overlap").value(answer.reach_without_overlap);
    out.key("left_out").array([&] {
      for (std::size_t i = 0; i < std::min(most_left_out, answer.left_out.size()); ++i)
        out.object([&] {
          out.key("id").value(answer.left_out[i].id.text());
          out.key("name").value(answer.left_out[i].name);
          out.key("reason").value(answer.left_out[i].reason);
        });
    });
    out.key("left_out_total").value(static_cast<std::uint64_t>(answer.left_out.size()));
    out.key("curve").array([&] {
      for (const auto& point : answer.curve)
        out.object([&] {
          out.key("budget_usd").value(point.budget_usd);
          out.key("cost_usd").value(point.cost_usd);
          out.key("reach").value(point.reach);
          out.key("creators").value(static_cast<std::uint64_t>(point.creators));
        });
    });
    out.key("method").value(answer.method);
    write_list(out, "degraded", answer.degraded);
    out.key("took_ms").value(with.took_ms);
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

std::string render_similar(const SimilarAnswer& answer, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("hits").array([&] {
      for (std::size_t i = 0; i < answer.hits.size(); ++i) {
        const auto& hit = answer.hits[i];
        out.object([&] {
          write_who(out, hit.id, hit.profile, with.now);
          out.key("rank").value(static_cast<std::uint64_t>(i + 1));
          out.key("score").value(hit.score);
          out.key("cosine").value(hit.cosine);
          out.key("nearest");
          write_likeness(out, hit.nearest);
          out.key("nearest_counter");
          hit.nearest_counter ? write_likeness(out, *hit.nearest_counter) : static_cast<void>(out.null());
          if (with.explain)
            out.key("each").array([&] {
              for (const auto& like : hit.each) write_likeness(out, like);
            });
          out.key("why").value(hit.why);
        });
      }
    });
    out.key("total").value(static_cast<std::uint64_t>(answer.total));
    write_list(out, "degraded", answer.degraded);
    write_end(out, with, answer.generation, answer.revision);
  });
  return out.take();
}

std::string render_seed_004(const seed_004::SimilaritySearch& answer) {
  JsonWriter out;
  out.object([&] {
    out.key("matches").array([&] {
      for (const auto& match : answer.matches)
        out.object([&] {
          out.key("id").value(match.id);
          out.key("influencer_name").value(match.influencer_name);
          write_url(out, "profile_image", match.profile_image.value_or(""));
          out.key("platform").value(match.platform);
          out.key("match_score").value(match.match_score);
          out.key("niche").value(match.niche);
          out.key("followers").value(match.followers);
          out.key("followers_count_numeric").value(match.followers_count_numeric);
          out.key("engagement").value(match.engagement);
          out.key("collaboration_rate").value(match.collaboration_rate);
          out.key("detailed_scores").object([&] {
            out.key("niche_match").value(match.detailed_scores.niche_match);
            out.key("audience_match").value(match.detailed_scores.audience_match);
            out.key("engagement_score").value(match.detailed_scores.engagement_score);
            out.key("budget_fit").value(match.detailed_scores.budget_fit);
          });
        });
    });
    out.key("total").value(static_cast<std::uint64_t>(answer.total));
    out.key("page").value(static_cast<std::uint64_t>(answer.page));
    out.key("pages").value(static_cast<std::uint64_t>(answer.pages));
  });
  return out.take();
}

std::string render_campaign(const Campaign& campaign, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    write_campaign(out, campaign);
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

std::string render_campaigns(const std::vector<Campaign>& campaigns, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("campaigns").array([&] {
      for (const auto& campaign : campaigns) out.object([&] { write_campaign(out, campaign); });
    });
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

std::string render_kept_matches(const KeptMatches& kept, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("campaign").object([&] { write_campaign(out, kept.campaign); });
    out.key("matches").array([&] {
      for (std::size_t i = 0; i < kept.scores.size(); ++i)
        out.object([&] {
          const auto& score = kept.scores[i];
          const auto& profile = kept.profiles[i];
          out.key("creator_id").value(score.creator.text());
          out.key("creator");
          if (profile.accounts.empty())
            out.null();
          else
            out.object([&] { write_who(out, score.creator, profile, with.now); });
          write_score(out, score);
        });
    });
    out.key("total").value(static_cast<std::uint64_t>(kept.total));
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

std::string render_score_history(const std::vector<MatchScore>& scores, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("history").array([&] {
      for (const auto& score : scores) out.object([&] { write_score(out, score); });
    });
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

std::string render_profiles(const std::vector<NamedProfile>& profiles, std::string_view kind,
                            const UsageStore::Active& active, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("kind").value(kind);
    out.key("active").value(active.name);
    out.key("previous").value(active.previous);
    out.key("profiles").array([&] {
      for (const auto& one : profiles)
        out.object([&] {
          out.key("name").value(one.name);
          out.key("kind").value(one.kind);
          out.key("settings").raw(one.settings);
          out.key("evidence").raw(one.evidence);
          write_time(out, "at", one.at);
        });
    });
    out.key("built_in").array([&] {
      if (kind == "match")
        for (const auto& profile : built_in_profiles()) out.value(profile.name);
    });
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

}  // namespace cdx::serve
