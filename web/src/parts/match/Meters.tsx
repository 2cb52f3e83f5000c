// The parts of a match as bars; what each rests on in words, on hover, on focus, and opened with the numbers.
import type { Match, MatchPart } from "../../api/match.ts";
import { partName } from "../../text/label.ts";
import { roundToSum } from "../../text/number.ts";

const digits = 3;

export function Meter({ part }: { part: MatchPart }) {
  const known = part.value !== null;
  return (
    <span class={`meter${known ? "" : " unknown"}`} title={`${partName(part.name)}: ${part.reason}`}>
      <span class="meter-name">{partName(part.name)}</span>
      <span class="meter-value num">{part.value === null ? "unknown" : part.value.toFixed(2)}</span>
      <span class="meter-track" aria-hidden="true">
        {part.value !== null && <span style={{ width: `${part.value * 100}%` }} />}
      </span>
    </span>
  );
}

function spoken(part: MatchPart): string {
  return `${partName(part.name)} ${part.value === null ? "not known" : part.value.toFixed(2)}, ${part.reason}`;
}

export function Meters({ match, open, onToggle }: { match: Match; open: boolean; onToggle: () => void }) {
  return (
    <div class="meters-place">
      <button
        type="button"
        class="meters"
        aria-expanded={open}
        aria-label={`Match ${match.score.toFixed(2)}: ${match.parts.map(spoken).join("; ")}. The numbers.`}
        onClick={onToggle}
      >
        {match.parts.map((part) => (
          <Meter key={part.name} part={part} />
        ))}
      </button>
      {!open && (
        <ul class="reasons" aria-hidden="true">
          {match.parts.map((part) => (
            <li key={part.name}>
              <b>{partName(part.name)}</b> <bdi>{part.reason}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function detail(value: number): string {
  return String(Number(value.toFixed(digits)));
}

/** How the score comes about; what is printed adds up. */
export function Reckoning({ match }: { match: Match }) {
  const rounded = roundToSum(match.parts.map((one) => one.contribution), digits);
  return (
    <div class="numbers reckoning">
      <table>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" class="reason">
              Why
            </th>
            <th scope="col">Value</th>
            <th scope="col">Weight</th>
            <th scope="col">Adds</th>
          </tr>
        </thead>
        <tbody>
          {match.parts.map((part, i) => (
            <tr key={part.name}>
              <th scope="row">{partName(part.name)}</th>
              <td class="reason">
                <bdi>{part.reason}</bdi>
                {(part.details ?? []).length > 0 && (
                  <span class="muted num reason-details">
                    {(part.details ?? []).map((one) => `${one.name.replace(/_/g, " ")} ${detail(one.value)}`).join(" · ")}
                  </span>
                )}
              </td>
              <td class="num">{part.value === null ? "not known" : part.value.toFixed(digits)}</td>
              <td class="num">{part.value === null ? "–" : `× ${detail(part.weight)}`}</td>
              <td class="num">{part.value === null ? "–" : rounded.parts[i]?.toFixed(digits)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={4}>
              Match
            </th>
            <td class="num">{rounded.total.toFixed(digits)}</td>
          </tr>
        </tfoot>
      </table>
      {match.parts.some((part) => part.value === null) && (
        <p class="muted">What is not known counts neither for nor against: the other parts share its weight.</p>
      )}
      {match.clamped && <p class="muted">The likeness lay outside 0 to 1 and was held at its edge.</p>}
    </div>
  );
}
