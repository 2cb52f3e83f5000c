// Nothing found: which condition removed most? Each one is tried without, for its count alone.
import * as api from "../api/client.ts";
import type { Chip } from "../api/types.ts";
import { fieldName, valueName } from "../text/label.ts";
import { onlyChipWords } from "./chips.ts";
import { requestOf } from "./results.ts";
import { describeRange } from "./describe.ts";
import { withChoice, withRange } from "./view.ts";
import type { View } from "./view.ts";

export interface Relaxation {
  label: string;
  view: View;
  count: number;
  atLeast: boolean;
}

const triedAtMost = 10;

function clip(text: string): string {
  const letters = Array.from(text);
  return letters.length <= 48 ? text : `${letters.slice(0, 47).join("")}…`;
}

export function withoutEach(view: View, chips: Chip[], rest: string): { label: string; view: View }[] {
  const out: { label: string; view: View }[] = [];
  for (const chip of chips) out.push({ label: chip.label, view: { ...view, ignore: [...view.ignore, chip.id] } });
  for (const [field, choice] of Object.entries(view.choices)) {
    const names = (values: string[]) => values.map((one) => valueName(field, one)).join(" or ");
    if (choice.any.length > 0) {
      const label = `${fieldName(field).toLowerCase()}: ${names(choice.any)}`;
      out.push({ label, view: withChoice(view, field, { any: [], none: choice.none }) });
    }
    if (choice.none.length > 0) {
      out.push({ label: `not: ${names(choice.none)}`, view: withChoice(view, field, { any: choice.any, none: [] }) });
    }
  }
  for (const [field, range] of Object.entries(view.ranges)) {
    out.push({ label: describeRange(field, range), view: withRange(view, field, null) });
  }
  if (rest.trim() !== "" && out.length > 0) {
    out.push({ label: `the words “${clip(rest.trim())}”`, view: { ...view, q: onlyChipWords(view.q, chips) } });
  }
  return out.slice(0, triedAtMost);
}

export async function relax(view: View, chips: Chip[], rest: string, signal: AbortSignal): Promise<Relaxation[]> {
  const tried = await Promise.all(
    withoutEach(view, chips, rest).map(async (one) => {
      const page = await api.search({ ...requestOf(one.view), limit: 1, highlight: false }, signal);
      return { ...one, count: page.total.value, atLeast: page.total.relation === "gte" };
    }),
  );
  return tried.filter((one) => one.count > 0).sort((a, b) => b.count - a.count);
}
