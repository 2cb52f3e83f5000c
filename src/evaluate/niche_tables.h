// Tables that the niche measurements read. Inside the evaluate room only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/niche.h"

namespace cdx::evaluate {

using Row = std::vector<std::string>;

Result<std::vector<Row>> read_csv(const std::string& path);
Result<std::string> read_whole(const std::string& path);
// Rows of tab-separated cells without comments; `line` of a row is not kept.
std::vector<Row> tsv_rows(std::string_view text);
std::vector<std::string> split_keys(std::string_view cell, char mark = '|');

// By the first byte of the SHA-256: half of everything, the same half every time.
bool in_held_out_half(std::string_view name);

Profile profile_of(Platform platform, const std::string& handle, const std::string& name,
                   const std::string& bio);

Result<std::vector<NicheCase>> channel_cases(const std::string& folder);
Result<std::vector<NicheCase>> list_cases(const std::string& folder);

}  // namespace cdx::evaluate

namespace cdx::embedded {
std::string_view evaluate_category_niches();
std::string_view evaluate_channel_niches();
std::string_view evaluate_topic_niches();
std::string_view evaluate_niche_examples();
}  // namespace cdx::embedded
