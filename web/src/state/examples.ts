// Three queries that work on the data at hand: made from its own facets, and tried before they are shown.
import { signal } from "@preact/signals";
import * as api from "../api/client.ts";
import type { Answer, FacetValue } from "../api/types.ts";
import { countryName, nicheName, platformName } from "../text/label.ts";

export interface Example {
  q: string;
  count: number;
}

export const examples = signal<Example[] | null>(null);
const wanted = 3;

function top(page: Answer, field: string): FacetValue[] {
  const values = page.facets?.find((one) => one.field === field)?.values ?? [];
  return values.filter((one) => one.count > 0 && one.value !== "other" && one.value !== "unknown");
}

export function propose(page: Answer): string[] {
  const niches = top(page, "niche").map((one) => nicheName(one.value).toLowerCase());
  const platforms = top(page, "platform").map((one) => platformName(one.value));
  const countries = top(page, "country").map((one) => countryName(one.value));
  const out: string[] = [];
  const [n0, n1, n2, n3] = niches;
  const [p0, p1] = platforms;
  const [c0, c1] = countries;
  if (n0) out.push(`${n0} creators with 50k+ followers`);
  if (n1 && c0) out.push(`${n1} from ${c0}`);
  if (n2 && p0) out.push(`${p0} ${n2} with over 3% engagement`);
  if (n1 && p1) out.push(`${n1} on ${p1}`);
  if (n3 && c1) out.push(`${n3} in ${c1}`);
  if (n0 && p0) out.push(`${n0} on ${p0}`);
  if (n0) out.push(n0);
  if (n1) out.push(n1);
  if (n2) out.push(n2);
  if (p0) out.push(p0);
  if (page.hits[0]?.name) out.push(page.hits[0].name);
  return [...new Set(out)];
}

let started = false;

/** Fills `examples` from the answer to an empty query; once. */
export async function prepareExamples(page: Answer): Promise<void> {
  if (started) return;
  started = true;
  const found: Example[] = [];
  for (const q of propose(page)) {
    if (found.length === wanted) break;
    try {
      const tried = await api.search({ q, limit: 1, highlight: false });
      if (tried.total.value > 0) found.push({ q, count: tried.total.value });
    } catch {
      break;
    }
  }
  if (found.length === 0) started = false;
  examples.value = found;
}
