// The parts of the compared creators' scores for the brief: read from the matches, further down the list if need be.
import { useEffect } from "preact/hooks";
import type { Match } from "../../api/match.ts";
import { answer, findMatches, matches, more } from "../../state/match.ts";
import { partName } from "../../text/label.ts";
import { Meter } from "../match/Meters.tsx";
import type { Column } from "./Compare.tsx";

function partNames(found: Match[]): string[] {
  return [...new Set(found.flatMap((one) => one.parts.map((part) => part.name)))];
}

function Missing({ reading }: { reading: boolean }) {
  if (reading) return <span class="bone cell-bone" />;
  return (
    <span class="unknown" title="Outside the brief’s bounds, or further down than was looked">
      not among the matches
    </span>
  );
}

export function MatchParts({ columns }: { columns: Column[] }) {
  const page = answer.value;
  const list = matches.value;
  const ids = columns.map((one) => one.id);
  useEffect(() => {
    if (page) void findMatches(ids);
  }, [page, ids.join(" ")]);
  const found = ids.map((id) => list.find((one) => one.id === id));
  const known = found.filter((one): one is Match => one !== undefined);
  const reading = !page || more.value.loading;
  const names = partNames(known.length > 0 ? known : list.slice(0, 1));
  return (
    <tbody class="compare-parts">
      <tr>
        <th scope="row">Match</th>
        {found.map((one, i) => (
          <td key={ids[i]}>{one ? <b class="num">{one.score.toFixed(2)}</b> : <Missing reading={reading} />}</td>
        ))}
      </tr>
      {names.map((name) => (
        <tr key={name}>
          <th scope="row">{partName(name)}</th>
          {found.map((one, i) => {
            const part = one?.parts.find((each) => each.name === name);
            return (
              <td key={ids[i]}>
                {part ? (
                  <>
                    <Meter part={part} />
                    <span class="muted small compare-reason">
                      <bdi>{part.reason}</bdi>
                    </span>
                  </>
                ) : one ? (
                  <span class="muted">not a part</span>
                ) : (
                  <Missing reading={reading} />
                )}
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}
