// Who is chosen for comparing: at the foot of the middle, only while somebody is.
import { useEffect, useState } from "preact/hooks";
import { toggleCompare } from "../state/compare.ts";
import { readCreator } from "../state/creators.ts";
import { listed } from "../state/shown.ts";
import { change, view } from "../state/store.ts";
import { comparedAtMost } from "../state/view.ts";
import { nameOf } from "./Who.tsx";

/** The name, from the list where it stands there, else asked for. */
function Chosen({ id }: { id: string }) {
  const row = listed.value.find((one) => one.id === id);
  const [asked, setAsked] = useState<string | null>(null);
  useEffect(() => {
    if (row) return;
    let gone = false;
    readCreator(id).then(
      (one) => !gone && setAsked(nameOf(one)),
      () => !gone && setAsked("not here any more"),
    );
    return () => void (gone = true);
  }, [id, row === undefined]);
  const name = row ? nameOf(row) : (asked ?? "…");
  return (
    <li class="chip set">
      <span class="chip-label" title={name}>
        <bdi>{name}</bdi>
      </span>
      <button type="button" class="chip-remove" title={`Take out ${name}`} aria-label={`Take out ${name}`} onClick={() => toggleCompare(id)}>
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path d="M2 2l6 6M8 2L2 8" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
        </svg>
      </button>
    </li>
  );
}

export function Tray() {
  const { compare, show } = view.value;
  if (compare.length === 0 || show === "compare") return null;
  return (
    <section class="tray" aria-label="Comparison">
      <ul class="chip-list">
        {compare.map((id) => (
          <Chosen key={id} id={id} />
        ))}
      </ul>
      <span class="muted num tray-count">
        {compare.length} of {comparedAtMost}
      </span>
      <button type="button" class="ghost" onClick={() => change({ compare: [] }, "replace")}>
        Clear
      </button>
      <button
        type="button"
        class="button primary"
        disabled={compare.length < 2}
        title={compare.length < 2 ? "Choose at least two" : undefined}
        onClick={() => change({ show: "compare" })}
      >
        Compare
      </button>
    </section>
  );
}
