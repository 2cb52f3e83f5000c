#include "app/terms.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/time.h"

namespace cdx::app {
namespace {

Result<Time> date_flag(const char* name, const std::string& value) {
  const auto time = parse_time(value);
  if (!time)
    return fail(ErrorKind::invalid,
                fmt::format("{} is \"{}\", but must be a date like 2026-11-21", name, value));
  return *time;
}

}  // namespace

Result<Provenance> terms_of(const TermFlags& flags) {
  Provenance out;
  out.source = flags.source;
  out.licence = flags.licence;
  out.basis = flags.basis;
  out.fetched_at = SystemClock().now();
  if (!flags.as_of.empty()) {
    CDX_TRY_LET(out.fetched_at, date_flag("--as-of", flags.as_of));
  }
  if (!flags.expires.empty()) {
    CDX_TRY_LET(const auto day, date_flag("--expires", flags.expires));
    if (day <= SystemClock().now())
      return fail(ErrorKind::invalid, fmt::format("--expires is {}, which has passed", flags.expires));
    out.expires_at = day;
  }
  return out;
}

void add_term_flags(CLI::App& command, const std::shared_ptr<TermFlags>& flags, const std::string& source) {
  command.add_option("--source", flags->source, "name of the source (default: " + source + ")");
  command.add_option("--licence", flags->licence, "licence of the data, as declared by you");
  command.add_option("--basis", flags->basis, "lawful basis of keeping it, as declared by you");
  command.add_option("--expires", flags->expires, "until when it may be kept: a date");
  command.add_option("--as-of", flags->as_of, "when it was taken: a date (default: now)");
}

}  // namespace cdx::app
