import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Growth as Series } from "../api/types.ts";
import { spikes, toPoints, totalChange } from "../text/growth.ts";
import type { Point } from "../text/growth.ts";
import { platformName } from "../text/label.ts";
import { exact, short, signedPercent } from "../text/number.ts";
import { onDay } from "../text/time.ts";
import { PlatformMark } from "./PlatformMark.tsx";

interface Props {
  series: Series[];
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

function Plot({ points, label }: { points: Point[]; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [dark, setDark] = useState(matchMedia("(prefers-color-scheme: dark)").matches);
  const [at, setAt] = useState<Point | null>(null);
  const [failed, setFailed] = useState(false);
  const found = useMemo(() => spikes(points), [points]);
  useEffect(() => {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const onChange = () => setDark(scheme.matches);
    scheme.addEventListener("change", onChange);
    return () => scheme.removeEventListener("change", onChange);
  }, []);
  useEffect(() => {
    const target = place.current;
    if (!target) return;
    let stop: (() => void) | undefined;
    let gone = false;
    const onPoint = (event: Event) => setAt((event as CustomEvent<Point | null>).detail);
    target.addEventListener("point", onPoint);
    import("./plot.ts").then(
      ({ draw }) => {
        if (!gone) stop = draw(target, points, found);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      target.removeEventListener("point", onPoint);
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
          {found.map((spike) => (
            <li key={spike.index}>
              <span class={`dot ${spike.change > 0 ? "up" : "down"}`} aria-hidden="true" />
              <b>{signedPercent(spike.change)}</b>{" "}
              {day(points[spike.index - 1]![0])} to {day(points[spike.index]![0])}, far from the usual
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Growth({ series, handleOf }: Props) {
  const usable = useMemo(
    () => series.map((one) => ({ ...one, line: toPoints(one.points) })).filter((one) => one.line.length > 1),
    [series],
  );
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
      <Plot points={now.line} label={label} />
    </div>
  );
}
