// The HTTP contract of docs/api.md, as the page sees it. Unknown values are null.

export type Platform = "youtube" | "instagram" | "tiktok" | "x" | "twitch" | "other";
export type Mode = "hybrid" | "keyword" | "semantic" | "rrf";

export type FilterNode =
  | { all: FilterNode[] }
  | { any: FilterNode[] }
  | { not: FilterNode }
  | { field: string; in: string[] }
  | { field: string; gte?: number; gt?: number; lte?: number; lt?: number }
  | { field: string; exists: true };

export interface SearchRequest {
  q?: string;
  filter?: FilterNode;
  facets?: string[];
  sort?: { field: string; dir: "asc" | "desc" }[];
  mode?: Mode;
  limit?: number;
  cursor?: string;
  explain?: boolean;
  highlight?: boolean;
  understand?: boolean;
  ignore?: string[];
}

export interface Origin {
  source: string | null;
  fetched_at: string | null;
  expires_at: string | null;
  basis: string | null;
  licence: string | null;
  fields: string[];
}

export interface Account {
  id: string;
  platform: string;
  handle: string | null;
  url: string | null;
  followers: number | null;
  engagement_rate: number | null;
  fetched_at: string | null;
  expires_at: string | null;
  source: string | null;
}

export interface FullAccount extends Account {
  name?: string | null;
  bio?: string | null;
  website?: string | null;
  links?: string[] | null;
  following?: number | null;
  content_count?: number | null;
  total_views?: number | null;
  average_views?: number | null;
  average_likes?: number | null;
  average_comments?: number | null;
  price_usd?: number | null;
  verified?: boolean | null;
  created_at?: string | null;
  city?: string | null;
  country?: string | null;
  language?: string | null;
  categories?: string[] | null;
  origins?: Origin[] | null;
}

/** How believable the followers are; the band is the wider, the less is known. */
export interface Credibility {
  value: number;
  low: number;
  high: number;
}

export interface Summary {
  id: string;
  name: string | null;
  handle: string | null;
  image_url: string | null;
  primary_niche: string | null;
  secondary_niches: string[] | null;
  niche_label: string | null;
  country: string | null;
  language: string | null;
  style: string | null;
  summary: string | null;
  followers: number | null;
  follower_band: string | null;
  engagement_rate: number | null;
  growth_rate_30d: number | null;
  price_usd: number | null;
  activity: string | null;
  last_post_at: string | null;
  verified: boolean | null;
  quality: number | null;
  emerging?: number | null;
  credibility?: Credibility | null;
  views_per_follower?: number | null;
  posts_per_week?: number | null;
  growth_trend?: number | null;
  risks?: string[] | null;
}

/** One row of any list: who it is, with the accounts. */
export interface Listed extends Summary {
  accounts: Account[];
}

export interface Part {
  name: string;
  value: number;
  weight: number;
  contribution: number;
}

export interface Explain {
  keyword?: { name: string; value: number }[];
  semantic?: { name: string; value: number }[];
  content?: { title: string | null; url: string | null }[];
}

/** A picture that an account shows. */
export interface ShownPicture {
  sha256: string;
  thumbnail: string | null; // a path of this server
  account: string | null;
  role: string | null; // "profile", "content", "uploaded"
  url: string | null; // where it was found
  caption: string | null;
  width: number | null;
  height: number | null;
  blur?: string | null; // 4 x 4 colours, row by row, six hex digits each
}

export interface Hit extends Listed {
  score: number;
  rank: number;
  why: string | null;
  parts: Part[];
  pictures?: ShownPicture[];
  highlights?: { field: string; html: string }[];
  explain?: Explain;
}

export interface Chip {
  id: string;
  label: string;
  field: string;
  begin: number;
  end: number;
  negated: boolean;
  soft?: boolean;
  effect?: string | null; // what weighing it did, in words
}

export interface FacetValue {
  value: string;
  count: number;
}

export interface Answer {
  hits: Hit[];
  total: { value: number; relation: "eq" | "gte" };
  facets?: { field: string; values: FacetValue[] }[];
  understood?: { rest: string; chips: Chip[] };
  next_cursor: string | null;
  degraded?: string[];
  question_id?: string | null;
  took_ms: number;
  index_generation: number;
  revision: number;
  request_id: string;
}

export interface ContentItem {
  id: string;
  account: string;
  platform: string;
  type: string | null;
  title: string | null;
  description: string | null;
  url: string | null;
  published_at: string | null;
  views: number | null;
  likes: number | null;
  comments: number | null;
}

export interface Growth {
  account: string;
  platform: string;
  metric: string;
  points: [string, number][];
}

export interface Evidence {
  field: string;
  phrase: string;
}

/** One thing said of a creator by what read it. */
export interface Judgement {
  subject: string; // "niche", "secondary_niche", "style", "language", "risk"
  value: string;
  confidence: number;
  evidence: Evidence[];
}

/** A step in a history that does not fit the rest of it. */
export interface Spike {
  account: string;
  metric: string;
  at: string;
  change: number; // beyond the expected, as a fraction
  score: number; // robust deviations
}

export interface Definition {
  name: string;
  formula: string;
  window: string;
  denominator?: string | null;
  unit?: string | null;
  version?: number;
}

export interface Collaboration {
  brand: string | null; // null: the posts name nobody
  name: string | null;
  kind: "gifted" | "affiliate" | "paid";
  posts: number;
  first: string | null;
  last: string | null;
  confidence: number;
  evidence: Evidence[];
  post: string;
}

export interface Creator extends Summary {
  accounts: FullAccount[];
  judgements?: Judgement[] | null;
  judged_by?: string | null;
  sponsored_share?: number | null;
  collaborations?: Collaboration[] | null;
  pictures?: ShownPicture[] | null; // the newest first
  content?: ContentItem[] | null;
  growth?: Growth[] | null;
  spikes?: Spike[] | null;
  credibility_parts?: { name: string; value: number; weight: number; words: string }[] | null;
  quality_parts?: { name: string; value: number; weight: number }[] | null;
  definitions?: Definition[] | null;
  links?: { account: string; rule: string; evidence: string | null; score: number | null }[] | null;
  expires_at?: string | null;
}

export type Action = "click" | "save" | "hide";

export interface Suggestion {
  kind: string;
  text: string;
  detail?: string | null;
  creator?: string | null;
}

export interface ServiceStatus {
  creators: number;
  indexed: number;
  embedded: { done: number; total: number; model: string | null; ready: boolean };
  pictures?: { total: number; done: number; space: string | null; reads_words: boolean };
  revision: number;
  index_generation: number;
  version: string;
}
