// Terms of what is taken in, as they are declared on the command line.
#pragma once

#include <memory>
#include <string>

#include "app/command.h"
#include "model/model.h"

namespace cdx::app {

struct TermFlags {
  std::string source, licence, basis, expires, as_of;
};
// `source` says what the source is called where nothing is said.
void add_term_flags(CLI::App& command, const std::shared_ptr<TermFlags>& flags, const std::string& source);
// `invalid` for dates that are none, and a term that has passed.
Result<Provenance> terms_of(const TermFlags& flags);

}  // namespace cdx::app
