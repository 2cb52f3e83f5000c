#include "ann/assembly.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>

#include "ann/graph_order.h"
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
  const auto rows = plan.owners.size(), row_bytes = full_row_bytes(plan.dimension);
  std::vector<Assembly::Filled> filled(std::min(rows, rows_a_block));
  double upper_error = 0, both_error = 0, sketch_error = 0;
  std::vector<std::byte> block(filled.size() * row_bytes);
  CDX_TRY(out.begin(prefix + "full"));
  for (std::size_t at = 0; at < rows; at += rows_a_block) {
    CDX_TRY(call.check());
    const auto count = std::min(rows_a_block, rows - at);
    in_parallel(plan.options.threads, count,
                [&](std::size_t i) { filled[i] = plan.fill(at + i, buffers, block.data() + i * row_bytes); });
    for (std::size_t i = 0; i < count; ++i) {
      upper_error += static_cast<double>(filled[i].upper_error);
      both_error += static_cast<double>(filled[i].both_error);
      sketch_error += static_cast<double>(filled[i].sketch_error);
    }
    CDX_TRY(out.write(std::span(block).first(count * row_bytes)));
  }
  const auto mean = [&](double sum) {
    const auto value = static_cast<float>(sum / static_cast<double>(rows));
    return std::isfinite(value) ? value : 0;
  };
  meta.upper_error = mean(upper_error);
  meta.both_error = mean(both_error);
  meta.sketch_error = mean(sketch_error);
  return {};
}

// Without an order slot i is row i.
Status write_in_order(const Section& rows, std::size_t row_bytes, std::span<const std::uint32_t> order,
                      const std::string& name, SectionWriter& out) {
  CDX_TRY(out.begin(name));
  if (order.empty()) return out.write(rows.part(0, rows.size()));
  std::vector<std::byte> block;
  for (std::size_t at = 0; at < order.size(); at += rows_a_block) {
    block.clear();
    for (const auto row : order.subspan(at, std::min(rows_a_block, order.size() - at))) {
      const auto bytes = rows.part(row * row_bytes, row_bytes);
      block.insert(block.end(), bytes.begin(), bytes.end());
    }
    CDX_TRY(out.write(block));
  }
  return {};
}

Status write_codes(const Codes& codes, std::span<const std::uint32_t> order, const std::string& prefix,
                   SectionWriter& out) {
  CDX_TRY(write_in_order(codes.upper, codes.row_bytes(), order, prefix + "upper", out));
  CDX_TRY(write_in_order(codes.upper_factors, sizeof(float), order, prefix + "upper_factors", out));
  CDX_TRY(write_in_order(codes.lower, codes.row_bytes(), order, prefix + "lower", out));
  return write_in_order(codes.both_factors, sizeof(float), order, prefix + "both_factors", out);
}

// In the order of rows.
Status write_sketches(const CodeBuffers& codes, std::size_t rows, std::size_t lines,
                      const std::string& prefix, SectionWriter& out) {
  CDX_TRY(out.begin(prefix + "sketches"));
  std::vector<std::byte> block(std::min(rows, rows_a_block) * sketch_bytes(lines));
  for (std::size_t at = 0; at < rows; at += rows_a_block) {
    const auto count = std::min(rows_a_block, rows - at);
    codes.sketches(at, count, block.data());
    CDX_TRY(out.write(std::span(block).first(count * sketch_bytes(lines))));
  }
  return {};
}

struct OrderedGraph {
  std::vector<std::uint32_t> order, slots;  // slot -> row, row -> slot
  std::vector<std::uint32_t> links;         // by row, numbers of slots
};

Result<OrderedGraph> build_graph(const Call& call, const Assembly& plan, const Codes& codes) {
  GraphBuilder builder(codes, plan.options);
  CDX_TRY(plan.link(builder));
  CDX_TRY_LET(auto built, builder.finish(call));
  OrderedGraph out;
  out.order = depth_first(built, plan.options.degree);
  out.slots = turned_round(out.order);
  out.links = std::move(built.links);
  for (auto& link : out.links)
    if (link != nobody) link = out.slots[link];
  return out;
}

Status write_graph(const OrderedGraph& graph, std::size_t degree, const std::string& prefix,
                   SectionWriter& out) {
  const Section links(std::as_bytes(std::span(graph.links)));
  CDX_TRY(write_in_order(links, degree * sizeof(std::uint32_t), graph.order, prefix + "links", out));
  CDX_TRY(out.add(prefix + "rows", graph.order));
  return out.add(prefix + "slots", graph.slots);
}

}  // namespace

CodeBuffers::CodeBuffers(std::size_t rows, std::size_t lines)
    : lines_(lines),
      upper_(rows * lines),
      lower_(rows * lines),
      upper_factors_(rows),
      both_factors_(rows),
      sketch_factors_(rows) {}

void CodeBuffers::sketches(std::size_t first, std::size_t count, std::byte* out) const {
  for (std::size_t i = 0; i < count; ++i)
    to_sketch(upper_[(first + i) * lines_].data(), lines_, sketch_factors_[first + i],
              out + i * sketch_bytes(lines_));
}

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

void to_fixed(const float* row, std::size_t dimension, std::byte* out) {
  constexpr float most_number = 32767;
  float most = 0;
  for (std::size_t i = 0; i < dimension; ++i) most = std::max(most, std::abs(row[i]));
  const bool usable = most > 0 && std::isfinite(most);
  const float step = usable ? most / most_number : 0;
  std::fill_n(out, full_row_bytes(dimension), std::byte{0});
  std::memcpy(out, &step, sizeof step);
  for (std::size_t i = 0; i < dimension; ++i) {
    if (!usable || !std::isfinite(row[i])) continue;
    const auto number = static_cast<std::int16_t>(std::lrint(row[i] / most * most_number));
    std::memcpy(out + sizeof step + i * sizeof number, &number, sizeof number);
  }
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
  OrderedGraph graph;
  if (with_graph) {
    CDX_TRY_LET(graph, build_graph(call, plan, codes));
  }
  CDX_TRY(write_codes(codes, graph.order, prefix, out));
  CDX_TRY(write_sketches(buffers, rows, codes.lines, prefix, out));
  if (meta.identity == 0) {
    CDX_TRY(out.add(prefix + "owners", plan.owners));
    CDX_TRY(out.add(prefix + "firsts", first_rows(plan)));
  }
  if (with_graph) CDX_TRY(write_graph(graph, plan.options.degree, prefix, out));
  return out.add(prefix + "meta", std::vector<Meta>{meta});
}

}  // namespace cdx::ann
