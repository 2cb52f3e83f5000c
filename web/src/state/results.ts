// Runs the search whenever the view asks for another one, and keeps what came of it.
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import * as api from "../api/client.ts";
import { toProblem } from "../api/problem.ts";
import type { Problem } from "../api/problem.ts";
import type { Answer, Chip, Explain, Hit, SearchRequest } from "../api/types.ts";
import { learnNiche } from "../text/label.ts";
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

export const hits = signal<Hit[]>([]);
export const answer = signal<Answer | null>(null); // the first page's
export const problem = signal<Problem | null>(null);
export const loading = signal(false);
export const slow = signal(false); // loading for over 200 ms
export const more = signal<{ cursor: string | null; loading: boolean; problem: Problem | null }>({
  cursor: null,
  loading: false,
  problem: null,
});
export const chips = computed<Chip[]>(() => answer.value?.understood?.chips ?? []);
/** The view the hits on screen belong to; differs from `view` only while a search is under way. */
export const answered = signal("");

const cursorOf = new Map<string, string | null>(); // hit id → the cursor of its page, to ask again with explain
let running: AbortController | null = null;

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

export async function runSearch(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const key = resultKey.peek();
  const request = { ...requestOf(view.peek()), facets: facetFields, limit: pageSize };
  const timer = setTimeout(() => (slow.value = true), 200);
  batch(() => {
    loading.value = true;
    more.value = { cursor: null, loading: false, problem: null };
  });
  try {
    const page = await api.search(request, mine.signal);
    if (running !== mine) return;
    cursorOf.clear();
    remember(page, null);
    batch(() => {
      answer.value = page;
      hits.value = page.hits;
      problem.value = null;
      answered.value = key;
      more.value = { cursor: page.next_cursor, loading: false, problem: null };
    });
  } catch (error) {
    const failed = toProblem(error);
    if (!failed || running !== mine) return;
    batch(() => {
      problem.value = failed;
      hits.value = [];
      answered.value = key;
    });
  } finally {
    clearTimeout(timer);
    if (running === mine) {
      batch(() => {
        loading.value = false;
        slow.value = false;
      });
    }
  }
}

export async function loadMore(): Promise<void> {
  const { cursor, loading: busy } = more.peek();
  if (cursor === null || busy || loading.peek()) return;
  const mine = running;
  more.value = { cursor, loading: true, problem: null };
  try {
    const request = { ...requestOf(view.peek()), limit: pageSize, cursor };
    const page = await api.search(request, mine?.signal);
    if (running !== mine) return;
    remember(page, cursor);
    const known = new Set(hits.peek().map((hit) => hit.id));
    batch(() => {
      hits.value = [...hits.peek(), ...page.hits.filter((hit) => !known.has(hit.id))];
      more.value = { cursor: page.next_cursor, loading: false, problem: null };
    });
  } catch (error) {
    const failed = toProblem(error);
    if (failed && running === mine) more.value = { cursor, loading: false, problem: failed };
  }
}

/** The parts of one hit's score in words and content: asked for when a person opens the bar, not before. */
export async function explain(id: string): Promise<Explain | null> {
  const cursor = cursorOf.get(id) ?? null;
  const request = { ...requestOf(view.peek()), limit: pageSize, explain: true, ...(cursor ? { cursor } : {}) };
  const page = await api.search(request, running?.signal);
  return page.hits.find((hit) => hit.id === id)?.explain ?? null;
}

export function startResults(): void {
  offer("search", { list: hits, more: loadMore, question: () => answer.peek()?.question_id ?? null });
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
