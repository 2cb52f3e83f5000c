// One result: who, how big, and why it is here.
import { memo } from "./memo.ts";
import type { Hit } from "../api/types.ts";
import { activityName, countryName, fieldName, nicheName } from "../text/label.ts";
import { ago, onDay } from "../text/time.ts";
import { Avatar } from "./Avatar.tsx";
import { Figure, Rate, Unknown } from "./Figure.tsx";
import { Handle } from "./Handle.tsx";
import { Link } from "./Link.tsx";
import { Marked } from "./Marked.tsx";
import { ScoreBar } from "./ScoreBar.tsx";
import { VerifiedMark } from "./VerifiedMark.tsx";

interface Props {
  hit: Hit;
  open: boolean;
  sortField: string;
}

const handlesShown = 4;

function Handles({ hit }: { hit: Hit }) {
  const accounts = hit.accounts;
  if (accounts.length === 0) return hit.handle ? <bdi class="handle">@{hit.handle}</bdi> : null;
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

function Snippet({ hit }: { hit: Hit }) {
  const found = hit.highlights ?? [];
  const best = found.find((one) => one.field === "bio" || one.field === "content") ?? found.find((one) => one.field === "summary");
  if (best) {
    return (
      <p class="snippet">
        <span class="snippet-field">{best.field === "content" ? "Post" : fieldName(best.field)}</span>
        <span class="snippet-text" dir="auto">
          <Marked html={best.html} />
        </span>
      </p>
    );
  }
  if (!hit.summary) return null;
  return (
    <p class="snippet">
      <span class="snippet-text" dir="auto">
        {hit.summary}
      </span>
    </p>
  );
}

function Name({ hit, open }: { hit: Hit; open: boolean }) {
  const marked = hit.highlights?.find((one) => one.field === "name");
  const plain = hit.name?.trim() || (hit.handle ? `@${hit.handle}` : "Name not known");
  return (
    <Link
      class="hit-name"
      to={(now) => ({ ...now, creator: hit.id })}
      how={open ? "replace" : "push"}
      current={open}
      title={plain}
      dir="auto"
    >
      {marked && hit.name ? <Marked html={marked.html} /> : plain}
    </Link>
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

function Card({ hit, open, sortField }: Props) {
  const active = hit.activity && hit.activity !== "unknown" ? hit.activity : null;
  const posted = ago(hit.last_post_at);
  return (
    <li class={`hit${open ? " open" : ""}`} data-id={hit.id}>
      <Avatar id={hit.id} name={hit.name} handle={hit.handle} />
      <div class="who">
        <h3>
          <Name hit={hit} open={open} />
          {hit.verified && <VerifiedMark />}
        </h3>
        <Handles hit={hit} />
      </div>
      <span class="col-followers fact">
        <Figure value={hit.followers} unit="followers" />
      </span>
      <span class="col-rate fact">
        <Rate value={hit.engagement_rate} unit="engagement" />
      </span>
      <span class="col-niche fact" title={[hit.niche_label, ...(hit.secondary_niches ?? []).map(nicheName)].filter(Boolean).join(", ")}>
        {hit.niche_label ?? (hit.primary_niche ? nicheName(hit.primary_niche) : <Unknown what="niche" />)}
      </span>
      <span class="col-country fact" title={hit.country ? countryName(hit.country) : undefined}>
        {hit.country ? <Country code={hit.country} /> : <Unknown what="country" />}
      </span>
      <span class={`col-activity fact ${hit.activity === "dormant" ? "warn" : ""}`} title={posted ? `last post ${posted}, ${onDay(hit.last_post_at)}` : undefined}>
        {active ? activityName(active) : <Unknown what="activity" />}
      </span>
      <p class="why" title={hit.why ?? undefined}>
        <bdi>{hit.why}</bdi>
      </p>
      <Snippet hit={hit} />
      <ScoreBar hit={hit} ranked={sortField === "score"} />
    </li>
  );
}

/** Cards of one answer never change: only opening one does. */
export const ResultCard = memo(Card, (a, b) => a.hit === b.hit && a.open === b.open && a.sortField === b.sortField);
