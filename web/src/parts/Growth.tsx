import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Growth as Series, Spike } from "../api/types.ts";
import { jumps, toPoints, totalChange } from "../text/growth.ts";
import type { Jump, Point } from "../text/growth.ts";
import { platformName } from "../text/label.ts";
import { exact, short, signedPercent } from "../text/number.ts";
import { onDay } from "../text/time.ts";
import { PlatformMark } from "./PlatformMark.tsx";
import { useDark } from "./plot/useDark.ts";

interface Props {
  series: Series[];
  spikes: Spike[];
  handleOf: (account: string) => string | null;
}

function day(seconds: number): string {
  return onDay(new Date(seconds * 1000).toISOString()) ?? "";
}

const metricNames: Record<string, string> = {
  followers: "followers",
  total_views: "views in all",
  content_count: "posts",
  average_views: "views a post",
  average_likes: "likes a post",
};

function Plot({ points, found, label }: { points: Point[]; found: Jump[]; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const [at, setAt] = useState<Point | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const target = place.current;
    if (!target) return;
    let stop: (() => void) | undefined;
    let gone = false;
    import("./plot/growth.ts").then(
      ({ draw }) => {
        if (!gone) stop = draw(target, points, found, setAt);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [points, found, dark]);
  return (
    <>
      <div class="plot" ref={place} role="img" aria-label={label}>
        {failed && <p class="muted">The plot could not be loaded.</p>}
      </div>
      <p class="plot-say num" aria-hidden="true">
        {at ? `${day(at[0])}: ${exact(at[1])}` : label}
      </p>
      {found.length > 0 && (
        <ul class="spikes">
          {found.map((jump) => (
            <li key={jump.index} title={`${jump.score.toFixed(1)} robust deviations from the expected`}>
              <span class={`dot ${jump.change > 0 ? "up" : "down"}`} aria-hidden="true" />
              <b>{signedPercent(jump.change)}</b> beyond what was expected, {day(points[jump.index]![0])}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Growth({ series, spikes, handleOf }: Props) {
  const usable = useMemo(() => {
    const lines = series.map((one) => ({ ...one, line: toPoints(one.points) })).filter((one) => one.line.length > 1);
    return lines.map((one) => ({ ...one, found: jumps(one.line, spikes, one.account, one.metric) }));
  }, [series, spikes]);
  const [chosen, setChosen] = useState(0);
  const now = usable[Math.min(chosen, usable.length - 1)];
  if (!now) return <p class="muted">Figures from more than one day are needed to show growth.</p>;
  const first = now.line[0]!;
  const last = now.line[now.line.length - 1]!;
  const change = totalChange(now.line);
  const metric = metricNames[now.metric] ?? now.metric;
  const label =
    `${short(first[1])} to ${short(last[1])} ${metric}, ${day(first[0])} to ${day(last[0])}` +
    (change === null ? "" : ` (${signedPercent(change)})`);
  return (
    <div class="growth">
      {usable.length > 1 && (
        <div class="tabs" role="group" aria-label="Account">
          {usable.map((one, i) => (
            <button
              key={`${one.account}:${one.metric}`}
              type="button"
              class="tab"
              aria-pressed={one === now}
              title={`${platformName(one.platform)}, ${metricNames[one.metric] ?? one.metric}`}
              onClick={() => setChosen(i)}
            >
              <PlatformMark platform={one.platform} />
              <bdi>{handleOf(one.account) ?? platformName(one.platform)}</bdi>
              {one.metric !== "followers" && <span class="muted">{metricNames[one.metric] ?? one.metric}</span>}
            </button>
          ))}
        </div>
      )}
      <Plot points={now.line} found={now.found} label={label} />
    </div>
  );
}
