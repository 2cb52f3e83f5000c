// Numbers for people: short where they stand in a row, full on hover and to screen readers.

const full = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const steps: [number, string][] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

/** 1234567 → "1.2M", 182000 → "182k", 950 → "950". Three figures at most, never rounded up into the next unit's name. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size < 1000) return full.format(Math.round(value));
  for (let i = 0; i < steps.length; i++) {
    const [unit, mark] = steps[i]!;
    if (size < unit) continue;
    const scaled = value / unit;
    const rounded = Math.abs(scaled) < 99.95 ? Math.round(scaled * 10) / 10 : Math.round(scaled);
    const above = steps[i - 1];
    if (Math.abs(rounded) >= 1000 && above) return short(Math.sign(value) * above[0]);
    return `${Math.abs(rounded) < 1000 ? rounded : full.format(rounded)}${mark}`;
  }
  return full.format(value);
}

export function exact(value: number): string {
  return full.format(value);
}

/** A fraction as per cent: 0.061 → "6.1%", 0.0004 → "0.04%", 0 → "0%". */
export function percent(fraction: number): string {
  const value = fraction * 100;
  if (value === 0) return "0%";
  const size = Math.abs(value);
  const digits = size >= 10 ? 0 : size >= 0.1 ? 1 : 2;
  return `${Number(value.toFixed(digits))}%`;
}

export function signedPercent(fraction: number): string {
  const words = percent(fraction);
  return fraction > 0 && words !== "0%" ? `+${words}` : words.replace("-", "−");
}

export function dollars(value: number): string {
  return value >= 10_000 ? `$${short(value)}` : `$${full.format(Math.round(value))}`;
}

/** Reads "50k", "1.2M", "1,234", "3 million"; null where the text is no number. */
export function readNumber(text: string): number | null {
  const match = /^\s*([0-9][0-9\s,_']*(?:\.[0-9]+)?|\.[0-9]+)\s*(k|m|b|thousand|million|billion|mio|mn)?\s*\+?\s*$/i.exec(text);
  if (!match) return null;
  const value = Number(match[1]!.replace(/[\s,_']/g, ""));
  const unit = (match[2] ?? "").toLowerCase();
  const factor = unit.startsWith("k") || unit === "thousand" ? 1e3 : unit.startsWith("m") ? 1e6 : unit.startsWith("b") ? 1e9 : 1;
  return Number.isFinite(value) ? Math.round(value * factor * 1e6) / 1e6 : null;
}

/** Rounds addends to `digits` so that they still add up to the rounded total (largest remainder). */
export function roundToSum(values: number[], digits: number): { parts: number[]; total: number } {
  const unit = 10 ** digits;
  const total = Math.round(values.reduce((sum, one) => sum + one, 0) * unit);
  const floors = values.map((one) => Math.floor(one * unit + 1e-9));
  let missing = total - floors.reduce((sum, one) => sum + one, 0);
  const byRemainder = values
    .map((one, index) => ({ index, rest: one * unit - Math.floor(one * unit + 1e-9) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder) {
    if (missing <= 0) break;
    floors[index]! += 1;
    missing -= 1;
  }
  return { parts: floors.map((one) => one / unit), total: total / unit };
}
