// What the page shows, as plain data. All of it stands in the URL (state/url.ts).
import type { FilterNode, Mode } from "../api/types.ts";
import { emptyBrief } from "./brief.ts";
import type { Brief } from "./brief.ts";

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

/** What the middle shows: the list itself, up to four of it side by side, what a budget buys, or what was scored before. */
export type Place = "search" | "match" | "pictures" | "activity";
export type Show = "list" | "compare" | "plan" | "kept";

export interface PlanView {
  budget: number | null; // US dollars; null: the brief's own
  min: number | null; // creators
  max: number | null;
  price: number | null; // US dollars a follower, where a price is not known; null: such creators are left out
}

export interface MatchView {
  brief: Brief;
  campaign: string | null; // a kept brief, instead of the fields
  profile: string; // "": the one in use
  edit: boolean; // the form is open
  plan: PlanView;
}

/** What pictures are to be like. An example is a picture's SHA-256, or the name of one this tab keeps (ownPictures.ts). */
export interface PictureView {
  text: string;
  like: string; // "": no example
  lessText: string;
  lessLike: string;
  mix: number; // share of the words against the example, where there are both
  weigh: number; // share of pictures against what is asked of the creators
}

export interface View {
  place: Place;
  show: Show;
  compare: string[]; // ids of creators
  match: MatchView;
  pictures: PictureView;
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
  "risk",
] as const;
export const numberFields = [
  "followers",
  "engagement_rate",
  "price_usd",
  "growth_rate_30d",
  "last_post_at",
  "quality",
  "emerging",
  "credibility",
  "views_per_follower",
  "posts_per_week",
  "growth_trend",
] as const;
export const modes: readonly Mode[] = ["hybrid", "keyword", "semantic", "rrf"];

export const comparedAtMost = 4;
export const emptyPlan: PlanView = { budget: null, min: null, max: null, price: null };
export const emptyMatch: MatchView = { brief: emptyBrief, campaign: null, profile: "", edit: false, plan: emptyPlan };

export const emptyPictures: PictureView = { text: "", like: "", lessText: "", lessLike: "", mix: 0.5, weigh: 0.5 };

export const emptyView: View = {
  place: "search",
  show: "list",
  compare: [],
  match: emptyMatch,
  pictures: emptyPictures,
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

/** True where pictures can be looked for: "less like this" alone says nothing. */
export function asksPictures({ text, like }: PictureView): boolean {
  return text.trim() !== "" || like !== "";
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
