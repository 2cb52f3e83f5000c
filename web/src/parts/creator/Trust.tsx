// How believable the followers are, and what the quality score is made of: values with their parts.
import type { Creator, Credibility as Value } from "../../api/types.ts";
import { partName } from "../../text/label.ts";
import { percent } from "../../text/number.ts";
import { PartsTable } from "../PartsTable.tsx";

function Band({ found }: { found: Value }) {
  const { value, low, high } = found;
  return (
    <p class="credibility">
      <b class="num credibility-value">{value.toFixed(2)}</b>
      <span class="trust-band" role="img" aria-label={`${value.toFixed(2)}, between ${low.toFixed(2)} and ${high.toFixed(2)}`}>
        <span class="trust-range" style={{ left: `${low * 100}%`, width: `${Math.max(0, high - low) * 100}%` }} />
        <span class="trust-value" style={{ left: `${value * 100}%` }} />
      </span>
      <span class="muted num small">
        {low.toFixed(2)} to {high.toFixed(2)}
      </span>
    </p>
  );
}

/** What the width of the band says: as much of the weight as is not known. */
function known({ low, high }: Value): string {
  const share = 1 - Math.max(0, high - low);
  const much = share >= 0.8 ? "Most of what could speak for or against them is public" : share >= 0.4 ? "Some of what could speak for or against them is public" : "Little of what could speak for or against them is public";
  return `${much} (${percent(share)}).`;
}

export function Credibility({ creator }: { creator: Creator }) {
  const found = creator.credibility;
  if (!found) return <p class="muted">Too little is public to say how believable the followers are.</p>;
  const parts = creator.credibility_parts ?? [];
  return (
    <>
      <Band found={found} />
      <p>{known(found)}</p>
      {parts.length > 0 && (
        <table class="trust-table">
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" class="reason">
                What is known
              </th>
              <th scope="col">Value</th>
              <th scope="col">Weight</th>
            </tr>
          </thead>
          <tbody>
            {parts.map((one) => (
              <tr key={one.name}>
                <th scope="row">{partName(one.name)}</th>
                <td class="reason">
                  <bdi>{one.words}</bdi>
                </td>
                <td class="num">{one.value.toFixed(2)}</td>
                <td class="num">{one.weight.toFixed(2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="muted small">The less is known, the wider the band and the nearer the value to a half.</p>
    </>
  );
}

export function Quality({ creator }: { creator: Creator }) {
  const parts = creator.quality_parts ?? [];
  if (creator.quality === null) return <p class="muted">Not known.</p>;
  if (parts.length === 0) {
    return (
      <p>
        <b class="num">{creator.quality.toFixed(2)}</b> <span class="muted">of 1; its parts are not known</span>
      </p>
    );
  }
  return (
    <PartsTable
      className="trust-table"
      parts={parts.map((one) => ({ ...one, adds: one.value * one.weight }))}
      total="Quality"
      nameOf={partName}
    />
  );
}
