// The page's files, built by web/ and embedded in the program; none when the page was not built.
#pragma once

#include <vector>

#include "serve/serve.h"

namespace cdx::app {

std::vector<PageFile> page_files();

}  // namespace cdx::app
