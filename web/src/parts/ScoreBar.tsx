// The score as a thin bar of its parts; it opens to the numbers, which add up as they are printed.
import { useState } from "preact/hooks";
import type { Explain, Hit } from "../api/types.ts";
import { toProblem } from "../api/problem.ts";
import { explain } from "../state/results.ts";
import { roundToSum } from "../text/number.ts";
import { safeUrl } from "./Handle.tsx";
import { PartsTable } from "./PartsTable.tsx";

const names: Record<string, string> = { keyword: "Words", semantic: "Meaning", quality: "Quality" };
const digits = 3;

function partName(name: string): string {
  return names[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replace(/_/g, " ");
}

function Details({ found, failed }: { found: Explain | null; failed: string | null }) {
  if (failed) return <p class="muted">The details could not be had: {failed}</p>;
  if (!found) return <p class="muted explain-wait">Asking for the details…</p>;
  const rows = [...(found.keyword ?? []), ...(found.semantic ?? [])];
  const content = found.content ?? [];
  if (rows.length + content.length === 0) return <p class="muted explain-wait">No word or text stands out.</p>;
  return (
    <div class="explain">
      <ul>
        {rows.map((one) => (
          <li key={one.name}>
            <bdi>{one.name}</bdi> <span class="num">{one.value.toFixed(3)}</span>
          </li>
        ))}
      </ul>
      {content.length > 0 && (
        <ul>
          {content.map((one, i) => {
            const to = safeUrl(one.url);
            return (
              <li key={i} dir="auto">
                {to ? (
                  <a href={to} target="_blank" rel="noopener noreferrer">
                    {one.title ?? to}
                  </a>
                ) : (
                  one.title
                )}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

export function ScoreBar({ hit, ranked }: { hit: Hit; ranked: boolean }) {
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<Explain | null>(hit.explain ?? null);
  const [failed, setFailed] = useState<string | null>(null);
  const rounded = roundToSum(hit.parts.map((one) => one.contribution), digits);
  const toggle = () => {
    setOpen(!open);
    if (open || found) return;
    setFailed(null);
    explain(hit.id).then(
      (got) => setFound(got ?? {}),
      (error: unknown) => setFailed(toProblem(error)?.message ?? "the search has changed"),
    );
  };
  const spoken = hit.parts.map((one, i) => `${partName(one.name)} ${rounded.parts[i]?.toFixed(2)}`).join(", ");
  return (
    <>
      <button
        type="button"
        class="col-score score"
        aria-expanded={open}
        aria-label={`Match ${hit.score.toFixed(2)}: ${spoken}`}
        title={`${spoken}. Open the numbers.`}
        onClick={toggle}
      >
        <span class={`num${ranked ? "" : " muted"}`}>{hit.score.toFixed(2)}</span>
        <span class="bar" aria-hidden="true">
          {hit.parts.map((one) => (
            <span
              key={one.name}
              class={`part part-${one.name}`}
              style={{ width: `${Math.max(0, Math.min(1, one.contribution)) * 100}%` }}
            />
          ))}
        </span>
      </button>
      {open && (
        <div class="numbers">
          <PartsTable
            parts={hit.parts.map((one) => ({ ...one, adds: one.contribution }))}
            total="Score"
            nameOf={(name) => (
              <>
                <span class={`key part-${name}`} aria-hidden="true" /> {partName(name)}
              </>
            )}
          />
          <Details found={found} failed={failed} />
        </div>
      )}
    </>
  );
}
