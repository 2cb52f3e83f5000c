#include "index/manifest.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/hash.h"

namespace cdx::engine {
namespace {

constexpr std::string_view title = "creatordex index ";

std::string sum_of(std::string_view text) { return fmt::format("{:016x}", hash64(text)); }

// One line of words and numbers.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  std::string_view word() {
    const auto end = std::min(rest_.find(' '), rest_.size());
    const auto out = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return out;
  }
  std::optional<std::uint64_t> number() {
    const auto text = word();
    std::uint64_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || text.empty()) return std::nullopt;
    return out;
  }
  bool named_number(std::string_view name, std::uint64_t& out) {
    if (word() != name) return false;
    const auto found = number();
    if (found) out = *found;
    return found.has_value();
  }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

bool read_line(std::string_view text, Manifest& out) {
  Line line(text);
  const auto name = text.substr(0, text.find(' '));
  if (name == "revision") return line.named_number(name, out.revision.value) && line.at_end();
  if (name == "first_log") return line.named_number(name, out.first_log) && line.at_end();
  if (name == "next") return line.named_number(name, out.next) && line.at_end();
  if (name == "schema") {
    line.word();
    out.schema = line.word();
    return line.at_end();
  }
  if (name == "space") {
    line.word();
    VectorField field;
    std::uint64_t dimension = 0;
    field.name = line.word();
    if (!line.named_number("dimension", dimension) || line.word() != "of") return false;
    field.dimension = dimension;
    field.space = line.rest();
    if (field.name.empty() || field.space.empty()) return false;
    out.spaces.push_back(std::move(field));
    return true;
  }
  Manifest::Entry entry;
  const bool whole = line.named_number("segment", entry.segment) && line.named_number("rows", entry.rows) &&
                     line.named_number("tombstones", entry.tombstones) && line.at_end() && entry.segment > 0;
  if (whole) out.segments.push_back(entry);
  return whole;
}

}  // namespace

std::string schema_mark(const Schema& schema) {
  std::string out;
  for (const auto& field : schema.texts) out += "t " + field.name + "\n";
  for (const auto& field : schema.keywords) out += "k " + field.name + "\n";
  for (const auto& field : schema.numbers) out += "n " + field.name + "\n";
  for (const auto& field : schema.vectors)
    out += fmt::format("v {} {}{}{}\n", field.name, field.dimension, field.space.empty() ? "" : " ",
                       field.space);
  for (const auto field : schema.name_fields) out += fmt::format("name {}\n", field);
  return sum_of(out);
}

std::string print(const Manifest& manifest) {
  auto out = fmt::format("{}{}\nschema {}\nrevision {}\nfirst_log {}\nnext {}\n", title, manifest.layout,
                         manifest.schema, manifest.revision.value, manifest.first_log, manifest.next);
  for (const auto& field : manifest.spaces)
    out += fmt::format("space {} dimension {} of {}\n", field.name, field.dimension, field.space);
  for (const auto& entry : manifest.segments)
    out += fmt::format("segment {} rows {} tombstones {}\n", entry.segment, entry.rows, entry.tombstones);
  return out + fmt::format("sum {}\n", sum_of(out));
}

Result<Manifest> parse_manifest(std::string_view text) {
  const auto bad = [](std::size_t line, std::string_view what) {
    return fail(ErrorKind::corrupt, fmt::format("manifest, line {}: {}", line, what));
  };
  if (!text.starts_with(title)) return bad(1, "this is not the manifest of an index");
  std::uint64_t version = 0;
  const auto first = text.substr(title.size(), text.find('\n') - title.size());
  version = Line(first).number().value_or(0);
  if (version > segment_layout)
    return fail(ErrorKind::unsupported,
                fmt::format("the index was written by a newer program (format {}, this one reads up to {}); "
                            "use that program, or `creatordex index rebuild`",
                            version, segment_layout));
  const auto sum = text.rfind("sum ");
  if (sum == std::string_view::npos ||
      text.substr(sum) != fmt::format("sum {}\n", sum_of(text.substr(0, sum))))
    return bad(1, "it does not match its checksum");
  Manifest out;
  out.layout = static_cast<std::uint32_t>(version);
  auto rest = text.substr(0, sum);
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return bad(line, "it ends in the middle");
    if (line > 1 && !read_line(rest.substr(0, end), out)) return bad(line, "it cannot be read");
    rest.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace cdx::engine
