#include "ann/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace cdx::ann {
namespace {

// Takes sections whose sizes must fit.
class Opener {
 public:
  Opener(const Sections& sections, std::string_view prefix) : sections_(sections), prefix_(prefix) {}

  Section take(std::string_view name, std::size_t count, std::size_t size) {
    auto out = sections_.section(prefix_ + std::string(name));
    if (out.size() != count * size && problem_.empty())
      problem_ = fmt::format("section {}{} has {} bytes where {} were expected", prefix_, name, out.size(),
                             count * size);
    return out;
  }
  bool has(std::string_view name) const { return sections_.has(prefix_ + std::string(name)); }
  Status problem() const {
    if (problem_.empty()) return {};
    return fail(ErrorKind::corrupt, problem_);
  }
  tl::unexpected<Error> damaged(std::string_view what) const {
    if (auto status = sections_.damage().status(); !status) return tl::unexpected<Error>(status.error());
    return fail(ErrorKind::corrupt, fmt::format("field {}: {}", prefix_, what));
  }

 private:
  const Sections& sections_;
  std::string prefix_;
  std::string problem_;
};

std::string_view nonsense(const Meta& meta) {
  if (meta.dimension == 0 || meta.dimension > most_dimensions) return "the dimension is out of range";
  if (meta.rows == 0 || meta.rows >= most_rows) return "the number of rows is out of range";
  if (meta.documents > nobody) return "the number of documents is out of range";
  if (meta.identity > 1 || (meta.identity == 1 && meta.rows != meta.documents))
    return "rows and documents do not agree";
  if (meta.owning == 0 || meta.owning > meta.rows || meta.owning > meta.documents)
    return "the number of documents with rows is out of range";
  if (!(meta.upper_error >= 0 && meta.both_error >= 0 && meta.sketch_error >= 0) ||
      !std::isfinite(meta.upper_error + meta.both_error + meta.sketch_error))
    return "the errors of its codes are no numbers";
  if (meta.degree > most_degree) return "the degree of the graph is out of range";
  if (meta.degree != 0 && (meta.entries == 0 || meta.entries > meta.rows))
    return "the number of entries of the graph is out of range";
  return {};
}

struct FullRow {
  float step = 0;
  std::span<const std::int16_t> values;
  FullRow(std::span<const std::byte> bytes, std::size_t dimension) {
    if (bytes.empty()) return;
    std::memcpy(&step, bytes.data(), sizeof step);
    values = {reinterpret_cast<const std::int16_t*>(bytes.data() + sizeof step), dimension};
  }
};

}  // namespace

Layout::Layout(const Meta& what, std::vector<float> mean)
    : meta(what), coder(what.dimension, std::move(mean)) {
  codes.lines = coder.lines();
  codes.rows = what.rows;
  sketches.lines = codes.lines;
}

Layout::Range Layout::rows_of(std::uint32_t document) const {
  if (document >= meta.documents) return {};
  if (meta.identity != 0) return {document, document + 1};
  const auto* at = firsts.row<std::uint32_t>(document, 2);
  const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(at[1], rows()));
  return {std::min(at[0], end), end};
}

bool Layout::copy_row(std::size_t row, float* out) const {
  const FullRow from(full_row(row), meta.dimension);
  std::fill_n(out, meta.dimension, 0.0F);
  for (std::size_t i = 0; i < from.values.size(); ++i)
    out[i] = from.step * static_cast<float>(from.values[i]);
  return !from.values.empty();
}

float Layout::similarity(std::span<const float> vector, std::uint32_t row) const {
  const FullRow from(full_row(row), meta.dimension);
  return sane(from.step * dot_fixed(vector.data(), from.values.data(), from.values.size()));
}

float Layout::deviation(const Asked& asked, float error) const {
  if (!(asked.scale > 0)) return 0;
  const auto dimensions = static_cast<float>(codes.lines * line_dimensions);
  return std::sqrt(error / dimensions) * asked.length / asked.scale;
}

Result<std::shared_ptr<const Layout>> open_layout(const Sections& sections, std::string_view prefix) {
  Opener opener(sections, prefix);
  if (!opener.has("meta")) {
    for (const auto* name : {"mean", "upper", "lower", "full", "links"})
      if (opener.has(name)) return opener.damaged("the section that describes it is missing");
    return nullptr;
  }
  // A newer layout may have another size; its version comes first.
  const auto first = sections.section(std::string(prefix) + "meta");
  const auto version = first.part_of<std::uint32_t>(0, 1);
  if (version.empty()) return opener.damaged("the section that describes it is damaged");
  if (version[0] != layout_version)
    return fail(ErrorKind::unsupported, fmt::format("field {} has layout {}; this program reads {}", prefix,
                                                    version[0], layout_version));
  CDX_TRY((opener.take("meta", 1, sizeof(Meta)), opener.problem()));
  const auto metas = first.part_of<Meta>(0, 1);
  if (metas.empty()) return opener.damaged("the section that describes it is damaged");
  const auto& meta = metas[0];
  if (const auto wrong = nonsense(meta); !wrong.empty()) return opener.damaged(wrong);

  const auto mean_section = opener.take("mean", meta.dimension, sizeof(float));
  CDX_TRY(opener.problem());
  const auto mean = mean_section.all_of<float>();
  if (mean.size() != meta.dimension ||
      !std::all_of(mean.begin(), mean.end(), [](float value) { return std::isfinite(value); }))
    return opener.damaged("its mean is damaged");

  auto out = std::make_shared<Layout>(meta, std::vector<float>(mean.begin(), mean.end()));
  const auto rows = out->rows(), code_bytes = out->codes.row_bytes();
  out->codes.upper = opener.take("upper", rows, code_bytes);
  out->codes.upper_factors = opener.take("upper_factors", rows, sizeof(float));
  out->codes.lower = opener.take("lower", rows, code_bytes);
  out->codes.both_factors = opener.take("both_factors", rows, sizeof(float));
  out->sketches.rows = opener.take("sketches", rows, sketch_bytes(out->codes.lines));
  out->full = opener.take("full", rows, out->full_bytes());
  if (meta.identity == 0) {
    out->owners = opener.take("owners", rows, sizeof(std::uint32_t));
    out->firsts = opener.take("firsts", meta.documents + 1, sizeof(std::uint32_t));
  }
  if (meta.degree != 0) {
    out->graph.links = opener.take("links", rows * meta.degree, sizeof(std::uint32_t));
    out->graph.rows_at = opener.take("rows", rows, sizeof(std::uint32_t));
    out->graph.slots = opener.take("slots", rows, sizeof(std::uint32_t));
    out->graph.degree = meta.degree;
    out->graph.entry_count = meta.entries;
  }
  CDX_TRY(opener.problem());
  // Every walk reads these first.
  out->codes.upper.will_need(0, out->graph.entry_count * code_bytes);
  out->codes.upper_factors.will_need_of<float>(0, out->graph.entry_count);
  return out;
}

}  // namespace cdx::ann
