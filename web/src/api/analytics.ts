// How the service does, in the contract of docs/api.md. Null where nothing was asked.
import { get } from "./client.ts";

export interface SearchFigures {
  asked: number;
  failed: number;
  degraded: number;
  without_hits: number;
  zero_hit_rate: number | null;
  latency_ms: { p50: number | null; p95: number | null; p99: number | null; slowest: number | null };
}

export interface Analytics {
  window_seconds: number;
  searches: SearchFigures;
  by_kind: ({ kind: string } & SearchFigures)[];
  index: { creators: number; stored: number; generation: number; revision: number; picture_space: string | null };
  texts: { total: number; done: number };
  pictures: { total: number; done: number };
}

export function analytics(signal?: AbortSignal): Promise<Analytics> {
  return get<Analytics>("/v1/analytics", signal);
}
