// What derive() is made of. Inside the enrich room only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/enrich.h"

namespace cdx::enrich {

// The account that stands for the creator: the most followers, the first of equals. Null without accounts.
const Account* main_account(const Profile& profile);

// The country and language that accounts with the most followers state; empty when none does.
std::string stated_country(const Profile& profile);
std::string stated_language(const Profile& profile);
std::string content_language(const Profile& profile);  // detected in bios and titles

// Key of vocab::styles(), or empty when the words do not agree.
std::string guess_style(const Profile& profile);

// 12 to 28 words from the derived fields and a clause of the bio. Says what is unknown rather than inventing.
std::string summarise(const Creator& creator, const Profile& profile);

}  // namespace cdx::enrich
