// The creator that is open beside the list, and those like it.
import { batch, effect, signal, untracked } from "@preact/signals";
import * as api from "../api/client.ts";
import { toProblem } from "../api/problem.ts";
import type { Problem } from "../api/problem.ts";
import type { Creator, Hit } from "../api/types.ts";
import { learnNiche } from "../text/label.ts";
import { readCreator } from "./creators.ts";
import { view } from "./store.ts";

export interface Opened {
  id: string;
  creator: Creator | null; // null while it loads
  similar: Hit[] | null;
  similarProblem: Problem | null;
  problem: Problem | null;
}

export const opened = signal<Opened | null>(null);

const kept = new Map<string, Opened>(); // the last ones seen, so that walking back costs nothing
const keptAtMost = 40;
const similarShown = 8;
// Until then the creator before stays on screen: a skeleton that flashes for a moment is worse than none.
const patienceMs = 150;
let running: AbortController | null = null;

function keep(one: Opened): void {
  kept.delete(one.id);
  kept.set(one.id, one);
  const oldest = kept.keys().next();
  if (kept.size > keptAtMost && !oldest.done) kept.delete(oldest.value);
}

function set(mine: AbortController, next: Opened): void {
  if (running !== mine) return;
  if (next.creator) keep(next);
  opened.value = next;
}

async function loadSimilar(mine: AbortController, base: Opened): Promise<void> {
  try {
    const page = await api.similar(base.id, similarShown, mine.signal);
    for (const hit of page.hits) learnNiche(hit.primary_niche, hit.niche_label);
    set(mine, { ...base, similar: page.hits });
  } catch (error) {
    const failed = toProblem(error);
    if (failed) set(mine, { ...base, similar: [], similarProblem: failed });
  }
}

export async function load(id: string): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const before = kept.get(id);
  if (before?.similar && !before.similarProblem) {
    opened.value = before;
    return;
  }
  const empty: Opened = { id, creator: null, similar: null, similarProblem: null, problem: null };
  const timer = setTimeout(() => set(mine, empty), opened.peek()?.creator ? patienceMs : 0);
  try {
    const creator = await readCreator(id);
    clearTimeout(timer);
    const base = { ...empty, creator };
    batch(() => set(mine, base));
    await loadSimilar(mine, base);
  } catch (error) {
    clearTimeout(timer);
    const failed = toProblem(error);
    if (failed) set(mine, { ...empty, problem: failed });
  }
}

export function startCreator(): void {
  effect(() => {
    const id = view.value.creator;
    untracked(() => {
      if (id === null) {
        running?.abort();
        running = null;
        opened.value = null;
      } else if (opened.peek()?.id !== id || !opened.peek()?.creator) {
        void load(id);
      }
    });
  });
}
