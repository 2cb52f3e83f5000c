#include "store/memory/memory_store.h"

#include "contract/store_contract.h"

namespace cdx {

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract,
                         testing::Values(StoreTwin{"memory",
                                                   [](const std::string&) -> Result<std::unique_ptr<Store>> {
                                                     return open_memory_store();
                                                   },
                                                   false}),
                         [](const auto& twin) { return twin.param.name; });

}  // namespace cdx
