// Matching in the contract of docs/api.md: briefs, campaigns, plans. Unknown values are null.
import type { Brief } from "../state/brief.ts";
import { get, post, remove } from "./client.ts";
import type { Listed } from "./types.ts";

export interface MatchPart {
  name: string; // "relevance", "niche", "audience", "engagement", "budget", "history"; other formulas have others
  value: number | null; // null: nothing is known, and nothing is counted
  weight: number;
  contribution: number;
  reason: string;
  details?: { name: string; value: number }[];
}

export interface Match extends Listed {
  rank: number;
  score: number;
  clamped: boolean;
  parts: MatchPart[];
  why: string | null;
}

export interface MatchAnswer {
  campaign_id: string;
  question_id?: string | null;
  matches: Match[];
  first_rank: number;
  total: number; // ranked
  matching: number; // within the brief's bounds
  bounded: boolean; // more come into question than were ranked
  next_cursor: string | null;
  profile: { name: string; formula: number };
  model: string | null;
  degraded: string[];
  plan: string;
  took_ms: number;
  request_id: string;
}

export interface MatchRequest {
  brief: Partial<Brief>;
  campaign_id?: string;
  profile?: string;
  limit?: number;
  cursor?: string;
  explain?: boolean;
}

export interface Campaign {
  id: string;
  brief: { [field in keyof Brief]?: Brief[field] | null };
  created_at: string | null;
  updated_at: string | null;
}

/** What a creator scored when it was ranked; what is not known stands as 0.5. */
export interface Score {
  scores: { match: number; niche: number; audience: number; engagement: number; budget: number };
  profile: string;
  formula: number;
  model: string | null;
  at: string | null;
}

export interface KeptMatch extends Score {
  creator_id: string;
  creator: Listed | null; // null: erased since
}

export interface KeptMatches {
  campaign: Campaign;
  matches: KeptMatch[];
  total: number;
}

export interface PlanRequest {
  brief: Partial<Brief>;
  budget_usd: number;
  min_creators?: number;
  max_creators?: number;
  price_per_follower_usd?: number;
  profile?: string;
}

export interface Planned extends Listed {
  cost_usd: number;
  cost_estimated: boolean;
  reach: number; // people, alone
  marginal: number; // people the plan would lose without this creator
  audience_fit: number;
  views_per_follower: number | null; // as counted for reach
  views_estimated: boolean;
  why: string;
}

export interface CurvePoint {
  budget_usd: number;
  cost_usd: number;
  reach: number;
  creators: number;
}

export interface PlanAnswer {
  chosen: Planned[];
  cost_usd: number;
  budget_usd: number;
  reach: number;
  reach_without_overlap: number;
  method: string;
  degraded: string[];
  left_out: { id: string; name: string; reason: string }[];
  left_out_total: number;
  curve: CurvePoint[];
  took_ms: number;
  request_id: string;
}

export interface Profiles {
  active: string; // empty: the built-in default
  profiles: { name: string }[];
  built_in: string[];
}

export function match(request: MatchRequest, signal?: AbortSignal): Promise<MatchAnswer> {
  return post("/v1/match", request, signal);
}

export function plan(request: PlanRequest, signal?: AbortSignal): Promise<PlanAnswer> {
  return post("/v1/match/plan", request, signal);
}

export function campaign(id: string, signal?: AbortSignal): Promise<Campaign> {
  return get(`/v1/campaigns/${encodeURIComponent(id)}`, signal);
}

export function campaigns(limit: number, signal?: AbortSignal): Promise<{ campaigns: Campaign[] }> {
  return get(`/v1/campaigns?limit=${limit}`, signal);
}

export function profiles(signal?: AbortSignal): Promise<Profiles> {
  return get("/v1/profiles?kind=match", signal);
}

export function removeCampaign(id: string): Promise<void> {
  return remove(`/v1/campaigns/${encodeURIComponent(id)}`);
}

export function keptMatches(id: string, skip: number, limit: number, signal?: AbortSignal): Promise<KeptMatches> {
  return get(`/v1/campaigns/${encodeURIComponent(id)}/matches?skip=${skip}&limit=${limit}`, signal);
}

/** Former scores, the oldest first; the present one is not among them. */
export function scoreHistory(campaign: string, creator: string, signal?: AbortSignal): Promise<{ history: Score[] }> {
  return get(`/v1/campaigns/${encodeURIComponent(campaign)}/matches/${encodeURIComponent(creator)}/history`, signal);
}
