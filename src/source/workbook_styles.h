// Number formats of a workbook: how a cell's number is meant. Private to the source room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "source/zip_file.h"

namespace cdx::source {

enum class CellStyle : unsigned char { plain, percent, date };

CellStyle style_of_format(std::string_view code);

// By the cell's style number. A workbook without styles has none.
Result<std::vector<CellStyle>> read_styles(ZipFile& zip, const std::string& part);

// The text of a number cell; `text` itself where it is no number.
std::string format_cell(std::string_view text, CellStyle style, bool dates_from_1904);

}  // namespace cdx::source
