// Live counts. Within one field a person wants to see what choosing another value would bring, so a field that is
// itself filtered is counted without its own condition: one small query more for each such field.
import { effect, signal, untracked } from "@preact/signals";
import type { FacetValue } from "../api/types.ts";
import { chipsOf, choiceOfChips } from "./chips.ts";
import { facetFields } from "./results.ts";
import { chips, counted, source } from "./shown.ts";
import { go, view } from "./store.ts";
import { adopt } from "./chips.ts";
import { withChoice } from "./view.ts";
import type { Choice, View } from "./view.ts";

export const facets = signal<Record<string, FacetValue[]>>({});
let running: AbortController | null = null;

/** What holds for a field: set by hand, or understood from the words. */
export function effectiveChoice(from: View, field: string): Choice {
  const own = from.choices[field] ?? { any: [], none: [] };
  const read = choiceOfChips(chips.value, field);
  return { any: [...new Set([...own.any, ...read.any])], none: [...new Set([...own.none, ...read.none])] };
}

async function countWithout(field: string, signal: AbortSignal): Promise<FacetValue[] | null> {
  const now = view.peek();
  const own = now.choices[field];
  const free = withChoice(now, field, { any: [], none: own?.none ?? [] });
  const ignore = [...now.ignore, ...chipsOf(chips.peek(), field).map((one) => one.id)];
  try {
    const page = await source()?.counted?.count({ ...free, ignore }, field, signal);
    return page?.facets?.find((one) => one.field === field)?.values ?? [];
  } catch {
    return null; // the counts at hand stay; the search itself reports what is wrong
  }
}

async function update(): Promise<void> {
  const page = counted.peek();
  if (!page) return;
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const now = view.peek();
  const filtered = facetFields.filter((field) => effectiveChoice(now, field).any.length > 0);
  const next: Record<string, FacetValue[]> = { ...facets.peek() };
  for (const { field, values } of page.facets ?? []) {
    if (!filtered.includes(field) || !next[field]) next[field] = values;
  }
  facets.value = next;
  const found = await Promise.all(filtered.map((field) => countWithout(field, mine.signal)));
  if (running !== mine || filtered.length === 0) return;
  const merged = { ...facets.peek() };
  filtered.forEach((field, i) => {
    const values = found[i];
    if (values) merged[field] = values;
  });
  facets.value = merged;
}

export function startFacets(): void {
  effect(() => {
    void counted.value;
    untracked(() => void update());
  });
}

export type Stand = "off" | "in" | "out";

/** Sets one value of a field in, out or off; chips that speak for the field are handed over to its control first. */
export function setValue(field: string, value: string, stand: Stand): void {
  const from = adopt(view.peek(), chipsOf(chips.peek(), field));
  const old = from.choices[field] ?? { any: [], none: [] };
  const any = old.any.filter((one) => one !== value);
  const none = old.none.filter((one) => one !== value);
  if (stand === "in") any.push(value);
  if (stand === "out") none.push(value);
  go(withChoice(from, field, { any, none }));
}
