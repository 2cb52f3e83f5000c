# openvino::runtime from .deps/openvino, where tools/fetch_deps.py unpacks the part of the wheel that is needed at build
# and run time. The wheel's own package file insists on every library of the wheel (140 MB more), so the target is
# declared here. Programs find the library by their absolute build path, and, when the whole folder has been moved, by
# the path relative to a program that lies directly in the build folder.
set(CDX_OPENVINO_DIR ${PROJECT_SOURCE_DIR}/.deps/openvino CACHE PATH "Where tools/fetch_deps.py put OpenVINO")
file(GLOB openvino_library ${CDX_OPENVINO_DIR}/libs/libopenvino.so.*)
if(NOT openvino_library OR NOT EXISTS ${CDX_OPENVINO_DIR}/include/openvino/openvino.hpp)
  message(FATAL_ERROR "OpenVINO is not in ${CDX_OPENVINO_DIR}: run tools/fetch_deps.py, or set CDX_WITH_OPENVINO=OFF")
endif()
if(NOT TARGET openvino::runtime)
  add_library(openvino::runtime SHARED IMPORTED GLOBAL)
  set_target_properties(openvino::runtime PROPERTIES
    IMPORTED_LOCATION ${openvino_library}
    INTERFACE_INCLUDE_DIRECTORIES ${CDX_OPENVINO_DIR}/include)
endif()
file(RELATIVE_PATH openvino_relative ${CMAKE_BINARY_DIR} ${CDX_OPENVINO_DIR}/libs)
# In the cache, because programs are declared in folders beside this one's; a link option would lose the $ sign.
set(CMAKE_BUILD_RPATH "$ORIGIN/${openvino_relative}" CACHE INTERNAL "Where programs look for libraries first")
