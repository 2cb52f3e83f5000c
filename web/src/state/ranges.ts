// Number fields as the controls see them: set by hand, or understood from the words.
import { adopt, chipsOf, rangeOfChips } from "./chips.ts";
import { chips } from "./shown.ts";
import { go, view } from "./store.ts";
import { closedRange, withRange } from "./view.ts";
import type { Range, View } from "./view.ts";

export function effectiveRange(from: View, field: string): Range {
  return from.ranges[field] ?? rangeOfChips(chips.value, field) ?? closedRange(null, null);
}

export function setRange(field: string, min: number | null, max: number | null): void {
  const now = view.peek();
  const old = effectiveRange(now, field);
  if (old.min === min && old.max === max) return;
  const swapped = min !== null && max !== null && min > max;
  const range = swapped ? closedRange(max, min) : closedRange(min, max);
  const kept: Range = {
    ...range,
    minOpen: range.min !== null && range.min === old.min && old.minOpen,
    maxOpen: range.max !== null && range.max === old.max && old.maxOpen,
  };
  go(withRange(adopt(now, chipsOf(chips.peek(), field)), field, kept));
}

// The slider: even steps on a logarithmic scale. Its ends mean "no bound".
export const sliderSteps = 120;
const lowest = 2; // 10^2
const highest = 8; // 10^8

export function sliderValue(step: number): number {
  const exponent = lowest + ((highest - lowest) * step) / sliderSteps;
  const value = 10 ** exponent;
  const unit = 10 ** (Math.floor(exponent + 1e-9) - 1);
  return Math.round(value / unit) * unit;
}

export function sliderStep(value: number): number {
  const exponent = Math.log10(Math.max(value, 1));
  const step = Math.round(((exponent - lowest) / (highest - lowest)) * sliderSteps);
  return Math.min(sliderSteps, Math.max(0, step));
}
