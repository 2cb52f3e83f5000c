// The word lists of understand. Inside understand only. All words are folded; lists are parted by bars.
#pragma once

#include <string_view>

namespace cdx::understanding {

// "creators", "channel": says who is looked for, but nothing about them.
bool generic_noun(std::string_view word);
// People who do something: "dancers", "reviewer", "chefs".
bool agent_noun(std::string_view word);
// "food", "history": after an adjective of a country it names the subject, not the place of the creator.
bool topic_after_adjective(std::string_view word);
// "jiu" after "brazilian", "shepherd" after "german"; "street food" after any.
bool fixed_name(std::string_view adjective, std::string_view next, std::string_view after_next);
// "marketing" after "tiktok": the platform is the subject.
bool subject_after_platform(std::string_view word);

}  // namespace cdx::understanding
