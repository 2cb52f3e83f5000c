// The twins of Store, CampaignStore and UsageStore that keep everything in memory: for tests, and the
// plainest statement of what a store does.
#pragma once

#include <memory>

#include "store/store.h"

namespace cdx {

std::unique_ptr<Store> open_memory_store();
std::unique_ptr<CampaignStore> make_memory_campaign_store();
std::unique_ptr<UsageStore> make_memory_usage_store();

}  // namespace cdx
