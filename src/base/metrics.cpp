#include "base/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace cdx::metrics {
namespace {

std::map<std::string, std::string> foreign(const Labels& labels) { return {labels.begin(), labels.end()}; }

struct Families {
  std::mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, prometheus::Family<prometheus::Counter>*, std::less<>> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*, std::less<>> gauges;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*, std::less<>> histograms;
};

Families& families() {
  static Families all;
  return all;
}

template <class Known, class Build>
auto& family(Known& known, std::string_view name, std::string_view help, Build build) {
  const std::scoped_lock lock(families().mutex);
  auto found = known.find(name);
  if (found == known.end())
    found =
        known
            .emplace(std::string(name),
                     &build().Name(std::string(name)).Help(std::string(help)).Register(families().registry))
            .first;
  return *found->second;
}

}  // namespace

void count(std::string_view name, std::string_view help, const Labels& labels, double by) {
  family(families().counters, name, help, prometheus::BuildCounter).Add(foreign(labels)).Increment(by);
}

void set(std::string_view name, std::string_view help, const Labels& labels, double value) {
  family(families().gauges, name, help, prometheus::BuildGauge).Add(foreign(labels)).Set(value);
}

void observe_seconds(std::string_view name, std::string_view help, const Labels& labels, double seconds) {
  static const prometheus::Histogram::BucketBoundaries bounds{0.001, 0.005, 0.01, 0.025, 0.05,
                                                              0.1,   0.2,   0.5,  1,     5};
  family(families().histograms, name, help, prometheus::BuildHistogram)
      .Add(foreign(labels), bounds)
      .Observe(seconds);
}

std::string exposition() { return prometheus::TextSerializer().Serialize(families().registry.Collect()); }

}  // namespace cdx::metrics
