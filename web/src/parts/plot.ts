// The growth plot, loaded only when there is something to plot. Colours come from the page's own custom properties.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Point, Spike } from "../text/growth.ts";
import { short } from "../text/number.ts";

export const plotHeight = 176;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function markSpikes(plot: uPlot, points: Point[], found: Spike[]): void {
  const { ctx } = plot;
  ctx.save();
  for (const spike of found) {
    const point = points[spike.index]!;
    const x = plot.valToPos(point[0], "x", true);
    const y = plot.valToPos(point[1], "y", true);
    ctx.fillStyle = colour(spike.change > 0 ? "--up" : "--warn");
    ctx.beginPath();
    ctx.arc(x, y, 4 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.fillRect(x - 0.5 * devicePixelRatio, y, devicePixelRatio, plot.bbox.top + plot.bbox.height - y);
  }
  ctx.restore();
}

/** Draws into `place`; gives back what takes it away again. */
export function draw(place: HTMLElement, points: Point[], found: Spike[]): () => void {
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  const axis = {
    stroke: colour("--muted"),
    font,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  const plot = new uPlot(
    {
      width: Math.max(place.clientWidth, 120),
      height: plotHeight,
      padding: [8, 8, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: true } },
      axes: [
        { ...axis, size: 32, gap: 8, space: 72, values: "{D} {MMM}" },
        { ...axis, size: 52, values: (_plot, values) => values.map(short) },
      ],
      series: [
        {},
        { stroke: colour("--accent"), width: 2, points: { show: points.length < 40, size: 5, fill: colour("--ground") } },
      ],
      hooks: {
        draw: [(self) => markSpikes(self, points, found)],
        setCursor: [
          (self) => {
            const at = self.cursor.idx;
            const point = at === null || at === undefined ? undefined : points[at];
            place.dispatchEvent(new CustomEvent("point", { detail: point ?? null }));
          },
        ],
      },
    },
    [points.map((one) => one[0]), points.map((one) => one[1])],
    place,
  );
  const fit = new ResizeObserver(() => plot.setSize({ width: Math.max(place.clientWidth, 120), height: plotHeight }));
  fit.observe(place);
  return () => {
    fit.disconnect();
    plot.destroy();
  };
}
