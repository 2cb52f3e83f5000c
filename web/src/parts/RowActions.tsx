// What can be done with a row: put it side by side with others, or out of sight. They show when the row is under the
// pointer or has the focus; where there is no pointer, the open creator has the same two.
import type { Summary } from "../api/types.ts";
import { compareFull, toggleCompare } from "../state/compare.ts";
import { hide, unhide } from "../state/hidden.ts";
import { comparedAtMost } from "../state/view.ts";
import { nameOf } from "./Who.tsx";

export function CompareButton({ who, compared }: { who: Summary; compared: boolean }) {
  const full = !compared && compareFull();
  return (
    <button
      type="button"
      class="button small-button"
      aria-pressed={compared}
      disabled={full}
      title={full ? `${comparedAtMost} at most stand side by side` : compared ? "Take out of the comparison (c)" : "Put side by side with others (c)"}
      onClick={() => toggleCompare(who.id)}
    >
      {compared ? "Compared" : "Compare"}
      <span class="sr"> {nameOf(who)}</span>
    </button>
  );
}

export function HideButton({ who }: { who: Summary }) {
  return (
    <button type="button" class="button small-button" title="Hide for this session (h)" onClick={() => hide(who.id)}>
      Hide<span class="sr"> {nameOf(who)}</span>
    </button>
  );
}

export function RowActions({ who, compared }: { who: Summary; compared: boolean }) {
  return (
    <span class={`row-actions${compared ? " on" : ""}`}>
      <CompareButton who={who} compared={compared} />
      <HideButton who={who} />
    </span>
  );
}

/** What is left of a hidden creator: its place and the way back. */
export function HiddenRow({ who }: { who: Summary }) {
  return (
    <li class="hit away" data-id={who.id}>
      <span class="muted away-name">
        <bdi>{nameOf(who)}</bdi> is hidden
      </span>
      <button type="button" class="ghost" onClick={() => unhide(who.id)}>
        Show again<span class="sr"> {nameOf(who)}</span>
      </button>
    </li>
  );
}
