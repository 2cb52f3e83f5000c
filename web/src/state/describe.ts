// Conditions in a few words.
import { dollars, percent, short, signedPercent } from "../text/number.ts";
import { fieldName } from "../text/label.ts";
import { onDay } from "../text/time.ts";
import type { Range } from "./view.ts";

export function describeValue(field: string, value: number): string {
  switch (field) {
    case "engagement_rate":
      return percent(value);
    case "growth_rate_30d":
    case "growth_trend":
      return signedPercent(value);
    case "price_usd":
      return dollars(value);
    case "last_post_at":
      return onDay(new Date(value * 1000).toISOString()) ?? String(value);
    case "quality":
    case "emerging":
    case "credibility":
    case "views_per_follower":
      return value.toFixed(2);
    case "posts_per_week":
      return String(Number(value.toFixed(1)));
    default:
      return short(value);
  }
}

/** "followers ≥ 50k", "engagement 2% to 5%" */
export function describeRange(field: string, range: Range): string {
  const name = fieldName(field).toLowerCase();
  const say = (value: number) => describeValue(field, value);
  if (range.min !== null && range.max !== null) return `${name} ${say(range.min)} to ${say(range.max)}`;
  if (range.min !== null) return `${name} ${range.minOpen ? ">" : "≥"} ${say(range.min)}`;
  if (range.max !== null) return `${name} ${range.maxOpen ? "<" : "≤"} ${say(range.max)}`;
  return name;
}
