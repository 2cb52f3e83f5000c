#include "sample/account_json.h"

#include "base/json_text.h"
#include "model/ids.h"

namespace cdx::sample {
namespace {

std::string moment(const Calendar& calendar, Moment at) {
  std::string out;
  calendar.append(out, at);
  return out;
}

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) json.key(key).value(text);
}

void write_figures(JsonWriter& json, const Calendar& calendar, const Presence& account) {
  json.key("followers").value(account.followers).key("following").value(account.following);
  json.key("content_count").value(account.content_count);
  if (account.total_views) json.key("total_views").value(*account.total_views);
  json.key("engagement_rate").value(account.engagement_rate);
  json.key("average_views").value(account.average_views).key("average_likes").value(account.average_likes);
  json.key("average_comments").value(account.average_comments);
  if (account.price_usd) json.key("price_usd").value(*account.price_usd);
  json.key("verified").value(account.verified);
  json.key("created_at").value(moment(calendar, {account.created_days_ago, 600}));
  json.key("last_post_at").value(moment(calendar, account.last_post));
}

void write_post(JsonWriter& json, const Calendar& calendar, const Post& post) {
  json.object([&] {
    json.key("id").value(post.id).key("type").value(post.type).key("title").value(post.title);
    write_text(json, "description", post.description);
    json.key("url").value(post.url).key("published_at").value(moment(calendar, post.at));
    json.key("views").value(post.views).key("likes").value(post.likes).key("comments").value(post.comments);
  });
}

}  // namespace

void append_account(std::string& out, const Calendar& calendar, const Presence& account) {
  JsonWriter json;
  json.object([&] {
    json.key("platform").value(name(static_cast<Platform>(account.platform)));
    json.key("user_id")
        .value(account.user_id)
        .key("handle")
        .value(account.handle)
        .key("name")
        .value(account.name);
    json.key("bio").value(account.bio);
    write_text(json, "country", account.country);
    write_text(json, "city", account.city);
    write_text(json, "language", account.language);
    write_text(json, "category", account.category);
    write_figures(json, calendar, account);
    write_text(json, "website", account.website);
    json.key("links").array([&] {
      for (const auto& link : account.links) json.value(link);
    });
    json.key("content").array([&] {
      for (const auto& post : account.posts) write_post(json, calendar, post);
    });
    json.key("snapshots").array([&] {
      for (int week = 0; week < snapshot_weeks; ++week) {
        json.object([&] {
          json.key("metric").value("followers").key("at").value(moment(calendar, {snapshot_day(week), 0}));
          json.key("value").value(account.weekly_followers[static_cast<std::size_t>(week)]);
        });
      }
    });
  });
  out += json.text();
  out += '\n';
}

}  // namespace cdx::sample
