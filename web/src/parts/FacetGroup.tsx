// One keyword field: its values with counts; each can be wanted or kept out.
import { useRef, useState } from "preact/hooks";
import type { FacetValue } from "../api/types.ts";
import { effectiveChoice, setValue } from "../state/facets.ts";
import { view } from "../state/store.ts";
import { fieldName, valueMeaning, valueName } from "../text/label.ts";
import { exact } from "../text/number.ts";
import { Group } from "./Group.tsx";

const shownAtFirst = 6;

interface Props {
  field: string;
  values: FacetValue[] | undefined;
  open: boolean;
}

interface RowProps {
  field: string;
  value: string;
  count: number | null;
  stand: "off" | "in" | "out";
}

function Row({ field, value, count, stand }: RowProps) {
  const name = valueName(field, value);
  const out = stand === "out";
  return (
    <li class={`facet ${stand}`}>
      <label title={valueMeaning(field, value) ?? undefined}>
        <input
          type="checkbox"
          checked={stand === "in"}
          disabled={out}
          data-value={value}
          onChange={() => setValue(field, value, stand === "in" ? "off" : "in")}
        />
        <bdi class="facet-name">{name}</bdi>
        <span class="sr">{count === null ? "" : `, ${exact(count)} creators`}</span>
      </label>
      <span class="facet-count num" aria-hidden="true">
        {count === null ? "" : exact(count)}
      </span>
      <button
        type="button"
        class="facet-not"
        aria-pressed={out}
        title={out ? `Allow ${name} again` : `Without ${name}`}
        onClick={() => setValue(field, value, out ? "off" : "out")}
      >
        not
      </button>
    </li>
  );
}

/**
 * Values in the order they had, as long as the words are the same: rows that change places under the hand are missed
 * by the pointer and lose the focus.
 */
function useSteadyOrder(values: FacetValue[]): FacetValue[] {
  const seen = useRef<{ q: string; order: string[] }>({ q: "", order: [] });
  const q = view.value.q;
  const before = seen.current.q === q ? seen.current.order : [];
  const place = new Map(before.map((value, i) => [value, i]));
  const steady = [...values].sort((a, b) => (place.get(a.value) ?? before.length) - (place.get(b.value) ?? before.length));
  if (values.length > 0) seen.current = { q, order: [...before, ...values.map((one) => one.value).filter((one) => !place.has(one))] };
  return steady;
}

export function FacetGroup({ field, values, open }: Props) {
  const [all, setAll] = useState(false);
  const choice = effectiveChoice(view.value, field);
  const known = useSteadyOrder(values ?? []);
  const missing = [...choice.any, ...choice.none].filter((value) => !known.some((one) => one.value === value));
  const rows: { value: string; count: number | null }[] = [...known, ...missing.map((value) => ({ value, count: values ? 0 : null }))];
  const chosen = new Set([...choice.any, ...choice.none]);
  // What is chosen stays in sight even when the list is cut.
  const shown = all ? rows : rows.filter((one, i) => i < shownAtFirst || chosen.has(one.value));
  const hidden = rows.length - shown.length;
  const stand = (value: string) => (choice.none.includes(value) ? "out" : choice.any.includes(value) ? "in" : "off");
  return (
    <Group fields={field} name={fieldName(field)} set={chosen.size > 0 ? `${chosen.size} set` : null} open={open}>
      {values === undefined && <BoneRows />}
      {values !== undefined && rows.length === 0 && <p class="muted group-none">Nothing to choose from here.</p>}
      <ul class="facet-list">
        {shown.map((one) => (
          <Row key={one.value} field={field} value={one.value} count={one.count} stand={stand(one.value)} />
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" class="ghost facet-more" onClick={() => setAll(true)}>
          Show {hidden} more
        </button>
      )}
      {all && rows.length > shownAtFirst && (
        <button type="button" class="ghost facet-more" onClick={() => setAll(false)}>
          Show fewer
        </button>
      )}
    </Group>
  );
}

function BoneRows() {
  return (
    <ul class="facet-list" aria-hidden="true">
      {[70, 55, 62, 48, 58, 40].map((width) => (
        <li key={width} class="facet">
          <span class="bone" style={{ width: `${width}%` }} />
        </li>
      ))}
    </ul>
  );
}
