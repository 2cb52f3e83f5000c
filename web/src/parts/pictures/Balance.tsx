// How much one thing counts against another: a slider with both ends named.
import { useEffect, useRef, useState } from "preact/hooks";

const settleMs = 200;

interface Props {
  label: string;
  low: string;
  high: string;
  value: number; // share of the high end
  onChange: (share: number) => void;
}

export function Balance({ label, low, high, value, onChange }: Props) {
  const [held, setHeld] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setHeld(null), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = held ?? value;
  const said = `${Math.round((1 - now) * 100)}% ${low.toLowerCase()}, ${Math.round(now * 100)}% ${high.toLowerCase()}`;
  return (
    <label class="balance" title={`${label}: ${said}`}>
      <span class="sr">{label}</span>
      <span class="balance-end">{low}</span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.05"
        value={now}
        aria-valuetext={said}
        onInput={(event) => {
          const share = Number(event.currentTarget.value);
          setHeld(share);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onChange(share), settleMs);
        }}
      />
      <span class="balance-end">{high}</span>
    </label>
  );
}
