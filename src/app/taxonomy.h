// The taxonomy of a data folder: where its files lie, and who changed them.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "store/usage.h"
#include "vocab/vocab.h"

namespace cdx::app {

// DATA/taxonomy; it need not exist.
std::string taxonomy_folder(const Config& config);
// To be called once, before anything reads the vocabulary. `invalid` names file and line.
Status use_taxonomy(const Config& config);
std::uint64_t taxonomy_hash(const vocab::TaxonomyFiles& files);

Status audit_taxonomy(const Config& config, const std::string& action, const std::string& subject,
                      const std::string& detail);
// Newest first, those of the taxonomy alone.
Result<std::vector<AuditEntry>> taxonomy_audits(const Config& config, std::size_t most);

}  // namespace cdx::app
