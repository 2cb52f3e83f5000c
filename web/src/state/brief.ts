// A campaign brief as the form holds it. Its fields stand in the URL, under names that a person can read there.
import { readRange, writeRange } from "./rangeText.ts";

export interface Brief {
  product_name: string;
  brand_name: string;
  product_description: string;
  target_audience: string;
  key_use_cases: string[];
  campaign_goal: string;
  product_niche: string;
  total_budget_usd: number | null;
  min_followers: number | null;
  max_followers: number | null;
  min_engagement: number | null; // fractions
  max_engagement: number | null;
  platforms: string[];
  countries: string[]; // ISO 3166-1 alpha-2
  languages: string[]; // ISO 639-1
  competitors: string[]; // brands
}

export type TextField =
  | "product_name"
  | "brand_name"
  | "product_description"
  | "target_audience"
  | "campaign_goal"
  | "product_niche";
export type ListField = "key_use_cases" | "platforms" | "countries" | "languages" | "competitors";

const texts: [TextField, string][] = [
  ["product_name", "product"],
  ["brand_name", "brand"],
  ["product_description", "description"],
  ["target_audience", "audience"],
  ["campaign_goal", "goal"],
  ["product_niche", "niche"],
];
const lists: [ListField, string][] = [
  ["key_use_cases", "use"],
  ["platforms", "platform"],
  ["countries", "country"],
  ["languages", "language"],
  ["competitors", "competitor"],
];
const bounds = ["followers", "engagement"] as const;

export const emptyBrief: Brief = {
  product_name: "",
  brand_name: "",
  product_description: "",
  target_audience: "",
  key_use_cases: [],
  campaign_goal: "",
  product_niche: "",
  total_budget_usd: null,
  min_followers: null,
  max_followers: null,
  min_engagement: null,
  max_engagement: null,
  platforms: [],
  countries: [],
  languages: [],
  competitors: [],
};

/** True where there is something to match: one text is enough. */
export function hasText(brief: Brief): boolean {
  return texts.some(([field]) => brief[field].trim() !== "") || brief.key_use_cases.length > 0;
}

export function isEmpty(brief: Brief): boolean {
  return Object.keys(toBody(brief)).length === 0;
}

/** Only what is said: the API takes every member as optional. */
export function toBody(brief: Brief): Partial<Brief> {
  const said = Object.entries(brief)
    .map(([field, value]) => [field, typeof value === "string" ? value.trim() : value] as const)
    .filter(([, value]) => value !== null && value.length !== 0);
  return Object.fromEntries(said) as Partial<Brief>;
}

/** A brief as the API gives it back, where what is not said is null. */
export function fromBody(body: { [field in keyof Brief]?: Brief[field] | null }): Brief {
  const brief: Brief = { ...emptyBrief };
  const said = Object.entries(body).filter(([field, value]) => field in emptyBrief && value !== null && value !== undefined);
  return Object.assign(brief, Object.fromEntries(said)) as Brief;
}

export function readBrief(params: URLSearchParams): Brief {
  const brief: Brief = { ...emptyBrief };
  for (const [field, name] of texts) brief[field] = (params.get(name) ?? "").trim();
  for (const [field, name] of lists) brief[field] = [...new Set(params.getAll(name).filter((one) => one !== ""))];
  for (const name of bounds) {
    const range = readRange(params.get(name) ?? "");
    brief[`min_${name}`] = range?.min ?? null;
    brief[`max_${name}`] = range?.max ?? null;
  }
  const budget = Number(params.get("budget") ?? "");
  brief.total_budget_usd = Number.isFinite(budget) && budget > 0 ? budget : null;
  return brief;
}

export function writeBrief(brief: Brief, params: URLSearchParams): void {
  for (const [field, name] of texts) if (brief[field] !== "") params.set(name, brief[field]);
  for (const [field, name] of lists) for (const value of brief[field]) params.append(name, value);
  for (const name of bounds) {
    const [min, max] = [brief[`min_${name}`], brief[`max_${name}`]];
    if (min !== null || max !== null) params.set(name, writeRange({ min, max, minOpen: false, maxOpen: false }));
  }
  if (brief.total_budget_usd !== null) params.set("budget", String(brief.total_budget_usd));
}

/** Several sentences, lines, or many words: what a person pastes when they mean a brief, not a search. */
export function looksLikeBrief(text: string): boolean {
  const trimmed = text.trim();
  const words = trimmed.split(/\s+/).length;
  return words >= 14 || (words >= 6 && /[.!?…]["”’)]?\s+\S/u.test(trimmed)) || trimmed.includes("\n");
}

/** The server's pointers ("/brief/countries/0", "/min_followers") as the fields of the form. */
export function fieldOf(pointer: string | undefined): string {
  const steps = (pointer ?? "").split("/").filter((one) => one !== "");
  const field = (steps[0] === "brief" ? steps[1] : steps[0]) ?? "";
  return field === "total_budget" ? "total_budget_usd" : field;
}
