// One creator for the brief: who, the parts of the score as bars, and why in a sentence.
import { useState } from "preact/hooks";
import type { Match } from "../../api/match.ts";
import { Avatar } from "../Avatar.tsx";
import { Money } from "../Figure.tsx";
import { memo } from "../memo.ts";
import { HiddenRow, RowActions } from "../RowActions.tsx";
import { Facts, Who } from "../Who.tsx";
import { Meters, Reckoning } from "./Meters.tsx";

interface Props {
  match: Match;
  open: boolean;
  compared: boolean;
  hidden: boolean;
}

function Row({ match, open, compared, hidden }: Props) {
  const [told, setTold] = useState(false);
  if (hidden) return <HiddenRow who={match} />;
  return (
    <li class={`hit match-hit${open ? " open" : ""}`} data-id={match.id}>
      <Avatar id={match.id} name={match.name} handle={match.handle} />
      <Who who={match} open={open} />
      <Facts who={match} />
      <span class="col-activity fact right">
        <Money value={match.price_usd} unit="price" />
      </span>
      <p class="why" title={match.why ?? undefined}>
        <bdi>{match.why}</bdi>
      </p>
      <span class="col-score total" title={`Rank ${match.rank}`}>
        <span class="num">{match.score.toFixed(2)}</span>
        <span class="bar" aria-hidden="true">
          <span class="part part-keyword" style={{ width: `${match.score * 100}%` }} />
        </span>
      </span>
      <Meters match={match} open={told} onToggle={() => setTold(!told)} />
      <RowActions who={match} compared={compared} />
      {told && <Reckoning match={match} />}
    </li>
  );
}

export const MatchRow = memo(
  Row,
  (a, b) => a.match === b.match && a.open === b.open && a.compared === b.compared && a.hidden === b.hidden,
);
