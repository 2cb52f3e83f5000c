// What derive() is made of. Inside the enrich room only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/enrich.h"
#include "text/text.h"

namespace cdx::enrich {

// text::tokens() with plurals at their singular: "dogs" and "dog" are one word here.
std::vector<text::Token> plain_tokens(std::string_view text);

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

// Risks whose phrases add up, the surest first; each with the phrases and posts that decided it. The sum and
// its threshold stand in risk.cpp.
std::vector<Judgement> find_risks(const Profile& profile);

// guess_style() with what decided it; absent where the words do not agree.
std::optional<Judgement> judge_style(const Profile& profile);

}  // namespace cdx::enrich
