// The list on screen, whichever place made it: for the keys that walk it and for the creator that is open beside it.
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Answer, Chip, Listed } from "../api/types.ts";
import { view } from "./store.ts";
import type { Place, View } from "./view.ts";

/** What facets and chips read of an answer. */
export type Counted = Pick<Answer, "total" | "facets" | "understood">;

export interface Source {
  list: ReadonlySignal<Listed[]>;
  more: () => Promise<void>;
  question: () => string | null; // of the answer on screen; null where the server keeps no questions
  // Where the list is narrowed by facets: the first page, and counting one field for another view.
  counted?: { answer: ReadonlySignal<Counted | null>; count: (from: View, field: string, signal: AbortSignal) => Promise<Counted> };
}

const sources = signal<Partial<Record<Place, Source>>>({});

export function offer(place: Place, source: Source): void {
  sources.value = { ...sources.peek(), [place]: source };
}

export const listed = computed<Listed[]>(() => sources.value[view.value.place]?.list.value ?? []);

/** The first page of the list on screen, where it is narrowed by facets. */
export const counted = computed<Counted | null>(() => sources.value[view.value.place]?.counted?.answer.value ?? null);
export const chips = computed<Chip[]>(() => counted.value?.understood?.chips ?? []);

export function source(): Source | undefined {
  return sources.peek()[view.peek().place];
}
