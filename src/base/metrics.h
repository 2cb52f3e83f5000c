// Metrics in the Prometheus text form. Names carry base units and end in _total, _seconds, _bytes or _ratio;
// labels are bounded: never ids, never query text. All functions are thread-safe; handles live as long as the
// program.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdx::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

void count(std::string_view name, std::string_view help, const Labels& labels = {}, double by = 1);
void set(std::string_view name, std::string_view help, const Labels& labels, double value);
// Buckets 1, 5, 10, 25 ms and the service bounds 0.05, 0.1, 0.2, 0.5, 1, 5 s.
void observe_seconds(std::string_view name, std::string_view help, const Labels& labels, double seconds);

std::string exposition();  // all of them, for GET /metrics

}  // namespace cdx::metrics
