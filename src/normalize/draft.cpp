#include "normalize/draft.h"

#include <algorithm>

#include "base/hash.h"
#include "normalize/history.h"
#include "normalize/values.h"
#include "text/fold.h"

namespace cdx::normalize {
namespace {

constexpr double largest_rate = 10;          // 1000 %: more is a mistake of the source
constexpr std::size_t longest_name = 1'000;  // bytes

// "노돌리 (nodolly)": lists of streamers write name and login in one cell.
std::optional<std::pair<std::string_view, std::string_view>> name_with_login(std::string_view cell) {
  if (!cell.ends_with(')')) return std::nullopt;
  const std::size_t open = cell.rfind(" (");
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  const std::string_view login = cell.substr(open + 2, cell.size() - open - 3);
  if (!looks_like_handle(login)) return std::nullopt;
  return std::pair(cell.substr(0, open), login);
}

}  // namespace

Draft::Draft(const Provenance& terms, Platform platform, bool platform_told)
    : terms_(terms), platform_told_(platform_told), platform_known_(platform != Platform::other) {
  out_.account.platform = platform;
  out_.account.origins.push_back(terms);
}

Status Draft::take(FieldId field, Unit unit, std::string_view raw) {
  const std::string_view cell = trimmed(raw);
  if (placeholder(cell)) return {};
  Account& account = out_.account;
  switch (field) {
    case FieldId::verified:
      if (const auto flag = read_flag(cell)) set(account.verified, *flag);
      return {};
    case FieldId::created_at:
      if (const auto time = read_time(cell)) set(account.created_at, *time);
      return {};
    case FieldId::last_post_at:
      if (const auto time = read_time(cell)) set(account.last_post_at, *time);
      return {};
    case FieldId::category: {
      if (!account.categories) account.categories.emplace();
      for (std::string& each : read_list(cell)) {
        auto& known = account.categories->value;
        if (std::find(known.begin(), known.end(), each) == known.end()) known.push_back(std::move(each));
      }
      return {};
    }
    case FieldId::links: {
      if (!account.links) account.links.emplace();
      for (std::string& each : read_links(cell)) account.links->value.push_back(std::move(each));
      return {};
    }
    case FieldId::history:
      return take_history(cell);
    case FieldId::post_text:
    case FieldId::post_tags:
    case FieldId::post_url:
    case FieldId::post_id:
    case FieldId::post_at:
    case FieldId::post_image_url:
      take_post(field, cell);
      return {};
    case FieldId::post_views:
    case FieldId::post_likes:
    case FieldId::post_comments:
      return take_post_figure(field, cell);
    default:
      break;
  }
  if (info(field).kind == FieldKind::number) return take_number(field, unit, cell);
  take_text(field, cell);
  return {};
}

Status Draft::take_number(FieldId field, Unit unit, std::string_view cell) {
  Account& account = out_.account;
  const auto count = [&](Field<std::int64_t>& into) -> Status {
    CDX_TRY_LET(const std::int64_t value, read_count(cell));
    set(into, value);
    return {};
  };
  const auto amount = [&](Field<double>& into) -> Status {
    CDX_TRY_LET(const double value, read_amount(cell));
    set(into, value);
    return {};
  };
  switch (field) {
    case FieldId::followers:
      return count(account.followers);
    case FieldId::following:
      return count(account.following);
    case FieldId::content_count:
      return count(account.content_count);
    case FieldId::total_views:
      return count(account.total_views);
    case FieldId::average_views:
      return amount(account.average_views);
    case FieldId::average_likes:
      return amount(account.average_likes);
    case FieldId::average_comments:
      return amount(account.average_comments);
    case FieldId::average_shares:
      return amount(account.average_shares);
    case FieldId::price_usd: {
      CDX_TRY_LET(const double price, read_price(cell));
      set(account.price_usd, price);
      return {};
    }
    default:
      break;
  }
  CDX_TRY_LET(const double value, read_amount(cell));
  const bool signed_percent = cell.ends_with('%');
  if (unit == Unit::interactions && !signed_percent) {
    if (!interactions_) interactions_ = value;
  } else {
    const double rate = unit == Unit::percent && !signed_percent ? value / 100 : value;
    if (rate <= largest_rate) set(account.engagement_rate, rate);
  }
  return {};
}

void Draft::take_text(FieldId field, std::string_view cell) {
  Account& account = out_.account;
  switch (field) {
    case FieldId::platform:
      if (platform_told_) return;
      account.platform = parse_platform(text::fold(cell)).value_or(Platform::other);
      platform_known_ = true;
      return;
    case FieldId::user_id:
      if (account.user_id.empty()) account.user_id = cell;
      return;
    case FieldId::handle:
      take_handle(cell);
      return;
    case FieldId::name:
      set(account.name, std::string(text::clip(cell, longest_name)));
      return;
    case FieldId::bio:
      set(account.bio, std::string(cell));
      return;
    case FieldId::image_url:
      if (looks_like_url(cell)) set(account.image_url, std::string(cell));
      return;
    case FieldId::website:
      if (looks_like_url(cell) || cell.find('.') != std::string_view::npos)
        set(account.website, std::string(cell));
      return;
    case FieldId::country:
      if (std::string code = read_country(cell); !code.empty()) set(account.country, std::move(code));
      return;
    case FieldId::city:
      set(account.city, std::string(cell));
      return;
    case FieldId::location:
      take_location(cell);
      return;
    case FieldId::language:
      if (std::string code = read_language(cell); !code.empty()) set(account.language, std::move(code));
      return;
    case FieldId::account_url:
      take_profile_url(cell);
      return;
    case FieldId::creator_key:
      if (out_.declared_key.empty()) out_.declared_key = cell;
      return;
    default:
      return;
  }
}

void Draft::take_handle(std::string_view cell) {
  if (const auto both = name_with_login(cell)) {
    set(out_.account.name, std::string(trimmed(both->first)));
    cell = both->second;
  }
  if (const auto profile = looks_like_url(cell) ? read_profile_url(cell) : std::nullopt; profile)
    return take_profile_url(cell);
  const std::string_view handle = read_handle(cell);
  if (handle.empty()) {
    set(out_.account.name, std::string(text::clip(cell, longest_name)));
  } else {
    set(out_.account.handle, std::string(handle));
  }
}

// "São Paulo, Brazil": the country if one of its ends is one, the rest is the city.
void Draft::take_location(std::string_view cell) {
  const std::size_t comma = cell.rfind(',');
  std::string code = read_country(comma == std::string_view::npos ? cell : trimmed(cell.substr(comma + 1)));
  if (!code.empty()) set(out_.account.country, std::move(code));
  if (comma != std::string_view::npos) set(out_.account.city, std::string(trimmed(cell.substr(0, comma))));
}

void Draft::take_profile_url(std::string_view cell) {
  if (!looks_like_url(cell)) return;
  Account& account = out_.account;
  const auto profile = read_profile_url(cell);
  if (profile && !platform_known_) {
    account.platform = profile->platform;
    platform_known_ = true;
  }
  if (!profile || profile->platform != account.platform) {
    if (!account.links) account.links.emplace();
    account.links->value.emplace_back(cell);
    return;
  }
  if (!profile->handle.empty()) set(account.handle, profile->handle);
  if (account.user_id.empty()) account.user_id = profile->user_id;
}

void Draft::take_post(FieldId field, std::string_view cell) {
  if (!post_) post_.emplace();
  switch (field) {
    case FieldId::post_text:
      post_->title = cell;
      return;
    case FieldId::post_tags:
      post_->description = cell;
      return;
    case FieldId::post_url:
      post_->url = cell;
      return;
    case FieldId::post_id:
      post_id_ = cell;
      return;
    case FieldId::post_image_url:
      post_->image_url = cell;
      return;
    default:
      post_->published_at = read_time(cell);
      return;
  }
}

Status Draft::take_post_figure(FieldId field, std::string_view cell) {
  CDX_TRY_LET(const std::int64_t value, read_count(cell));
  if (!post_) post_.emplace();
  (field == FieldId::post_views   ? post_->views
   : field == FieldId::post_likes ? post_->likes
                                  : post_->comments) = value;
  return {};
}

Status Draft::take_history(std::string_view cell) {
  CDX_TRY_LET(const History history, read_history(cell));
  for (const auto& [at, value] : history) add(MetricSnapshot{{}, Metric::followers, at, value, 1, {}});
  return {};
}

void Draft::add(ContentItem item, std::string_view platform_content_id) {
  std::string id(platform_content_id);
  // Without an id the address or the words tell one item from another.
  if (id.empty())
    id = !item.url.empty() ? item.url : hex(std::to_string(hash64(item.title + '\n' + item.description)));
  items_.push_back({std::move(item), std::move(id)});
}

void Draft::add(MetricSnapshot snapshot) { out_.snapshots.push_back(std::move(snapshot)); }

Status Draft::name_account() {
  Account& account = out_.account;
  if (account.user_id.empty() && account.handle) account.user_id = text::fold(account.handle->value);
  if (account.user_id.empty() && account.name) account.user_id = text::fold(account.name->value);
  if (account.user_id.empty())
    return fail(ErrorKind::invalid, "nothing in the record names an account (id, handle or name)");
  if (account.user_id.size() > longest_name)
    return fail(ErrorKind::invalid, "the account's id is over 1,000 bytes long");
  account.id = account_id(account.platform, account.user_id);
  return {};
}

void Draft::finish_engagement() {
  Account& account = out_.account;
  if (!interactions_ || account.engagement_rate || !account.followers || account.followers->value == 0)
    return;
  const double rate = *interactions_ / static_cast<double>(account.followers->value);
  if (rate <= largest_rate) set(account.engagement_rate, rate);
}

void Draft::finish_post() {
  if (!post_ || (post_->title.empty() && post_->url.empty() && post_id_.empty())) return;
  post_->type = ContentType::post;
  std::string id = post_id_;
  // Captions repeat between accounts: without an id the account is part of it.
  if (id.empty() && post_->url.empty())
    id = out_.account.user_id + "/" + std::to_string(hash64(post_->title));
  add(std::move(*post_), id);
}

void Draft::finish_snapshots() {
  const Account& account = out_.account;
  if (account.followers)
    add(MetricSnapshot{
        {}, Metric::followers, terms_.fetched_at, static_cast<double>(account.followers->value), 1, {}});
  for (MetricSnapshot& snapshot : out_.snapshots) {
    snapshot.account = account.id;
    snapshot.origin = terms_;
  }
}

Result<Normalized> Draft::finish() {
  CDX_TRY(name_account());
  finish_engagement();
  finish_post();
  finish_snapshots();
  Account& account = out_.account;
  if (account.categories && account.categories->value.empty()) account.categories.reset();
  if (account.links && account.links->value.empty()) account.links.reset();
  for (Item& each : items_) {
    each.item.id = content_id(account.platform, each.id);
    each.item.account = account.id;
    each.item.origin = terms_;
    out_.items.push_back(std::move(each.item));
  }
  return std::move(out_);
}

}  // namespace cdx::normalize
