// Chips are what the server understood from the words. Their ids are readable: "platform=tiktok",
// "followers>=50000", "not:niche=gaming". Where an id reads as a condition the page has a control for, a click on the
// chip hands it over to that control: the chip is ignored and the same condition is set by hand.
import type { Chip } from "../api/types.ts";
import { isKeyword, isNumber, withChoice, withRange } from "./view.ts";
import type { Choice, Range, View } from "./view.ts";

export type Condition =
  | { kind: "choice"; field: string; values: string[]; negated: boolean }
  | { kind: "range"; field: string; range: Range };

const number = "-?[0-9]+(?:\\.[0-9]+)?(?:e[+-]?[0-9]+)?";
const comparison = new RegExp(`^([a-z_0-9]+)(>=|<=|>|<)(${number})$`, "i");
const between = new RegExp(`^([a-z_0-9]+)(?:=|:)\\[?(${number})?(?:\\.\\.|,)(${number})?\\]?$`, "i");

function rangeOf(id: string): Condition | null {
  const compared = comparison.exec(id);
  if (compared && isNumber(compared[1]!)) {
    const value = Number(compared[3]);
    const low = compared[2]!.startsWith(">");
    const open = compared[2]!.length === 1;
    const range = low
      ? { min: value, max: null, minOpen: open, maxOpen: false }
      : { min: null, max: value, minOpen: false, maxOpen: open };
    return { kind: "range", field: compared[1]!, range };
  }
  const both = between.exec(id);
  if (both && isNumber(both[1]!) && (both[2] !== undefined || both[3] !== undefined)) {
    const min = both[2] === undefined ? null : Number(both[2]);
    const max = both[3] === undefined ? null : Number(both[3]);
    return { kind: "range", field: both[1]!, range: { min, max, minOpen: false, maxOpen: false } };
  }
  return null;
}

/** The condition a chip stands for, where the page has a control for it; else null (the chip can only be removed). */
export function conditionOf(chip: Chip): Condition | null {
  const negated = chip.id.startsWith("not:");
  const id = negated ? chip.id.slice(4) : chip.id;
  const keyword = /^([a-z_0-9]+)=(.+)$/i.exec(id);
  // The id speaks of a niche also where the condition is on the field of sub-niches; the chip's field says which.
  const field = keyword && isKeyword(chip.field) ? chip.field : (keyword?.[1] ?? "");
  if (keyword && isKeyword(field)) {
    const values = keyword[2]!.split(/[|,]/).filter((one) => one !== "");
    return values.length > 0 ? { kind: "choice", field, values, negated } : null;
  }
  return negated ? null : rangeOf(id);
}

function union(a: string[], b: string[]): string[] {
  return [...new Set([...a, ...b])];
}

/** The chips' own say on one keyword field. */
export function choiceOfChips(chips: Chip[], field: string): Choice {
  const choice: Choice = { any: [], none: [] };
  for (const chip of chips) {
    const condition = conditionOf(chip);
    if (condition?.kind !== "choice" || condition.field !== field) continue;
    if (condition.negated) choice.none = union(choice.none, condition.values);
    else choice.any = union(choice.any, condition.values);
  }
  return choice;
}

export function rangeOfChips(chips: Chip[], field: string): Range | null {
  let out: Range | null = null;
  for (const chip of chips) {
    const condition = conditionOf(chip);
    if (condition?.kind !== "range" || condition.field !== field) continue;
    const one: Range = condition.range;
    out = out
      ? {
          min: one.min ?? out.min,
          max: one.max ?? out.max,
          minOpen: one.min !== null ? one.minOpen : out.minOpen,
          maxOpen: one.max !== null ? one.maxOpen : out.maxOpen,
        }
      : one;
  }
  return out;
}

/** The view with these chips handed over to the page's own controls. */
export function adopt(view: View, chips: Chip[]): View {
  let out = view;
  const taken: Chip[] = [];
  for (const chip of chips) {
    const condition = conditionOf(chip);
    if (!condition) continue;
    taken.push(chip);
    if (condition.kind === "range") {
      out = withRange(out, condition.field, rangeOfChips(taken, condition.field));
      continue;
    }
    const old = out.choices[condition.field] ?? { any: [], none: [] };
    const next = condition.negated
      ? { any: old.any, none: union(old.none, condition.values) }
      : { any: union(old.any, condition.values), none: old.none };
    out = withChoice(out, condition.field, next);
  }
  return { ...out, ignore: union(out.ignore, taken.map((one) => one.id)) };
}

/** The chips of one field: those that must be handed over before that field's control can speak for itself. */
export function chipsOf(chips: Chip[], field: string): Chip[] {
  return chips.filter((chip) => conditionOf(chip)?.field === field);
}

/** The query with only what the chips were read from; `begin` and `end` count bytes. */
export function onlyChipWords(q: string, chips: Chip[]): string {
  const bytes = new TextEncoder().encode(q);
  const decoder = new TextDecoder();
  const spans = [...chips].sort((a, b) => a.begin - b.begin);
  return spans
    .map((chip) => decoder.decode(bytes.slice(chip.begin, chip.end)).trim())
    .filter((one) => one !== "")
    .join(" ");
}
