#include "app/taxonomy.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/hash.h"
#include "base/time.h"
#include "store/sqlite/sqlite_store.h"
#include "text/text.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view actor = "cli", action_prefix = "taxonomy.";

// Null where nothing is kept between starts.
Result<std::unique_ptr<UsageStore>> open_usage(const Config& config) {
  constexpr std::string_view sqlite = "sqlite:";
  const auto& url = config.text("store");
  if (!url.starts_with(sqlite)) return std::unique_ptr<UsageStore>();
  SqliteStoreOptions options;
  options.path = (fs::path(config.text("data")) / url.substr(sqlite.size())).string();
  return open_sqlite_usage_store(options);
}

}  // namespace

std::string taxonomy_folder(const Config& config) {
  return (fs::path(config.text("data")) / "taxonomy").string();
}

Status use_taxonomy(const Config& config) { return vocab::use_folder(taxonomy_folder(config), text::fold); }

std::uint64_t taxonomy_hash(const vocab::TaxonomyFiles& files) {
  std::uint64_t out = 0;
  for (const auto& [name, bytes] : files) out = hash64(bytes, hash64(name, out));
  return out;
}

Status audit_taxonomy(const Config& config, const std::string& action, const std::string& subject,
                      const std::string& detail) {
  CDX_TRY_LET(const auto usage, open_usage(config));
  if (usage == nullptr) return {};
  return usage->audit({}, {SystemClock().now(), std::string(actor), action, subject, detail});
}

Result<std::vector<AuditEntry>> taxonomy_audits(const Config& config, std::size_t most) {
  CDX_TRY_LET(const auto usage, open_usage(config));
  if (usage == nullptr) return std::vector<AuditEntry>();
  CDX_TRY_LET(auto entries, usage->audits({}, most));
  std::erase_if(entries, [](const AuditEntry& entry) { return !entry.action.starts_with(action_prefix); });
  return entries;
}

}  // namespace cdx::app
