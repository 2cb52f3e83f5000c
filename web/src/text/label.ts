// Names for the values of the contract, in words for people.

const countries = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

const platforms: Record<string, string> = {
  youtube: "YouTube",
  instagram: "Instagram",
  tiktok: "TikTok",
  x: "X",
  twitch: "Twitch",
  other: "Other",
};
const activities: Record<string, string> = {
  active: "Active",
  semi_active: "Semi-active",
  dormant: "Dormant",
  unknown: "Unknown",
};
const activityMeaning: Record<string, string> = {
  active: "posted within 7 days",
  semi_active: "posted within 30 days",
  dormant: "no post for 30 days",
  unknown: "no dated post known",
};
const bands: Record<string, string> = { nano: "Nano", micro: "Micro", mid: "Mid", macro: "Macro", mega: "Mega" };
const bandMeaning: Record<string, string> = {
  nano: "under 10k",
  micro: "10k to 100k",
  mid: "100k to 500k",
  macro: "500k to 1M",
  mega: "1M and more",
};
const fields: Record<string, string> = {
  platform: "Platform",
  niche: "Niche",
  secondary_niche: "Also about",
  country: "Country",
  language: "Language",
  style: "Style",
  activity: "Activity",
  follower_band: "Size",
  verified: "Verified",
  followers: "Followers",
  engagement_rate: "Engagement",
  price_usd: "Price",
  growth_rate_30d: "Growth, 30 days",
  last_post_at: "Last post",
  quality: "Quality",
  emerging: "Emerging",
  credibility: "Credibility",
  views_per_follower: "Views per follower",
  posts_per_week: "Posts per week",
  growth_trend: "Growth trend",
  risk: "Risk",
  words: "Words",
};
const risks: Record<string, string> = {
  adult: "Adult content",
  crypto_schemes: "Crypto and get-rich schemes",
  hate: "Hate and extremism",
  medical_claims: "Medical claims",
  minors: "Minors on show",
  violence: "Violence and gore",
};
const parts: Record<string, string> = {
  keyword: "Words",
  semantic: "Meaning",
  last_post: "Last post",
};
const contents: Record<string, string> = {
  video: "Video",
  short: "Short",
  post: "Post",
  story: "Story",
  live: "Live",
  other: "Item",
};

// Niches are named by the server with each hit; the page remembers what it was told.
const niches = new Map<string, string>();

export function learnNiche(key: string | null, label: string | null): void {
  if (key && label) niches.set(key, label);
}

function words(key: string): string {
  const text = key.replace(/[_-]+/g, " ").trim();
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function display(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

export function platformName(key: string): string {
  return platforms[key] ?? words(key);
}
export function countryName(code: string): string {
  return display(countries, code.toUpperCase());
}
export function languageName(code: string): string {
  return display(languages, code);
}
export function nicheName(key: string): string {
  return niches.get(key) ?? key.split("/").map(words).join(" › ");
}
export function activityName(key: string): string {
  return activities[key] ?? words(key);
}
export function fieldName(field: string): string {
  return fields[field] ?? words(field);
}
export function riskName(key: string): string {
  return risks[key] ?? words(key);
}
/** A part of a score, of credibility or of quality. */
export function partName(key: string): string {
  return parts[key] ?? words(key);
}
export function contentName(type: string | null): string {
  return type ? (contents[type] ?? words(type)) : "Item";
}

export function valueName(field: string, value: string): string {
  switch (field) {
    case "platform":
      return platformName(value);
    case "niche":
    case "secondary_niche":
      return nicheName(value);
    case "country":
      return countryName(value);
    case "language":
      return languageName(value);
    case "activity":
      return activityName(value);
    case "risk":
      return riskName(value);
    case "follower_band":
      return bands[value] ?? words(value);
    case "verified":
      return value === "true" ? "Verified" : value === "false" ? "Not verified" : words(value);
    default:
      return words(value);
  }
}

/** What a value means, where its name alone does not say. */
export function valueMeaning(field: string, value: string): string | null {
  if (field === "activity") return activityMeaning[value] ?? null;
  if (field === "follower_band") return bandMeaning[value] ?? null;
  return null;
}

/** "file:sample.csv" → "file"; the full text is for the title. */
export function sourceName(source: string | null | undefined): string {
  const kind = (source ?? "").split(":")[0]!.trim();
  if (kind === "") return "source not known";
  return kind === "api" ? "official API" : kind.replace(/_/g, " ");
}

/** What pictures are compared by: "layout-babd35a8d7e6e36a" → "colours and shapes"; models under the name they have. */
export function pictureSpaceName(space: string): string {
  return space.startsWith("layout") ? "colours and shapes" : space.replace(/-[0-9a-f]{16}$/, "");
}
