// Who a row of a list is about, as every list shows it: name, handles, how big, what about, where.
import type { Listed } from "../api/types.ts";
import { report } from "../state/events.ts";
import { countryName, nicheName } from "../text/label.ts";
import { Figure, Rate, Unknown } from "./Figure.tsx";
import { Handle } from "./Handle.tsx";
import { Link } from "./Link.tsx";
import { Marked } from "./Marked.tsx";
import { VerifiedMark } from "./VerifiedMark.tsx";

const handlesShown = 4;

function Handles({ who }: { who: Listed }) {
  const accounts = who.accounts;
  if (accounts.length === 0) return who.handle ? <bdi class="handle">@{who.handle}</bdi> : null;
  const shown = accounts.slice(0, handlesShown);
  const rest = accounts.length - shown.length;
  return (
    <span class="handles">
      {shown.map((one, i) => (
        <Handle
          key={one.id}
          platform={one.platform}
          handle={one.handle}
          url={one.url}
          // The same handle on several platforms is written once, after their marks.
          markOnly={one.handle !== null && shown[i + 1]?.handle === one.handle}
        />
      ))}
      {rest > 0 && (
        <span class="muted" title={accounts.slice(handlesShown).map((one) => one.handle ?? one.platform).join(", ")}>
          +{rest}
        </span>
      )}
    </span>
  );
}

/** The name a person is known by here; never empty. */
export function nameOf(who: { name: string | null; handle: string | null }): string {
  return who.name?.trim() || (who.handle ? `@${who.handle}` : "Name not known");
}

function Name({ who, open, marked }: { who: Listed; open: boolean; marked: string | undefined }) {
  const plain = nameOf(who);
  return (
    <Link
      class="hit-name"
      to={(now) => ({ ...now, creator: who.id })}
      how={open ? "replace" : "push"}
      current={open}
      title={plain}
      dir="auto"
      onOpen={() => report(who.id, "click")}
    >
      {marked && who.name ? <Marked html={marked} /> : plain}
    </Link>
  );
}

export function Who({ who, open, marked }: { who: Listed; open: boolean; marked?: string | undefined }) {
  return (
    <div class="who">
      <h3>
        <Name who={who} open={open} marked={marked} />
        {who.verified && <VerifiedMark />}
      </h3>
      <Handles who={who} />
    </div>
  );
}

function Country({ code }: { code: string }) {
  return (
    <>
      <span class="long">{countryName(code)}</span>
      <span class="brief" aria-label={countryName(code)}>
        {code}
      </span>
    </>
  );
}

/** The figures that stand in columns where there is room for columns. */
export function Facts({ who }: { who: Listed }) {
  return (
    <>
      <span class="col-followers fact">
        <Figure value={who.followers} unit="followers" />
      </span>
      <span class="col-rate fact">
        <Rate value={who.engagement_rate} unit="engagement" />
      </span>
      <span class="col-niche fact" title={[who.niche_label, ...(who.secondary_niches ?? []).map(nicheName)].filter(Boolean).join(", ")}>
        {who.niche_label ?? (who.primary_niche ? nicheName(who.primary_niche) : <Unknown what="niche" />)}
      </span>
      <span class="col-country fact" title={who.country ? countryName(who.country) : undefined}>
        {who.country ? <Country code={who.country} /> : <Unknown what="country" />}
      </span>
    </>
  );
}
