// How the service does, asked for again and again while it is looked at. Loaded with its place.
import { batch, effect, signal } from "@preact/signals";
import { analytics } from "../api/analytics.ts";
import type { Analytics } from "../api/analytics.ts";
import { toProblem } from "../api/problem.ts";
import type { Problem } from "../api/problem.ts";
import { view } from "./store.ts";

export interface Sample {
  at: number; // seconds since 1970
  p50: number | null;
  p95: number | null;
}

const everyMs = 5_000;
const keptAtMost = 720; // an hour of them

export const figures = signal<Analytics | null>(null);
export const figuresProblem = signal<Problem | null>(null);
export const samples = signal<Sample[]>([]); // since this tab first looked
let running: AbortController | null = null;

export async function readFigures(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  try {
    const now = await analytics(mine.signal);
    const { p50, p95 } = now.searches.latency_ms;
    batch(() => {
      figures.value = now;
      figuresProblem.value = null;
      samples.value = [...samples.peek().slice(1 - keptAtMost), { at: Date.now() / 1000, p50, p95 }];
    });
  } catch (error) {
    const failed = toProblem(error);
    if (failed && running === mine) figuresProblem.value = failed;
  }
}

effect(() => {
  if (view.value.place !== "activity") return;
  const look = () => {
    if (document.visibilityState === "visible") void readFigures();
  };
  look();
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    running?.abort();
  };
});
