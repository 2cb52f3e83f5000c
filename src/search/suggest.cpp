#include <fmt/format.h>

#include <algorithm>

#include "search/search.h"
#include "store/store.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx {
namespace {

std::string short_count(double value) {
  if (value >= 1e6) return fmt::format("{:.1f}M", value / 1e6);
  if (value >= 1e3) return fmt::format("{:.0f}k", value / 1e3);
  return fmt::format("{:.0f}", value);
}

std::string_view last_word(std::string_view words) {
  const auto blank = words.find_last_of(' ');
  return blank == std::string_view::npos ? words : words.substr(blank + 1);
}

bool begins_one(std::span<const std::string> names, std::string_view prefix) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name.starts_with(prefix); });
}

// Niches and places whose name begins with the word being typed.
void add_vocabulary(std::vector<Suggestion>& out, std::string_view prefix, std::size_t max) {
  if (text::length(prefix) < 2) return;
  for (const auto& niche : vocab::niches()) {
    if (out.size() >= max) return;
    const bool fits = text::fold(niche.label).starts_with(prefix) || begins_one(niche.synonyms, prefix);
    if (niche.parent.empty() && fits) out.push_back({"niche", niche.label, {}, {}});
  }
  for (const auto& country : vocab::countries()) {
    if (out.size() >= max) return;
    if (begins_one(country.names, prefix)) out.push_back({"place", country.label, {}, {}});
  }
}

}  // namespace

Result<std::vector<Suggestion>> Searcher::suggest(const Call& call, std::string_view text,
                                                  std::size_t max) const {
  if (max < 1 || max > 50) return fail(ErrorKind::invalid, "/limit: must be between 1 and 50");
  const auto prefix = text::fold(text::clip(text, 200));
  std::vector<Suggestion> out;
  if (prefix.empty()) return out;
  const auto view = backend().view();
  std::vector<CreatorId> ids;
  for (const auto& completion : view->complete(prefix, "followers", max)) {
    const CreatorId id{completion.document};
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  CDX_TRY_LET(const auto creators, creators_of(call, ids));
  const auto reserved = std::min<std::size_t>(2, max / 3);  // room for niches and places
  for (const auto& creator : creators) {
    if (out.size() + reserved >= max) break;
    const auto handle = creator.handle.empty() ? std::string() : "@" + creator.handle + " · ";
    out.push_back({"creator", creator.name.empty() ? creator.handle : creator.name,
                   handle + short_count(static_cast<double>(creator.total_followers)), creator.id});
  }
  add_vocabulary(out, last_word(prefix), max);
  return out;
}

}  // namespace cdx
