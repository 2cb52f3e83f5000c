// What a budget buys for the brief: asked for while the plan is shown. Loaded with it.
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import * as api from "../api/match.ts";
import type { PlanAnswer } from "../api/match.ts";
import { toProblem } from "../api/problem.ts";
import type { Problem } from "../api/problem.ts";
import { learnNiche } from "../text/label.ts";
import { toBody } from "./brief.ts";
import { brief, matchKey, refusedFields } from "./match.ts";
import { change, view } from "./store.ts";
import type { PlanView } from "./view.ts";

export const plan = signal<PlanAnswer | null>(null);
export const planProblem = signal<Problem | null>(null);
export const planning = signal(false);

// The matcher's own names for what the form calls otherwise.
const aliases: Record<string, string> = {
  budget: "budget_usd",
  min_count: "min_creators",
  max_count: "max_creators",
  price_per_follower: "price_per_follower_usd",
};
export const planRefused = computed<Record<string, string>>(() => {
  const entries = Object.entries(refusedFields(planProblem.value));
  return Object.fromEntries(entries.map(([field, detail]) => [aliases[field] ?? field, detail]));
});

/** The budget that is planned with: set here, else the brief's. */
export const budget = computed<number | null>(() => view.value.match.plan.budget ?? brief.value.total_budget_usd);

const asked = computed(() => {
  const { show, match } = view.value;
  if (show !== "plan" || matchKey.value === null || !budget.value) return null;
  if (match.campaign !== null && Object.keys(toBody(brief.value)).length === 0) return null; // still being read
  return JSON.stringify([matchKey.value, toBody(brief.value), budget.value, match.plan]);
});
let running: AbortController | null = null;

export async function runPlan(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const { plan: set, profile } = view.peek().match;
  planning.value = true;
  try {
    const found = await api.plan(
      {
        brief: toBody(brief.peek()),
        budget_usd: budget.peek() ?? 0,
        ...(set.min === null ? {} : { min_creators: set.min }),
        ...(set.max === null ? {} : { max_creators: set.max }),
        ...(set.price === null ? {} : { price_per_follower_usd: set.price }),
        ...(profile === "" ? {} : { profile }),
      },
      mine.signal,
    );
    if (running !== mine) return;
    for (const one of found.chosen) learnNiche(one.primary_niche, one.niche_label);
    batch(() => {
      plan.value = found;
      planProblem.value = null;
    });
  } catch (error) {
    const failed = toProblem(error);
    if (failed && running === mine) {
      batch(() => {
        plan.value = null;
        planProblem.value = failed;
      });
    }
  } finally {
    if (running === mine) planning.value = false;
  }
}

export function setPlan(part: Partial<PlanView>): void {
  const { match } = view.peek();
  change({ match: { ...match, plan: { ...match.plan, ...part } } });
}

effect(() => {
  if (asked.value !== null) untracked(() => void runPlan());
});
