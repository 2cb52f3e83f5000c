// The left region while matches are shown: the brief in short, the way to change it, and how it is scored.
import type { ComponentChildren } from "preact";
import { emptyBrief } from "../../state/brief.ts";
import type { Brief } from "../../state/brief.ts";
import { answer, brief } from "../../state/match.ts";
import { change, view } from "../../state/store.ts";
import { countryName, languageName, platformName } from "../../text/label.ts";
import { dollars, percent, short } from "../../text/number.ts";
import { Brand } from "../Brand.tsx";
import { Link } from "../Link.tsx";
import { ProfilePick } from "./ProfilePick.tsx";

function between(min: number | null, max: number | null, say: (value: number) => string): string | null {
  if (min !== null && max !== null) return `${say(min)} to ${say(max)}`;
  if (min !== null) return `${say(min)} or more`;
  return max !== null ? `${say(max)} at most` : null;
}

function rows(from: Brief): [string, ComponentChildren][] {
  const all: [string, ComponentChildren][] = [
    ["Product", from.product_name],
    ["Brand", from.brand_name],
    ["Description", from.product_description],
    ["Audience", from.target_audience],
    ["Use cases", from.key_use_cases.join("; ")],
    ["Goal", from.campaign_goal],
    ["Niche", from.product_niche],
    ["Competitors", from.competitors.join(", ")],
    ["Budget", from.total_budget_usd === null ? null : dollars(from.total_budget_usd)],
    ["Followers", between(from.min_followers, from.max_followers, short)],
    ["Engagement", between(from.min_engagement, from.max_engagement, percent)],
    ["Platforms", from.platforms.map(platformName).join(", ")],
    ["Countries", from.countries.map(countryName).join(", ")],
    ["Languages", from.languages.map(languageName).join(", ")],
  ];
  return all.filter(([, value]) => value);
}

export function BriefSide() {
  const now = brief.value;
  const page = answer.value;
  return (
    <aside id="facets" class="facets" aria-label="The brief">
      <div class="facets-head">
        <Brand />
        <button type="button" class="ghost facets-hide" title="Hide the brief" onClick={() => change({ panel: "none" }, "replace")}>
          Hide
        </button>
      </div>
      <h2 class="screen-title">The brief</h2>
      <div class="facets-body brief-said">
        <Link
          class="button"
          to={(from) => ({ ...from, show: "list", compare: [], creator: null, panel: null, match: { ...from.match, brief: now, campaign: null, edit: true } })}
        >
          Change the brief
        </Link>
        <dl>
          {rows(now).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
        <ProfilePick value={view.value.match.profile} onPick={(profile) => change({ match: { ...view.peek().match, profile } })} />
        {page && (
          <p class="muted small">
            Scored by {page.profile.name}, formula {page.profile.formula}
            {page.model ? `, meaning by ${page.model}` : ", without meaning"}.
          </p>
        )}
        {page && view.value.match.campaign === null && (
          <p class="small">
            <Link class="text-link" to={(from) => ({ ...from, match: { ...from.match, brief: emptyBrief, campaign: page.campaign_id } })} title="The same matches under a short address">
              Short address of this brief
            </Link>
          </p>
        )}
      </div>
      <div class="screen-foot">
        <button type="button" class="button primary" onClick={() => change({ panel: null }, "replace")}>
          Show the matches
        </button>
      </div>
    </aside>
  );
}
