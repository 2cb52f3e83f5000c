// What the page shows, as plain data. All of it stands in the URL (state/url.ts).
import type { FilterNode, Mode } from "../api/types.ts";

export interface Choice {
  any: string[]; // the field has one of these
  none: string[]; // and none of these
}

export interface Range {
  min: number | null;
  max: number | null;
  minOpen: boolean; // the bound itself is left out
  maxOpen: boolean;
}

export interface Sort {
  field: string;
  dir: "asc" | "desc";
}

/** null: facets stand where there is room for them; else what the person asked for. */
export type Panel = "filters" | "none" | null;

export interface View {
  q: string;
  choices: Record<string, Choice>;
  ranges: Record<string, Range>;
  sort: Sort | null; // null: by score
  mode: Mode;
  ignore: string[]; // ids of chips that are not wanted
  creator: string | null;
  panel: Panel;
}

export const keywordFields = [
  "platform",
  "niche",
  "secondary_niche",
  "country",
  "language",
  "style",
  "activity",
  "follower_band",
  "verified",
] as const;
export const numberFields = [
  "followers",
  "engagement_rate",
  "price_usd",
  "growth_rate_30d",
  "last_post_at",
  "quality",
] as const;
export const modes: readonly Mode[] = ["hybrid", "keyword", "semantic", "rrf"];

export const emptyView: View = {
  q: "",
  choices: {},
  ranges: {},
  sort: null,
  mode: "hybrid",
  ignore: [],
  creator: null,
  panel: null,
};

export function isKeyword(field: string): boolean {
  return (keywordFields as readonly string[]).includes(field);
}
export function isNumber(field: string): boolean {
  return (numberFields as readonly string[]).includes(field);
}

export function hasFilters(view: View): boolean {
  return Object.keys(view.choices).length > 0 || Object.keys(view.ranges).length > 0;
}

/** A copy with this field's choice; an empty one is left out, so that equal views have equal URLs. */
export function withChoice(view: View, field: string, choice: Choice): View {
  const choices = { ...view.choices };
  if (choice.any.length + choice.none.length === 0) delete choices[field];
  else choices[field] = choice;
  return { ...view, choices };
}

export function withRange(view: View, field: string, range: Range | null): View {
  const ranges = { ...view.ranges };
  if (!range || (range.min === null && range.max === null)) delete ranges[field];
  else ranges[field] = range;
  return { ...view, ranges };
}

export function closedRange(min: number | null, max: number | null): Range {
  return { min, max, minOpen: false, maxOpen: false };
}

function rangeNode(field: string, range: Range): FilterNode {
  const node: { field: string; gte?: number; gt?: number; lte?: number; lt?: number } = { field };
  if (range.min !== null) node[range.minOpen ? "gt" : "gte"] = range.min;
  if (range.max !== null) node[range.maxOpen ? "lt" : "lte"] = range.max;
  return node;
}

export function toFilter(view: View): FilterNode | undefined {
  const all: FilterNode[] = [];
  for (const [field, choice] of Object.entries(view.choices)) {
    if (choice.any.length > 0) all.push({ field, in: choice.any });
    if (choice.none.length > 0) all.push({ not: { field, in: choice.none } });
  }
  for (const [field, range] of Object.entries(view.ranges)) all.push(rangeNode(field, range));
  return all.length > 0 ? { all } : undefined;
}
