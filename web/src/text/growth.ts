// What a row of figures over time says: its change, and where the server found a step that does not fit the rest.
import type { Spike } from "../api/types.ts";

export type Point = [time: number, value: number]; // Unix seconds

export interface Jump {
  index: number; // of the point that stands for it
  change: number; // beyond the expected, as a fraction
  score: number; // robust deviations
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

/** The spikes of one account's metric, each at the point nearest in time. */
export function jumps(points: Point[], spikes: Spike[], account: string, metric: string): Jump[] {
  if (points.length === 0) return [];
  const own = spikes.filter((one) => one.account === account && one.metric === metric);
  const found = own.map(({ at, change, score }) => {
    const time = Date.parse(at) / 1000;
    const away = points.map((one) => Math.abs(one[0] - time));
    return { index: away.indexOf(Math.min(...away)), change, score, time };
  });
  return found
    .filter((one) => Number.isFinite(one.time))
    .sort((a, b) => a.index - b.index)
    .map(({ index, change, score }) => ({ index, change, score }));
}
