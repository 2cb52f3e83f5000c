// The sourced fields of an account in the order of their numbers on disk; the one list this room has of them.
// A new field goes to the end.
#pragma once

#include "model/model.h"

namespace cdx {

inline constexpr unsigned account_field_count = 23;

template <class AnyAccount, class Visit>
void for_account_fields(AnyAccount& account, Visit visit) {
  visit(account.handle);
  visit(account.name);
  visit(account.bio);
  visit(account.image_url);
  visit(account.website);
  visit(account.country);
  visit(account.city);
  visit(account.language);
  visit(account.categories);
  visit(account.followers);
  visit(account.following);
  visit(account.content_count);
  visit(account.total_views);
  visit(account.engagement_rate);
  visit(account.average_views);
  visit(account.average_likes);
  visit(account.average_comments);
  visit(account.average_shares);
  visit(account.price_usd);
  visit(account.verified);
  visit(account.created_at);
  visit(account.last_post_at);
  visit(account.links);
}

}  // namespace cdx
