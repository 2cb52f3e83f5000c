// How long searches took over time: the middle, and what one in twenty exceeds.
import type { Sample } from "../../state/activity.ts";
import { axis, colour, paint } from "../plot/base.ts";
import { millis } from "./say.ts";

export function draw(place: HTMLElement, samples: Sample[]): () => void {
  const common = axis(place);
  const line = (ink: string, width: number) => ({ stroke: colour(ink), width, points: { show: samples.length < 30, size: 4, fill: colour("--ground") } });
  return paint(
    place,
    {
      scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, Math.max(high, 1) * 1.1] } },
      axes: [
        { ...common, size: 32, gap: 8, space: 80, values: "{HH}:{mm}:{ss}" },
        { ...common, size: 60, values: (_plot, values) => values.map(millis) },
      ],
      series: [{}, line("--accent", 2), line("--edge", 2)],
    },
    [samples.map((one) => one.at), samples.map((one) => one.p95), samples.map((one) => one.p50)],
  );
}
