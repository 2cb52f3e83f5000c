#include "serve/render_analytics.h"

namespace cdx::serve {
namespace {

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return {};
  return static_cast<double>(part) / static_cast<double>(whole);
}

void write_figures(JsonWriter& out, const SearchFigures::Figures& figures) {
  const auto answered = figures.asked - figures.failed;
  const auto time = [&](double ms) { return answered == 0 ? std::nullopt : std::optional(ms); };
  out.key("asked").value(figures.asked);
  out.key("failed").value(figures.failed);
  out.key("degraded").value(figures.degraded);
  out.key("without_hits").value(figures.empty);
  write_number(out, "zero_hit_rate", share(figures.empty, answered));
  out.key("latency_ms").object([&] {
    write_number(out, "p50", time(figures.p50_ms));
    write_number(out, "p95", time(figures.p95_ms));
    write_number(out, "p99", time(figures.p99_ms));
    write_number(out, "slowest", time(figures.slowest_ms));
  });
}

}  // namespace

std::string render_analytics(const SearchFigures::Report& searches, const ServiceFigures& service,
                             const IndexFigures& index, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("window_seconds")
        .value(static_cast<std::uint64_t>(std::chrono::seconds(SearchFigures::window).count()));
    out.key("searches").object([&] { write_figures(out, searches.total); });
    out.key("by_kind").array([&] {
      for (const auto& [kind, figures] : searches.kinds)
        out.object([&, &kind = kind, &figures = figures] {
          out.key("kind").value(name(kind));
          write_figures(out, figures);
        });
    });
    out.key("index").object([&] {
      out.key("creators").value(index.creators);
      out.key("stored").value(service.creators);
      out.key("generation").value(index.generation);
      out.key("revision").value(index.revision.value);
      write_text(out, "picture_space", index.picture_space);
    });
    out.key("texts").object([&] {
      out.key("total").value(service.embedded_total);
      out.key("done").value(service.embedded_done);
    });
    out.key("pictures").object([&] {
      out.key("total").value(service.pictures);
      out.key("done").value(service.pictures_done);
    });
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

}  // namespace cdx::serve
