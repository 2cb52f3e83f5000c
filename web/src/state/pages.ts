// A list that comes in pages: one request runs at a time, and only the newest may answer.
import { batch, signal } from "@preact/signals";
import { toProblem } from "../api/problem.ts";
import type { Problem } from "../api/problem.ts";

export interface More {
  cursor: string | null;
  loading: boolean;
  problem: Problem | null;
}

const slowAfter = 200; // ms

export function pages<Item extends { id: string }, Answer extends { next_cursor: string | null }>(itemsOf: (page: Answer) => Item[]) {
  const list = signal<Item[]>([]);
  const answer = signal<Answer | null>(null); // the first page's
  const problem = signal<Problem | null>(null);
  const loading = signal(false);
  const slow = signal(false); // loading for over 200 ms
  const more = signal<More>({ cursor: null, loading: false, problem: null });
  let running: AbortController | null = null;

  /** Asks for the first page. `found` and `failed` run in one batch with what changes here, unless another start came. */
  async function start(ask: (signal: AbortSignal) => Promise<Answer>, found: (page: Answer) => void, failed: () => void): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const timer = setTimeout(() => (slow.value = true), slowAfter);
    batch(() => {
      loading.value = true;
      more.value = { cursor: null, loading: false, problem: null };
    });
    try {
      const page = await ask(mine.signal);
      if (running !== mine) return;
      batch(() => {
        answer.value = page;
        list.value = itemsOf(page);
        problem.value = null;
        more.value = { cursor: page.next_cursor, loading: false, problem: null };
        found(page);
      });
    } catch (error) {
      const why = toProblem(error);
      if (!why || running !== mine) return;
      batch(() => {
        problem.value = why;
        list.value = [];
        failed();
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

  /** Adds the next page, where there is one and nothing is under way. */
  async function next(ask: (cursor: string, signal?: AbortSignal) => Promise<Answer>, found: (page: Answer, cursor: string) => void): Promise<void> {
    const { cursor, loading: busy } = more.peek();
    if (cursor === null || busy || loading.peek()) return;
    const mine = running;
    more.value = { cursor, loading: true, problem: null };
    try {
      const page = await ask(cursor, mine?.signal);
      if (running !== mine) return;
      found(page, cursor);
      const known = new Set(list.peek().map((one) => one.id));
      batch(() => {
        list.value = [...list.peek(), ...itemsOf(page).filter((one) => !known.has(one.id))];
        more.value = { cursor: page.next_cursor, loading: false, problem: null };
      });
    } catch (error) {
      const why = toProblem(error);
      if (why && running === mine) more.value = { cursor, loading: false, problem: why };
    }
  }

  /** The signal of what was started last, for calls that end with it. */
  const present = () => running?.signal;

  return { list, answer, problem, loading, slow, more, start, next, present };
}
