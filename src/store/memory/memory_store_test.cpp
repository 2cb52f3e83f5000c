#include "store/memory/memory_store.h"

#include "contract/campaign_store_contract.h"
#include "contract/store_contract.h"
#include "contract/usage_store_contract.h"

namespace cdx {

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract,
                         testing::Values(StoreTwin{"memory",
                                                   [](const std::string&) -> Result<std::unique_ptr<Store>> {
                                                     return open_memory_store();
                                                   },
                                                   false}),
                         [](const auto& twin) { return twin.param.name; });

INSTANTIATE_TEST_SUITE_P(Memory, CampaignStoreContract,
                         testing::Values(CampaignStoreTwin{
                             "memory",
                             [](const std::string&) -> Result<std::unique_ptr<CampaignStore>> {
                               return make_memory_campaign_store();
                             },
                             false}),
                         [](const auto& twin) { return twin.param.name; });

INSTANTIATE_TEST_SUITE_P(Memory, UsageStoreContract,
                         testing::Values(UsageStoreTwin{
                             "memory",
                             [](const std::string&) -> Result<std::unique_ptr<UsageStore>> {
                               return make_memory_usage_store();
                             },
                             false}),
                         [](const auto& twin) { return twin.param.name; });

}  // namespace cdx
