# cdx_embed_file(TARGET FILE SYMBOL): makes `std::string_view cdx::embedded::SYMBOL()` return the file's bytes.
# The assembler includes the file, so a megabyte costs no compile time, and a changed file rebuilds only this object.
function(cdx_embed_file target file symbol)
  get_filename_component(path ${file} ABSOLUTE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT [[
#include <string_view>
__asm__(".section .rodata\n.balign 16\n.global cdx_embedded_@symbol@\ncdx_embedded_@symbol@:\n"
        ".incbin \"@path@\"\n.global cdx_embedded_end_@symbol@\ncdx_embedded_end_@symbol@:\n.byte 0\n.previous\n");
extern "C" const char cdx_embedded_@symbol@[];
extern "C" const char cdx_embedded_end_@symbol@[];
namespace cdx::embedded {
std::string_view @symbol@();
std::string_view @symbol@() {
  return {cdx_embedded_@symbol@, static_cast<std::size_t>(cdx_embedded_end_@symbol@ - cdx_embedded_@symbol@)};
}
}  // namespace cdx::embedded
]])
  set_source_files_properties(${out} PROPERTIES OBJECT_DEPENDS ${path})
  target_sources(${target} PRIVATE ${out})
endfunction()

# cdx_embed_folder(TARGET FOLDER SYMBOL): makes `std::span<const cdx::embedded::File> cdx::embedded::SYMBOL()` return
# every file below FOLDER with its path ("/assets/x.js"), in the order of their bytes; none when there is no folder.
function(cdx_embed_folder target folder symbol)
  get_filename_component(root ${folder} ABSOLUTE)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${root} ${root}/*)
  list(SORT files)
  set(code "#include <array>\n#include <span>\n#include <string_view>\n")
  set(table "")
  set(number 0)
  set(paths "")
  foreach(file IN LISTS files)
    set(name cdx_embedded_${symbol}_${number})
    string(APPEND code "__asm__(\".section .rodata\\n.balign 16\\n.global ${name}\\n${name}:\\n.incbin \\\"${root}/${file}\\\"\\n"
                       ".global ${name}_end\\n${name}_end:\\n.byte 0\\n.previous\\n\");\n"
                       "extern \"C\" const char ${name}[];\nextern \"C\" const char ${name}_end[];\n")
    string(APPEND table "    File{\"/${file}\", std::string_view(${name}, static_cast<std::size_t>(${name}_end - ${name}))},\n")
    list(APPEND paths ${root}/${file})
    math(EXPR number "${number} + 1")
  endforeach()
  string(APPEND code "namespace cdx::embedded {\nstruct File {\n  std::string_view path, bytes;\n};\n"
                     "std::span<const File> ${symbol}();\nstd::span<const File> ${symbol}() {\n"
                     "  static const std::array<File, ${number}> files{\n${table}  };\n  return files;\n}\n}\n")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT "${code}")
  set_source_files_properties(${out} PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${out})
endfunction()
