#include "ann/assembly.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "base/assert.h"

namespace cdx::ann {
namespace {

constexpr std::size_t rows_a_block = 1024;

bool is_identity(const Assembly& plan) {
  if (plan.owners.size() != plan.documents) return false;
  for (std::size_t i = 0; i < plan.owners.size(); ++i)
    if (plan.owners[i] != i) return false;
  return true;
}

std::vector<std::uint32_t> first_rows(const Assembly& plan) {
  std::vector<std::uint32_t> out(plan.documents + 1);
  for (const auto owner : plan.owners) ++out[owner + 1];
  for (std::size_t i = 1; i < out.size(); ++i) out[i] += out[i - 1];
  return out;
}

void in_parallel(std::size_t threads, std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run);
  run();
}

// The full rows are written while the codes are made, so that each row is asked for once.
Status write_rows(const Call& call, const Assembly& plan, const std::string& prefix, CodeBuffers& buffers,
                  Meta& meta, SectionWriter& out) {
  const auto rows = plan.owners.size();
  std::vector<float> steps(rows);
  std::vector<Assembly::Filled> filled(std::min(rows, rows_a_block));
  double upper_error = 0, both_error = 0;
  std::vector<std::int16_t> block(std::min(rows, rows_a_block) * plan.dimension);
  CDX_TRY(out.begin(prefix + "full"));
  for (std::size_t at = 0; at < rows; at += rows_a_block) {
    CDX_TRY(call.check());
    const auto count = std::min(rows_a_block, rows - at);
    in_parallel(plan.options.threads, count, [&](std::size_t i) {
      filled[i] = plan.fill(at + i, buffers, block.data() + i * plan.dimension);
    });
    for (std::size_t i = 0; i < count; ++i) {
      steps[at + i] = filled[i].step;
      upper_error += static_cast<double>(filled[i].upper_error);
      both_error += static_cast<double>(filled[i].both_error);
    }
    CDX_TRY(out.write_all(std::span<const std::int16_t>(block).subspan(0, count * plan.dimension)));
  }
  const auto mean = [&](double sum) {
    const auto value = static_cast<float>(sum / static_cast<double>(rows));
    return std::isfinite(value) ? value : 0;
  };
  meta.upper_error = mean(upper_error);
  meta.both_error = mean(both_error);
  return out.add(prefix + "full_steps", steps);
}

Status write_codes(const Codes& codes, const std::string& prefix, SectionWriter& out) {
  CDX_TRY(out.begin(prefix + "upper"));
  CDX_TRY(out.write(codes.upper.part(0, codes.upper.size())));
  CDX_TRY(out.begin(prefix + "upper_factors"));
  CDX_TRY(out.write(codes.upper_factors.part(0, codes.upper_factors.size())));
  CDX_TRY(out.begin(prefix + "lower"));
  CDX_TRY(out.write(codes.lower.part(0, codes.lower.size())));
  CDX_TRY(out.begin(prefix + "both_factors"));
  return out.write(codes.both_factors.part(0, codes.both_factors.size()));
}

Status write_graph(const Call& call, const Assembly& plan, const Codes& codes, const std::string& prefix,
                   SectionWriter& out) {
  GraphBuilder builder(codes, plan.options);
  CDX_TRY(plan.link(builder));
  CDX_TRY_LET(const auto built, builder.finish(call));
  CDX_TRY(out.add(prefix + "links", built.links));
  CDX_TRY(out.add(prefix + "entries", built.entries));
  CDX_TRY(out.begin(prefix + "entry_upper"));
  for (const auto row : built.entries)
    CDX_TRY(out.write(codes.upper.part(row * codes.row_bytes(), codes.row_bytes())));
  return {};
}

}  // namespace

CodeBuffers::CodeBuffers(std::size_t rows, std::size_t lines)
    : lines_(lines), upper_(rows * lines), lower_(rows * lines), upper_factors_(rows), both_factors_(rows) {}

Codes CodeBuffers::codes() const {
  Codes out;
  out.upper = Section(std::as_bytes(std::span(upper_)));
  out.lower = Section(std::as_bytes(std::span(lower_)));
  out.upper_factors = Section(std::as_bytes(std::span(upper_factors_)));
  out.both_factors = Section(std::as_bytes(std::span(both_factors_)));
  out.lines = lines_;
  out.rows = upper_factors_.size();
  return out;
}

float to_fixed(const float* row, std::size_t dimension, std::int16_t* out) {
  constexpr float most_number = 32767;
  float most = 0;
  for (std::size_t i = 0; i < dimension; ++i) most = std::max(most, std::abs(row[i]));
  const bool usable = most > 0 && std::isfinite(most);
  for (std::size_t i = 0; i < dimension; ++i)
    out[i] = usable && std::isfinite(row[i])
                 ? static_cast<std::int16_t>(std::lrint(row[i] / most * most_number))
                 : std::int16_t{0};
  return usable ? most / most_number : 0;
}

Status assemble(const Call& call, const Assembly& plan, SectionWriter& out, std::string_view name) {
  const std::string prefix(name);
  const auto rows = plan.owners.size();
  if (rows == 0) return {};
  Meta meta;
  meta.dimension = static_cast<std::uint32_t>(plan.dimension);
  meta.rows = rows;
  meta.documents = plan.documents;
  meta.identity = is_identity(plan) ? 1 : 0;
  for (std::size_t i = 0; i < rows; ++i)
    if (i == 0 || plan.owners[i] != plan.owners[i - 1]) ++meta.owning;
  const bool with_graph = rows >= std::max<std::size_t>(plan.options.graph_from, 2);
  if (with_graph) {
    meta.degree = static_cast<std::uint32_t>(plan.options.degree);
    meta.entries = static_cast<std::uint32_t>(entry_count(rows));
  }
  CDX_TRY(out.add(prefix + "mean", plan.mean));
  CodeBuffers buffers(rows, (plan.dimension + line_dimensions - 1) / line_dimensions);
  CDX_TRY(write_rows(call, plan, prefix, buffers, meta, out));
  const auto codes = buffers.codes();
  CDX_TRY(write_codes(codes, prefix, out));
  if (meta.identity == 0) {
    CDX_TRY(out.add(prefix + "owners", plan.owners));
    CDX_TRY(out.add(prefix + "firsts", first_rows(plan)));
  }
  if (with_graph) CDX_TRY(write_graph(call, plan, codes, prefix, out));
  return out.add(prefix + "meta", std::vector<Meta>{meta});
}

}  // namespace cdx::ann
