// The parts of `creatordex images`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "fetch/fetch.h"

namespace cdx::app {

void add_images_add(CLI::App& images, const Context& context, Runner& runner);
void add_images_fetch(CLI::App& images, const Context& context, Runner& runner);
void add_images_report(CLI::App& images, const Context& context, Runner& runner);
void add_images_sync(CLI::App& images, const Context& context, Runner& runner);

// Files as they are named, folders with all that lies below, in the order of their names. What does not exist
// stays in, to be told.
std::vector<std::string> files_of(const std::vector<std::string>& paths);
// Names of files and words of strangers, without what steers a terminal.
std::string shown(std::string text);

// How URLs are asked, as said on the command line.
struct NetFlags {
  std::string shard;
  std::vector<std::string> allowed;
  std::vector<std::uint16_t> ports;
  fetch::FetchOptions options;
};
void add_net_flags(CLI::App& command, const std::shared_ptr<NetFlags>& flags);
Result<fetch::FetchOptions> fetch_options(const NetFlags& flags, const std::string& folder);
// For fetch::Sniff: everything that may be decoded here, by its first bytes.
std::string picture_ending(std::string_view first_bytes);

// The cells of these columns of a CSV text, row by row; short rows are filled up. `invalid` naming the column
// that it has not.
Result<std::vector<std::vector<std::string>>> columns_of(std::string_view text,
                                                         const std::vector<std::string>& columns,
                                                         const std::string& path);

}  // namespace cdx::app
