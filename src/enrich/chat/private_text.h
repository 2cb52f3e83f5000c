// What identifies a person or leads to one, taken out of a text. Private to enrich/chat.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace cdx::enrich::chat {

inline constexpr std::string_view removed = "[removed]";

// The text on one line, valid UTF-8, without controls and invisible characters; addresses on the web, e-mail
// addresses (also spelt "name (at) host dot com"), handles (by "@", after a platform's name, or in `handles`,
// squashed), telephone numbers and long numbers are `removed`. Errs on the side of removing.
std::string without_private(std::string_view text, const std::set<std::string>& handles);

// Valid UTF-8 without invisible characters; line breaks are kept, other controls become blanks.
std::string visible(std::string_view text);

}  // namespace cdx::enrich::chat
