// What a row of figures over time says: its change, and the days that stand out.

export type Point = [time: number, value: number]; // Unix seconds

export interface Spike {
  index: number; // of the point after the jump
  change: number; // fraction, against the point before
}

export function toPoints(raw: [string, number][]): Point[] {
  const points = raw
    .map(([time, value]): Point => [Date.parse(time) / 1000, value])
    .filter(([time, value]) => Number.isFinite(time) && Number.isFinite(value));
  return points.sort((a, b) => a[0] - b[0]).filter((one, i, all) => i === 0 || one[0] > all[i - 1]![0]);
}

export function totalChange(points: Point[]): number | null {
  const first = points[0];
  const last = points[points.length - 1];
  return first && last && first[1] > 0 && points.length > 1 ? last[1] / first[1] - 1 : null;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const leastPoints = 6;
const leastChange = 0.02;
const spread = 6; // median absolute deviations

/** Steps whose daily change is far from the usual one of this row; none where there is too little to compare with. */
export function spikes(points: Point[]): Spike[] {
  if (points.length < leastPoints) return [];
  const steps = points.slice(1).map(([time, value], i) => {
    const [timeBefore, before] = points[i]!;
    const days = Math.max((time - timeBefore) / 86400, 1 / 24);
    const change = before > 0 ? value / before - 1 : 0;
    return { index: i + 1, change, daily: change / days };
  });
  const usual = median(steps.map((one) => one.daily));
  const deviation = median(steps.map((one) => Math.abs(one.daily - usual)));
  const limit = Math.max(spread * deviation, 0.002);
  return steps
    .filter((one) => Math.abs(one.change) >= leastChange && Math.abs(one.daily - usual) > limit)
    .map(({ index, change }) => ({ index, change }));
}
