#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "ann/assembly.h"
#include "base/assert.h"

namespace cdx::ann {
namespace {

// Of the rows of the graph that is kept, so many must still be there, and so many of all rows must be its
// own: otherwise what is left of it is not worth patching, and its mean no longer is one.
constexpr double least_left = 0.7;
constexpr double least_own = 0.5;

struct Origin {
  std::uint32_t document = 0;  // in the new segment
  std::uint32_t part = 0, row = 0;
};

class Merge {
 public:
  Merge(std::span<const std::shared_ptr<const Layout>> parts, std::span<const Part> given,
        const Options& options)
      : parts_(parts) {
    for (std::uint32_t p = 0; p < parts.size(); ++p) {
      if (parts[p] == nullptr) continue;
      const auto before = origins_.size();
      for (std::uint32_t row = 0; row < parts[p]->rows(); ++row) {
        const auto document = parts[p]->document(row);
        const auto target = document < given[p].target.size() ? given[p].target[document] : nobody;
        if (target != nobody) origins_.push_back({target, p, row});
      }
      const auto left = origins_.size() - before;
      if (largest_ == nobody || left > left_) {
        largest_ = p;
        left_ = left;
      }
    }
    std::sort(origins_.begin(), origins_.end(), [](const Origin& a, const Origin& b) {
      if (a.document != b.document) return a.document < b.document;
      return a.part != b.part ? a.part < b.part : a.row < b.row;
    });
    const auto rows = static_cast<double>(origins_.size());
    keeps_codes_ = largest_ != nobody && static_cast<double>(left_) >= least_own * rows;
    keeps_graph_ = keeps_codes_ && kept().graph.degree == options.degree &&
                   static_cast<double>(left_) >= least_left * static_cast<double>(kept().rows());
  }

  bool empty() const { return origins_.empty(); }
  bool keeps_graph() const { return keeps_graph_; }
  const Layout& kept() const { return *parts_[largest_]; }
  std::uint32_t last_document() const { return origins_.back().document; }

  std::vector<std::uint32_t> owners() const {
    std::vector<std::uint32_t> out;
    out.reserve(origins_.size());
    for (const auto& one : origins_) out.push_back(one.document);
    return out;
  }

  // The mean of the largest part while most rows are its own, for then their codes stay as they are.
  std::vector<float> mean() const {
    if (keeps_codes_) return {kept().coder.mean().begin(), kept().coder.mean().end()};
    std::vector<double> sum(parts_[origins_.front().part]->meta.dimension);
    for (const auto& one : origins_)
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += static_cast<double>(parts_[one.part]->coder.mean()[i]);
    std::vector<float> out;
    for (const auto value : sum)
      out.push_back(static_cast<float>(value / static_cast<double>(origins_.size())));
    return out;
  }

  // Reads what the parts hold; codes it anew where the mean is another.
  Assembly::Filled fill(std::size_t row, const Coder& coder, CodeBuffers& codes, std::byte* full) const {
    const auto& from = origins_[row];
    const auto& part = *parts_[from.part];
    Assembly::Filled out;
    const auto bytes = part.full_row(from.row);
    std::fill_n(full, part.full_bytes(), std::byte{0});
    std::copy(bytes.begin(), bytes.end(), full);
    if (keeps_codes_ && from.part == largest_) {
      const auto slot = part.slot_of(from.row);
      std::copy_n(part.codes.upper_row(slot), part.codes.row_bytes(), codes.upper(row));
      std::copy_n(part.codes.lower_row(slot), part.codes.row_bytes(), codes.lower(row));
      codes.set_factors(row, part.codes.upper_factors.value<float>(slot),
                        part.codes.both_factors.value<float>(slot), part.sketches.worth(from.row));
      out.sketch_error = part.meta.sketch_error;
      out.upper_error = part.meta.upper_error;
      out.both_error = part.meta.both_error;
      return out;
    }
    thread_local std::vector<float> floats;
    floats.resize(part.meta.dimension);
    part.copy_row(from.row, floats.data());
    const auto factors = coder.encode(floats.data(), codes.upper(row), codes.lower(row));
    codes.set_factors(row, factors.upper, factors.both, factors.sketch);
    out.sketch_error = factors.sketch_error;
    out.upper_error = factors.upper_error;
    out.both_error = factors.both_error;
    return out;
  }

  Status link(const Call& call, GraphBuilder& builder) const {
    const auto order = shuffled(origins_.size());
    if (!keeps_graph_) return builder.insert(call, order);
    std::vector<std::uint32_t> moved(kept().rows(), nobody);  // old row -> new row
    for (std::uint32_t row = 0; row < origins_.size(); ++row)
      if (origins_[row].part == largest_) moved[origins_[row].row] = row;
    std::vector<std::uint32_t> fresh;
    std::size_t done = 0;
    for (const auto row : order) {
      if (++done % 1024 == 0) CDX_TRY(call.check());
      if (origins_[row].part == largest_)
        adopt(builder, row, moved);
      else
        fresh.push_back(row);
    }
    return builder.insert(call, fresh);
  }

 private:
  // A neighbour that is gone is replaced by its own neighbours (cf. Singh et al. 2021, "FreshDiskANN").
  void adopt(GraphBuilder& builder, std::uint32_t row, const std::vector<std::uint32_t>& moved) const {
    const auto& graph = kept().graph;
    const auto slots_near = [&](std::uint32_t old) {
      const auto slot = kept().slot_of(old);
      return std::span(graph.links.row<std::uint32_t>(slot * graph.degree, graph.degree), graph.degree);
    };
    const auto usable = [&](std::uint32_t slot) { return slot < moved.size(); };
    std::vector<std::uint32_t> neighbours;
    bool whole = true;
    const auto add = [&](std::uint32_t old) {
      if (moved[old] != nobody && moved[old] != row) neighbours.push_back(moved[old]);
    };
    for (const auto slot : slots_near(origins_[row].row)) {
      if (!usable(slot)) continue;
      const auto old = kept().row_at(slot);
      if (moved[old] != nobody) {
        add(old);
        continue;
      }
      whole = false;
      for (const auto next : slots_near(old))
        if (usable(next)) add(kept().row_at(next));
    }
    if (whole)
      builder.adopt(row, neighbours);
    else
      builder.adopt_best(row, std::move(neighbours));
  }

  std::span<const std::shared_ptr<const Layout>> parts_;
  std::vector<Origin> origins_;  // of the new rows
  std::uint32_t largest_ = nobody;
  std::size_t left_ = 0;  // rows of the largest part
  bool keeps_codes_ = false, keeps_graph_ = false;
};

}  // namespace

Status merge_fields(const Call& call, std::span<const Part> parts, std::size_t documents,
                    const Options& options, SectionWriter& out, std::string_view prefix) {
  CDX_TRY(call.check());
  CDX_TRY(check_options(options));
  std::vector<std::shared_ptr<const Layout>> layouts;
  std::size_t dimension = 0;
  for (const auto& part : parts) {
    layouts.push_back(part.field == nullptr ? nullptr : part.field->layout_);
    if (layouts.back() == nullptr) continue;
    if (dimension != 0 && dimension != layouts.back()->meta.dimension)
      return fail(ErrorKind::invalid, fmt::format("vectors of {} and of {} dimensions in one field",
                                                  dimension, layouts.back()->meta.dimension));
    dimension = layouts.back()->meta.dimension;
  }
  const Merge merge(layouts, parts, options);
  if (merge.empty()) return {};
  if (merge.last_document() >= documents)
    return fail(ErrorKind::invalid,
                fmt::format("a vector of document {} where there are {}", merge.last_document(), documents));
  Assembly plan;
  plan.dimension = dimension;
  plan.documents = documents;
  plan.owners = merge.owners();
  plan.mean = merge.mean();
  plan.options = options;
  const Coder coder(dimension, plan.mean);
  plan.fill = [&](std::size_t row, CodeBuffers& codes, std::byte* full) {
    return merge.fill(row, coder, codes, full);
  };
  plan.link = [&](GraphBuilder& builder) { return merge.link(call, builder); };
  return assemble(call, plan, out, prefix);
}

}  // namespace cdx::ann
