# One interface target carries the warnings, so that rooms opt in by linking it and foreign code never does.
add_library(cdx_warnings INTERFACE)
target_compile_options(cdx_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual $<$<CXX_COMPILER_ID:GNU>:-Wsuggest-override>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 reports a false overlap on string concatenation (GCC bug 105651).
  target_compile_options(cdx_warnings INTERFACE -Wno-restrict)
endif()
