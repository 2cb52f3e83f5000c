// Accounts of which it is known whether they are fake, as research sets give them. Part of figures/figures.h.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "figures/fake_model.h"

namespace cdx::figures {

struct LabelledAccount {
  FakeFeatures features;
  bool fake = false;
};

// Reads, by what they hold: CSV with "#followers", "#follows", "#posts", … "fake"; JSON arrays of
// "userFollowerCount", … "isFake"; Twitter user tables with "followers_count", … "dataset" (E13 and TFP are
// genuine, INT, FSF and TWT bought). `invalid`, naming `name`, row and reason, for anything else.
Result<std::vector<LabelledAccount>> read_labelled_accounts(std::string_view bytes, std::string_view name);

}  // namespace cdx::figures
