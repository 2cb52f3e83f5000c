#include <fmt/format.h>

#include <algorithm>

#include "ann/assembly.h"

namespace cdx::ann {
namespace {

Status check(const Source& source, const Options& options) {
  if (source.dimension == 0 || source.dimension > most_dimensions)
    return fail(ErrorKind::invalid, fmt::format("vectors of {} dimensions; 1 to {} can be indexed",
                                                source.dimension, most_dimensions));
  CDX_TRY(check_options(options));
  if (source.owners.size() >= most_rows)
    return fail(ErrorKind::invalid, fmt::format("{} vectors in one segment", source.owners.size()));
  if (!std::is_sorted(source.owners.begin(), source.owners.end()))
    return fail(ErrorKind::invalid, "the owners of vectors must ascend");
  if (!source.owners.empty() && source.owners.back() >= source.documents)
    return fail(ErrorKind::invalid, fmt::format("a vector of document {} where there are {}",
                                                source.owners.back(), source.documents));
  return {};
}

// Of rows at even distances: as good as of all.
std::vector<float> mean_of(const Source& source) {
  constexpr std::size_t enough = 16'384;
  const auto rows = source.owners.size();
  const auto stride = std::max<std::size_t>(1, rows / enough);
  std::vector<float> row(source.dimension);
  std::vector<double> sum(source.dimension);
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows; i += stride, ++count) {
    source.read(i, row.data());
    for (std::size_t j = 0; j < row.size(); ++j) sum[j] += static_cast<double>(row[j]);
  }
  std::vector<float> out(source.dimension);
  for (std::size_t j = 0; j < out.size(); ++j) {
    const auto value = static_cast<float>(sum[j] / static_cast<double>(std::max<std::size_t>(count, 1)));
    out[j] = std::isfinite(value) ? value : 0;
  }
  return out;
}

}  // namespace

Status check_options(const Options& options) {
  if (options.degree == 0 || options.degree > most_degree || options.window == 0)
    return fail(ErrorKind::invalid, fmt::format("a graph of degree {} and window {}; degrees are 1 to {}",
                                                options.degree, options.window, most_degree));
  return {};
}

Status write_field(const Call& call, const Source& source, const Options& options, SectionWriter& out,
                   std::string_view prefix) {
  CDX_TRY(call.check());
  CDX_TRY(check(source, options));
  Assembly plan;
  plan.dimension = source.dimension;
  plan.documents = source.documents;
  plan.owners = source.owners;
  plan.mean = mean_of(source);
  plan.options = options;
  const Coder coder(source.dimension, plan.mean);
  plan.fill = [&](std::size_t row, CodeBuffers& codes, std::byte* full) -> Assembly::Filled {
    thread_local std::vector<float> values;
    values.resize(source.dimension);
    source.read(row, values.data());
    const auto factors = coder.encode(values.data(), codes.upper(row), codes.lower(row));
    codes.set_factors(row, factors.upper, factors.both, factors.sketch);
    to_fixed(values.data(), source.dimension, full);
    return Assembly::Filled{factors.upper_error, factors.both_error, factors.sketch_error};
  };
  plan.link = [&](GraphBuilder& builder) { return builder.insert(call, shuffled(source.owners.size())); };
  return assemble(call, plan, out, prefix);
}

}  // namespace cdx::ann
