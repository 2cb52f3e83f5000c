// A number field with a lower and an upper bound.
import { effectiveRange, setRange } from "../state/ranges.ts";
import { view } from "../state/store.ts";
import { fieldName } from "../text/label.ts";
import { Group } from "./Group.tsx";
import { NumberBox } from "./NumberBox.tsx";

interface Props {
  field: string;
  unit: string;
  scale: number; // shown = kept * scale
  example: string;
}

export function RangeFacet({ field, unit, scale, example }: Props) {
  const range = effectiveRange(view.value, field);
  const name = fieldName(field);
  const shown = (value: number | null) => (value === null ? null : Number((value * scale).toFixed(6)));
  const kept = (value: number | null) => (value === null ? null : Number((value / scale).toFixed(8)));
  const set = range.min !== null || range.max !== null;
  return (
    <Group fields={field} name={name} set={set ? "set" : null} open={false}>
      <div class="bounds">
        <NumberBox
          label={`${name} at least, ${unit}`}
          value={shown(range.min)}
          placeholder={`from ${example}`}
          onCommit={(value) => setRange(field, kept(value), range.max)}
        />
        <span class="muted">to</span>
        <NumberBox
          label={`${name} at most, ${unit}`}
          value={shown(range.max)}
          placeholder="any"
          onCommit={(value) => setRange(field, range.min, kept(value))}
        />
        <span class="muted">{unit}</span>
      </div>
    </Group>
  );
}
