// A range as it stands in an address: "1000..50000", "(0.05..", "..10)"; a round bracket leaves the bound itself out.
import type { Range } from "./view.ts";

export function readRange(text: string): Range | null {
  const match = /^(\()?(-?[0-9.]+(?:e[+-]?[0-9]+)?)?\.\.(-?[0-9.]+(?:e[+-]?[0-9]+)?)?(\))?$/i.exec(text.trim());
  if (!match) return null;
  const min = match[2] === undefined ? null : Number(match[2]);
  const max = match[3] === undefined ? null : Number(match[3]);
  if (Number.isNaN(min) || Number.isNaN(max) || (min === null && max === null)) return null;
  return { min, max, minOpen: min !== null && match[1] !== undefined, maxOpen: max !== null && match[4] !== undefined };
}

export function writeRange(range: Range): string {
  const open = range.minOpen && range.min !== null ? "(" : "";
  const close = range.maxOpen && range.max !== null ? ")" : "";
  return `${open}${range.min ?? ""}..${range.max ?? ""}${close}`;
}
