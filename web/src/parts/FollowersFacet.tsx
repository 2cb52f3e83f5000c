// Followers: bands with counts, a double slider on a logarithmic scale, and the exact bounds.
import { useEffect, useRef, useState } from "preact/hooks";
import type { FacetValue } from "../api/types.ts";
import { effectiveChoice, setValue } from "../state/facets.ts";
import { effectiveRange, setRange, sliderStep, sliderSteps, sliderValue } from "../state/ranges.ts";
import { view } from "../state/store.ts";
import { valueMeaning, valueName } from "../text/label.ts";
import { exact, short } from "../text/number.ts";
import { Group } from "./Group.tsx";
import { NumberBox } from "./NumberBox.tsx";

const order = ["nano", "micro", "mid", "macro", "mega"];
const settleMs = 150;

function Bands({ bands }: { bands: FacetValue[] | undefined }) {
  const choice = effectiveChoice(view.value, "follower_band");
  const count = (band: string) => bands?.find((one) => one.value === band)?.count ?? 0;
  const most = Math.max(1, ...order.map(count));
  return (
    <div class="bands" role="group" aria-label="Bands of followers">
      {order.map((band) => {
        const on = choice.any.includes(band);
        const out = choice.none.includes(band);
        return (
          <button
            key={band}
            type="button"
            class={`band${out ? " out" : ""}`}
            aria-pressed={on}
            title={`${valueMeaning("follower_band", band)}: ${exact(count(band))} creators`}
            onClick={() => setValue("follower_band", band, on || out ? "off" : "in")}
          >
            <span class="band-bar" aria-hidden="true">
              <span style={{ height: `${Math.round((count(band) / most) * 100)}%` }} />
            </span>
            <span class="band-name">{valueName("follower_band", band)}</span>
            <span class="band-count num">{bands ? short(count(band)) : " "}</span>
          </button>
        );
      })}
    </div>
  );
}

function Slider() {
  const range = effectiveRange(view.value, "followers");
  const fixed = {
    low: range.min === null ? 0 : sliderStep(range.min),
    high: range.max === null ? sliderSteps : sliderStep(range.max),
  };
  const [held, setHeld] = useState<{ low: number; high: number } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setHeld(null), [range.min, range.max]);
  const { low, high } = held ?? fixed;
  const move = (next: { low: number; high: number }) => {
    setHeld(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const min = next.low === fixed.low ? range.min : next.low === 0 ? null : sliderValue(next.low);
      const max = next.high === fixed.high ? range.max : next.high === sliderSteps ? null : sliderValue(next.high);
      setRange("followers", min, max);
    }, settleMs);
  };
  const say = (step: number, end: number) => (step === end ? "no bound" : `${exact(sliderValue(step))} followers`);
  const share = (step: number) => (step / sliderSteps) * 100;
  return (
    <div class="slider">
      <span class="slider-track" aria-hidden="true">
        <span style={{ left: `${share(low)}%`, right: `${100 - share(high)}%` }} />
      </span>
      <input
        type="range"
        min={0}
        max={sliderSteps}
        value={low}
        aria-label="Followers at least"
        aria-valuetext={say(low, 0)}
        title={say(low, 0)}
        onInput={(event) => move({ low: Math.min(Number(event.currentTarget.value), high - 1), high })}
      />
      <input
        type="range"
        min={0}
        max={sliderSteps}
        value={high}
        aria-label="Followers at most"
        aria-valuetext={say(high, sliderSteps)}
        title={say(high, sliderSteps)}
        onInput={(event) => move({ low, high: Math.max(Number(event.currentTarget.value), low + 1) })}
      />
      <span class="slider-scale muted num" aria-hidden="true">
        <span>100</span>
        <span>10k</span>
        <span>1M</span>
        <span>100M</span>
      </span>
    </div>
  );
}

export function FollowersFacet({ bands }: { bands: FacetValue[] | undefined }) {
  const range = effectiveRange(view.value, "followers");
  const set = range.min !== null || range.max !== null;
  return (
    <Group fields="followers follower_band" name="Followers" set={set ? "set" : null} open>
      <Bands bands={bands} />
      <Slider />
      <div class="bounds">
        <NumberBox
          label="Followers at least"
          value={range.min}
          placeholder="from 0"
          onCommit={(value) => setRange("followers", value, range.max)}
        />
        <span class="muted">to</span>
        <NumberBox
          label="Followers at most"
          value={range.max}
          placeholder="any"
          onCommit={(value) => setRange("followers", range.min, value)}
        />
      </div>
    </Group>
  );
}
