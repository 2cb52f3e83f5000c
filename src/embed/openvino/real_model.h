// For tests: the real model that tools/fetch_deps.py installs, opened once a process.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "embed/openvino/openvino_embedder.h"

namespace cdx {

#ifdef __SANITIZE_ADDRESS__
// OpenVINO's thread library loads a helper in a way that the address sanitizer refuses, unless it is told of
// it.
inline const int told_of_sanitizer = setenv("TBB_ENABLE_SANITIZERS", "1", 0);
#endif

inline std::string real_model_dir() { return CDX_SOURCE_DIR "/.deps/models/all-minilm-l6-v2"; }

class WithRealModel : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(real_model_dir()))
      GTEST_SKIP() << "SKIPPED: .deps/models/all-minilm-l6-v2 is missing; run tools/fetch_deps.py";
  }
  static EmbeddingProvider& embedder() {
    static const std::unique_ptr<EmbeddingProvider> opened = [] {
      OpenVinoOptions options;
      options.model_dir = real_model_dir();
      options.threads = 2;
      options.streams = 2;
      return open_openvino_embedder(options).value();
    }();
    return *opened;
  }
  static Matrix embed(const std::vector<std::string_view>& texts) {
    return embedder().embed({}, texts, TextRole::passage).value();
  }
};

inline double cosine(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;  // of unit vectors
}

}  // namespace cdx
