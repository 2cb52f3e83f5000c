// Which pictures the accounts of the store show at addresses, and which of them are not kept yet. Part of
// pipeline/pipeline.h.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/call.h"
#include "store/store.h"

namespace cdx {

struct WantedPicture {
  AccountId account;
  PictureRole role = PictureRole::profile;
  std::string url, caption;
  Provenance origin;  // of the address
};

struct WishOptions {
  bool profiles = true, content = true;
  std::size_t most_items = 20;  // newest content items of each account
  bool kept_too = false;        // also what is kept already: for looking whether it changed
};

// The pictures of the creators that changed after `since`, up to about `max` and to the revision `until`;
// says up to which revision. An account's address that is named twice comes once.
struct WishPage {
  std::vector<WantedPicture> wanted;
  Revision reached;
  bool more = false;
};
Result<WishPage> wanted_pictures(const Call& call, const Store& store, Revision since, Revision until,
                                 std::size_t max, const WishOptions& options);

// Every creator with all of its pictures, signatures included. A creator that changes meanwhile may come
// twice.
Status walk_pictures(const Call& call, const Store& store,
                     const std::function<Status(CreatorId, std::vector<KnownPicture>)>& each);

}  // namespace cdx
