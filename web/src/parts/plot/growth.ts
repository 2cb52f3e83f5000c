// Figures over time, with what does not fit the rest marked.
import uPlot from "uplot";
import type { Jump, Point } from "../../text/growth.ts";
import { short } from "../../text/number.ts";
import { axis, colour, mark, paint } from "./base.ts";

export function draw(place: HTMLElement, points: Point[], jumps: Jump[], onPoint: (point: Point | null) => void): () => void {
  const common = axis(place);
  return paint(
    place,
    {
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: { x: { time: true } },
      axes: [
        { ...common, size: 32, gap: 8, space: 72, values: "{D} {MMM}" },
        { ...common, size: 52, values: (_plot, values) => values.map(short) },
      ],
      series: [
        {},
        { stroke: colour("--accent"), width: 2, points: { show: points.length < 40, size: 5, fill: colour("--ground") } },
      ],
      hooks: {
        draw: [
          (self) => {
            for (const jump of jumps) {
              const [time, value] = points[jump.index]!;
              mark(self, time, value, colour(jump.change > 0 ? "--up" : "--warn"));
            }
          },
        ],
        setCursor: [(self) => onPoint(points[self.cursor.idx ?? -1] ?? null)],
      },
    },
    [points.map((one) => one[0]), points.map((one) => one[1])],
  );
}
