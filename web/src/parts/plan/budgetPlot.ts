// Reach over budget, with the present budget marked.
import type { CurvePoint } from "../../api/match.ts";
import { dollars, short } from "../../text/number.ts";
import { axis, colour, mark, paint } from "../plot/base.ts";

interface Present {
  budget: number;
  reach: number;
}

export function draw(place: HTMLElement, curve: CurvePoint[], present: Present, onPoint: (index: number | null) => void): () => void {
  const common = axis(place);
  return paint(
    place,
    {
      padding: [8, 28, 0, 0], // the last budget's name needs room
      scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(high, 1) * 1.08] } },
      axes: [
        { ...common, size: 32, gap: 8, space: 80, values: (_plot, values) => values.map(dollars) },
        { ...common, size: 52, values: (_plot, values) => values.map(short) },
      ],
      series: [{}, { stroke: colour("--accent"), width: 2, points: { show: true, size: 5, fill: colour("--ground") } }],
      hooks: {
        draw: [(self) => mark(self, present.budget, present.reach, colour("--accent-text"))],
        setCursor: [(self) => onPoint(self.cursor.idx ?? null)],
      },
    },
    [curve.map((one) => one.budget_usd), curve.map((one) => one.reach)],
  );
}
