// GET /v1/creators/{id}: everything that is kept of one creator, with where it came from.
#include <algorithm>
#include <map>

#include "figures/figures.h"
#include "serve/render.h"

namespace cdx::serve {
namespace {

void write(JsonWriter& out, std::string_view key, const Field<std::string>& field) {
  write_text(out, key, field ? std::string_view(field->value) : std::string_view{});
}

template <class Number>
void write_count(JsonWriter& out, std::string_view key, const Field<Number>& field) {
  write_number(out, key, field ? std::optional(static_cast<double>(field->value)) : std::nullopt);
}

void write_list(JsonWriter& out, std::string_view key, const Field<std::vector<std::string>>& field,
                bool (*shown)(std::string_view)) {
  out.key(key).array([&] {
    if (!field) return;
    for (const auto& value : field->value)
      if (shown(value)) out.value(value);
  });
}

// Names of the fields that came from each origin, as the answer names them.
std::vector<std::vector<std::string_view>> fields_by_origin(const Account& account) {
  std::vector<std::vector<std::string_view>> out(account.origins.size());
  const auto add = [&](std::string_view name, const auto& field) {
    if (field && field->origin < out.size()) out[field->origin].push_back(name);
  };
  add("handle", account.handle);
  add("name", account.name);
  add("bio", account.bio);
  add("image_url", account.image_url);
  add("website", account.website);
  add("country", account.country);
  add("city", account.city);
  add("language", account.language);
  add("categories", account.categories);
  add("followers", account.followers);
  add("following", account.following);
  add("content_count", account.content_count);
  add("total_views", account.total_views);
  add("engagement_rate", account.engagement_rate);
  add("average_views", account.average_views);
  add("average_likes", account.average_likes);
  add("average_comments", account.average_comments);
  add("average_shares", account.average_shares);
  add("price_usd", account.price_usd);
  add("verified", account.verified);
  add("created_at", account.created_at);
  add("last_post_at", account.last_post_at);
  add("links", account.links);
  return out;
}

void write_origins(JsonWriter& out, const Account& account) {
  const auto fields = fields_by_origin(account);
  out.key("origins").array([&] {
    for (std::size_t i = 0; i < account.origins.size(); ++i) {
      const auto& origin = account.origins[i];
      out.object([&] {
        out.key("source").value(origin.source);
        write_time(out, "fetched_at", origin.fetched_at);
        write_time(out, "expires_at", origin.expires_at);
        write_text(out, "basis", origin.basis);
        write_text(out, "licence", origin.licence);
        out.key("fields").array([&] {
          for (const auto field : fields[i]) out.value(field);
        });
      });
    }
  });
}

void write_account(JsonWriter& out, const Account& account) {
  out.object([&] {
    write_account_fields(out, account);
    write(out, "name", account.name);
    write(out, "bio", account.bio);
    write_url(out, "image_url", value_or(account.image_url, std::string()));
    write_url(out, "website", value_or(account.website, std::string()));
    write_list(out, "links", account.links, is_web_address);
    write_count(out, "following", account.following);
    write_count(out, "content_count", account.content_count);
    write_count(out, "total_views", account.total_views);
    write_count(out, "average_views", account.average_views);
    write_count(out, "average_likes", account.average_likes);
    write_count(out, "average_comments", account.average_comments);
    write_count(out, "average_shares", account.average_shares);
    write_count(out, "price_usd", account.price_usd);
    out.key("verified");
    account.verified ? out.value(account.verified->value) : out.null();
    write_time(out, "created_at",
               account.created_at ? std::optional(account.created_at->value) : std::nullopt);
    write_time(out, "last_post_at",
               account.last_post_at ? std::optional(account.last_post_at->value) : std::nullopt);
    write(out, "city", account.city);
    write(out, "country", account.country);
    write(out, "language", account.language);
    write_list(out, "categories", account.categories, [](std::string_view) { return true; });
    write_origins(out, account);
  });
}

std::string_view platform_of(const Profile& profile, AccountId id) {
  const auto found = std::find_if(profile.accounts.begin(), profile.accounts.end(),
                                  [&](const Account& account) { return account.id == id; });
  return found == profile.accounts.end() ? name(Platform::other) : name(found->platform);
}

template <class Number>
void write_optional(JsonWriter& out, std::string_view key, const std::optional<Number>& number) {
  write_number(out, key, number ? std::optional(static_cast<double>(*number)) : std::nullopt);
}

void write_content(JsonWriter& out, const Profile& profile, std::size_t items_shown) {
  std::map<AccountId, std::size_t> shown;
  out.key("content").array([&] {
    for (const auto& item : profile.items) {
      if (++shown[item.account] > items_shown) continue;
      out.object([&] {
        out.key("id").value(item.id.text());
        out.key("account").value(item.account.text());
        out.key("platform").value(platform_of(profile, item.account));
        out.key("type").value(name(item.type));
        write_text(out, "title", item.title);
        write_text(out, "description", item.description);
        write_url(out, "url", item.url);
        write_time(out, "published_at", item.published_at);
        write_optional(out, "views", item.views);
        write_optional(out, "likes", item.likes);
        write_optional(out, "comments", item.comments);
      });
    }
  });
}

// Snapshots come by account, metric and time: each run of equal account and metric is one line of a plot.
void write_growth(JsonWriter& out, const Profile& profile, const std::vector<MetricSnapshot>& snapshots) {
  out.key("growth").array([&] {
    for (auto at = snapshots.begin(); at != snapshots.end();) {
      const auto end = std::find_if(at, snapshots.end(), [&](const MetricSnapshot& one) {
        return one.account != at->account || one.metric != at->metric;
      });
      out.object([&] {
        out.key("account").value(at->account.text());
        out.key("platform").value(platform_of(profile, at->account));
        out.key("metric").value(name(at->metric));
        out.key("points").array([&] {
          for (auto point = at; point != end; ++point)
            out.array([&] {
              out.value(format_time(point->at));
              out.value(point->value);
            });
        });
      });
      at = end;
    }
  });
}

void write_evidence(JsonWriter& out, const std::vector<Evidence>& evidence) {
  out.array([&] {
    for (const auto& one : evidence)
      out.object([&] {
        out.key("field").value(one.field);
        out.key("phrase").value(one.phrase);
      });
  });
}

// What is said of a creator beyond its main niche, by whom, and why.
void write_judgements(JsonWriter& out, const Creator& creator) {
  out.key("judgements").array([&] {
    for (const auto& one : creator.judgements)
      out.object([&] {
        out.key("subject").value(one.subject);
        out.key("value").value(one.value);
        out.key("confidence").value(one.confidence);
        out.key("evidence");
        write_evidence(out, one.evidence);
      });
  });
  out.key("judged_by").value(creator.judged.by);
}

// What the creator's own posts disclose about its work with brands.
void write_collaborations(JsonWriter& out, const Creator& creator) {
  write_number(out, "sponsored_share", creator.sponsored_share);
  out.key("collaborations").array([&] {
    for (const auto& one : creator.collaborations)
      out.object([&] {
        write_text(out, "brand", one.brand);
        write_text(out, "name", one.name);
        out.key("kind").value(name(one.kind));
        out.key("posts").value(static_cast<std::uint64_t>(one.posts));
        write_time(out, "first", one.first);
        write_time(out, "last", one.last);
        out.key("confidence").value(one.confidence);
        out.key("evidence");
        write_evidence(out, one.evidence);
        out.key("post").value(one.post.text());
      });
  });
}

// The figures taken apart: what each is made of, and what it means.
void write_figures(JsonWriter& out, const Profile& profile, const std::vector<MetricSnapshot>& snapshots,
                   Time now) {
  const auto& creator = profile.creator;
  out.key("credibility_parts").array([&] {
    for (const auto& part : figures::credibility_parts(profile, snapshots, creator.spikes, now, {}))
      out.object([&] {
        out.key("name").value(part.name);
        out.key("value").value(part.value);
        out.key("weight").value(part.weight);
        out.key("words").value(part.words);
      });
  });
  out.key("quality_parts").array([&] {
    for (const auto& part : figures::quality_parts(creator, now))
      out.object([&] {
        out.key("name").value(part.name);
        out.key("value").value(part.value);
        out.key("weight").value(part.weight);
      });
  });
  out.key("spikes").array([&] {
    for (const auto& spike : creator.spikes)
      out.object([&] {
        out.key("account").value(spike.account.text());
        out.key("metric").value(name(spike.metric));
        out.key("at").value(format_time(spike.at));
        out.key("change").value(spike.change);
        out.key("score").value(spike.score);
      });
  });
  out.key("definitions").array([&] {
    for (const auto& one : figures::definitions())
      out.object([&] {
        out.key("name").value(one.name);
        out.key("formula").value(one.formula);
        out.key("window").value(one.window);
        write_text(out, "denominator", one.denominator);
        out.key("unit").value(one.unit);
        out.key("version").value(static_cast<std::uint64_t>(one.version));
      });
  });
}

}  // namespace

std::string render_creator(const Profile& profile, const std::vector<MetricSnapshot>& snapshots,
                           std::size_t items_shown, const Rendering& with) {
  const auto& creator = profile.creator;
  JsonWriter out;
  out.object([&] {
    out.key("id").value(creator.id.text());
    write_creator_fields(out, profile, with.now);
    const auto* niche = judgement(creator, "niche");
    out.key("niche_confidence").value(niche == nullptr ? 0 : niche->confidence);
    out.key("niche_evidence");
    write_evidence(out, niche == nullptr ? std::vector<Evidence>() : niche->evidence);
    write_judgements(out, creator);
    write_figures(out, profile, snapshots, with.now);
    write_collaborations(out, creator);
    out.key("accounts").array([&] {
      for (const auto& account : profile.accounts) write_account(out, account);
    });
    write_pictures(out, profile, profile.pictures.size(), with.thumbnails);
    write_content(out, profile, items_shown);
    write_growth(out, profile, snapshots);
    out.key("links").array([&] {
      for (const auto& link : creator.links)
        out.object([&] {
          out.key("account").value(link.account.text());
          out.key("rule").value(link.rule);
          write_text(out, "evidence", link.evidence);
          out.key("score").value(link.score);
        });
    });
    write_time(out, "expires_at", creator.expires_at);
    out.key("revision").value(creator.revision.value);
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

}  // namespace cdx::serve
