// Numbers as people write them. Part of text/text.h.
#pragma once

#include <optional>
#include <string_view>

namespace cdx::text {

// Reads "1234", "1,234,567", "1.234.567", "400.1M", "29.2K", "1.5 bn", "2 million", "12 lakh", "3 crore",
// "4.8%" (0.048), "$1.2k" (1200), "-5", "1e6", surrounding blanks and a leading currency sign. "N/A", "-",
// "null", "" and anything else are absent. A lone "1,5" is 1.5; "1,500" is 1500.
std::optional<double> parse_number(std::string_view text);

struct FoundNumber {
  double value = 0;
  bool percent = false;
  bool money = false;
};
std::optional<FoundNumber> parse_quantity(std::string_view text);

}  // namespace cdx::text
