// The list on screen, whichever place made it: for the keys that walk it and for the creator that is open beside it.
import { computed, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Listed } from "../api/types.ts";
import { view } from "./store.ts";
import type { Place } from "./view.ts";

export interface Source {
  list: ReadonlySignal<Listed[]>;
  more: () => Promise<void>;
  question: () => string | null; // of the answer on screen; null where the server keeps no questions
}

const sources = signal<Partial<Record<Place, Source>>>({});

export function offer(place: Place, source: Source): void {
  sources.value = { ...sources.peek(), [place]: source };
}

export const listed = computed<Listed[]>(() => sources.value[view.value.place]?.list.value ?? []);

export function source(): Source | undefined {
  return sources.peek()[view.peek().place];
}
