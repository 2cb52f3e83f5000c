// Builds the graph: each row is linked with rows near it in different directions, so that walking ever nearer
// leads from anywhere to the nearest (cf. Subramanya et al. 2019, "DiskANN": the Vamana graph). Rows are
// placed in batches: all rows of a batch search the graph as the batch before left it, then links are added
// target by target (cf. Manohar et al. 2024, "ParlayANN"), so that the graph does not depend on the threads.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ann/ann.h"
#include "ann/walk.h"
#include "base/call.h"

namespace cdx::ann {

// Numbers below `count` in a fixed random order.
std::vector<std::uint32_t> shuffled(std::size_t count);

std::size_t entry_count(std::size_t rows);  // of a graph over so many

// How near rows are to the row that asks: its own square less the squared distance.
struct RowScore {
  const Codes& codes;
  const std::vector<float>& squares;  // squared length of each row
  const Asked& asked;
  CDX_ANN_INLINE void prefetch(std::uint32_t row) const { codes.prefetch_upper(row); }
  void operator()(const std::uint32_t* rows, std::size_t count, float* out) const {
    score_upper(codes, asked, rows, count, out);
    for (std::size_t i = 0; i < count; ++i) out[i] = sane(2 * asked.scale * out[i] - squares[rows[i]]);
  }
};

struct BuiltGraph {
  std::vector<std::uint32_t> links;    // `degree` a row, `nobody` at the end of shorter lists
  std::vector<std::uint32_t> entries;  // where walks begin
};

class GraphBuilder {
 public:
  // The codes must outlive it.
  GraphBuilder(const Codes& codes, const Options& options);

  // Rows that are linked already; before any insert.
  void adopt(std::uint32_t row, std::span<const std::uint32_t> neighbours);
  // As adopt, but chooses among any number of candidates.
  void adopt_best(std::uint32_t row, std::vector<std::uint32_t> candidates);

  Status insert(const Call& call, std::span<const std::uint32_t> rows);
  // Chooses the entries, repairs, and hands the graph out; nothing may follow.
  Result<BuiltGraph> finish(const Call& call);

 private:
  static constexpr std::size_t repair_window = 16;
  static constexpr std::size_t repair_room = 2;  // links of a list that are left for repairs

  struct Near {
    float distance = 0;  // squared
    std::uint32_t row = 0;
  };
  struct Worker {
    Scratch scratch;
    Asked asked;
    std::vector<Near> near;
    std::vector<std::uint32_t> chosen;
  };

  std::span<const std::uint32_t> list(std::uint32_t row) const {
    return {links_.data() + row * width_, counts_[row]};
  }
  void set_list(std::uint32_t row, std::span<const std::uint32_t> rows);
  Links view() const;
  void batch(std::span<const std::uint32_t> rows);
  void search(Worker& worker, std::uint32_t row, std::size_t width);
  void distances(Worker& worker, std::uint32_t row, std::span<const std::uint32_t> others);
  void prune(Worker& worker, std::uint32_t row, std::size_t most);  // near -> chosen
  void add_links(Worker& worker, std::uint32_t row, std::span<const std::uint64_t> pairs);
  std::vector<std::uint32_t> choose_entries();
  bool finds(Worker& worker, std::uint32_t row);
  Status repair(const Call& call);
  void for_each(std::size_t count, const std::function<void(Worker&, std::size_t)>& work);
  // The same, and looks at the call now and then.
  Status for_all(const Call& call, std::size_t count, const std::function<void(Worker&, std::size_t)>& work);

  const Codes& codes_;
  Options options_;
  std::size_t width_;  // room for a list: it is cut back to the degree only when it is full
  std::vector<float> squares_;
  std::vector<std::uint32_t> links_;
  std::vector<std::uint16_t> counts_;
  std::vector<std::uint32_t> starts_;  // rows that are in the graph, at most `most_starts`
  std::size_t placed_ = 0;
  std::vector<Worker> workers_;
};

}  // namespace cdx::ann
