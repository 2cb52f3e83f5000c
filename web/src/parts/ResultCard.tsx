// One result: who, how big, and why it is here.
import { memo } from "./memo.ts";
import type { Hit } from "../api/types.ts";
import { activityName, fieldName } from "../text/label.ts";
import { ago, onDay } from "../text/time.ts";
import { Avatar } from "./Avatar.tsx";
import { Unknown } from "./Figure.tsx";
import { HiddenRow, RowActions } from "./RowActions.tsx";
import { Marked } from "./Marked.tsx";
import { ScoreBar } from "./ScoreBar.tsx";
import { Facts, Who } from "./Who.tsx";

interface Props {
  hit: Hit;
  open: boolean;
  sortField: string;
  compared: boolean;
  hidden: boolean;
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

function Card({ hit, open, sortField, compared, hidden }: Props) {
  if (hidden) return <HiddenRow who={hit} />;
  const active = hit.activity && hit.activity !== "unknown" ? hit.activity : null;
  const posted = ago(hit.last_post_at);
  return (
    <li class={`hit${open ? " open" : ""}`} data-id={hit.id}>
      <Avatar id={hit.id} name={hit.name} handle={hit.handle} />
      <Who who={hit} open={open} marked={hit.highlights?.find((one) => one.field === "name")?.html} />
      <Facts who={hit} />
      <span class={`col-activity fact ${hit.activity === "dormant" ? "warn" : ""}`} title={posted ? `last post ${posted}, ${onDay(hit.last_post_at)}` : undefined}>
        {active ? activityName(active) : <Unknown what="activity" />}
      </span>
      <p class="why" title={hit.why ?? undefined}>
        <bdi>{hit.why}</bdi>
      </p>
      <Snippet hit={hit} />
      <ScoreBar hit={hit} ranked={sortField === "score"} />
      <RowActions who={hit} compared={compared} />
    </li>
  );
}

/** Cards of one answer never change: only opening, choosing and hiding one does. */
export const ResultCard = memo(
  Card,
  (a, b) =>
    a.hit === b.hit && a.open === b.open && a.sortField === b.sortField && a.compared === b.compared && a.hidden === b.hidden,
);
