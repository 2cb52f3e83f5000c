// Runs the search whenever the view asks for another one, and keeps what came of it.
import { computed, effect, signal, untracked } from "@preact/signals";
import * as api from "../api/client.ts";
import type { Answer, Explain, Hit, SearchRequest } from "../api/types.ts";
import { learnNiche } from "../text/label.ts";
import { pages } from "./pages.ts";
import { offer } from "./shown.ts";
import { resultKey, view } from "./store.ts";
import { toFilter } from "./view.ts";
import type { View } from "./view.ts";

export const pageSize = 30;
export const facetFields = [
  "platform",
  "niche",
  "secondary_niche",
  "country",
  "language",
  "style",
  "activity",
  "follower_band",
  "verified",
  "risk",
];

const found = pages<Hit, Answer>((page) => page.hits);
export const { list: hits, answer, problem, loading, slow, more } = found;
/** The view the hits on screen belong to; differs from `view` only while a search is under way. */
export const answered = signal("");

const cursorOf = new Map<string, string | null>(); // hit id → the cursor of its page, to ask again with explain

export function requestOf(from: View): SearchRequest {
  const filter = toFilter(from);
  return {
    ...(from.q.trim() === "" ? {} : { q: from.q }),
    ...(filter ? { filter } : {}),
    ...(from.sort ? { sort: [from.sort] } : {}),
    ...(from.mode === "hybrid" ? {} : { mode: from.mode }),
    ...(from.ignore.length > 0 ? { ignore: from.ignore } : {}),
  };
}

function remember(page: Answer, cursor: string | null): void {
  for (const hit of page.hits) {
    cursorOf.set(hit.id, cursor);
    learnNiche(hit.primary_niche, hit.niche_label);
  }
}

export function runSearch(): Promise<void> {
  const key = resultKey.peek();
  const request = { ...requestOf(view.peek()), facets: facetFields, limit: pageSize };
  return found.start(
    (signal) => api.search(request, signal),
    (page) => {
      cursorOf.clear();
      remember(page, null);
      answered.value = key;
    },
    () => (answered.value = key),
  );
}

export function loadMore(): Promise<void> {
  return found.next((cursor, signal) => api.search({ ...requestOf(view.peek()), limit: pageSize, cursor }, signal), remember);
}

/** The parts of one hit's score in words and content: asked for when a person opens the bar, not before. */
export async function explain(id: string): Promise<Explain | null> {
  const cursor = cursorOf.get(id) ?? null;
  const request = { ...requestOf(view.peek()), limit: pageSize, explain: true, ...(cursor ? { cursor } : {}) };
  const page = await api.search(request, found.present());
  return page.hits.find((hit) => hit.id === id)?.explain ?? null;
}

export function startResults(): void {
  const count = (from: View, field: string, signal: AbortSignal) =>
    api.search({ ...requestOf(from), facets: [field], limit: 1, highlight: false }, signal);
  offer("search", { list: hits, more: loadMore, question: () => answer.peek()?.question_id ?? null, counted: { answer, count } });
  const here = computed(() => (view.value.place === "search" ? resultKey.value : null));
  effect(() => {
    const key = here.value;
    untracked(() => {
      // Coming back from another place shows what was there.
      const there = answered.peek() === key && !problem.peek() && !loading.peek();
      if (key !== null && !there) void runSearch();
    });
  });
}
