// What every plot shares. Loaded only when there is something to plot; colours come from the page's own properties.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export const plotHeight = 176;

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function axis(place: HTMLElement): uPlot.Axis {
  return {
    stroke: colour("--muted"),
    font: `12px ${getComputedStyle(place).fontFamily}`,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
}

function width(place: HTMLElement): number {
  return Math.max(place.clientWidth, 120);
}

/** Paints into `place` and keeps to its width; gives back what takes the plot away again. */
export function paint(place: HTMLElement, options: Omit<uPlot.Options, "width" | "height">, data: uPlot.AlignedData): () => void {
  const plot = new uPlot(
    {
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      ...options,
      width: width(place),
      height: plotHeight,
    },
    data,
    place,
  );
  const fit = new ResizeObserver(() => plot.setSize({ width: width(place), height: plotHeight }));
  fit.observe(place);
  return () => {
    fit.disconnect();
    plot.destroy();
  };
}

/** A dot with a line down to the axis. */
export function mark(plot: uPlot, x: number, y: number, ink: string): void {
  const { ctx } = plot;
  const left = plot.valToPos(x, "x", true);
  const top = plot.valToPos(y, "y", true);
  ctx.save();
  ctx.fillStyle = ink;
  ctx.beginPath();
  ctx.arc(left, top, 4 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillRect(left - 0.5 * devicePixelRatio, top, devicePixelRatio, plot.bbox.top + plot.bbox.height - top);
  ctx.restore();
}
