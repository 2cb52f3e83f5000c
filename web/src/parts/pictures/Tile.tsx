// One creator of the grid: the picture that is nearest, further ones below it, and whose they are.
import type { MatchedPicture, PictureHit } from "../../api/pictures.ts";
import type { Copy } from "../../state/copies.ts";
import { keyOf } from "../../state/copies.ts";
import { report } from "../../state/events.ts";
import { picturesLike } from "../../state/picturesLike.ts";
import { Avatar } from "../Avatar.tsx";
import { Figure } from "../Figure.tsx";
import { Link } from "../Link.tsx";
import { memo } from "../memo.ts";
import { HiddenRow, RowActions } from "../RowActions.tsx";
import { nameOf } from "../Who.tsx";
import { Thumbnail, wordsOf } from "./Thumbnail.tsx";

const furtherShown = 3;

interface Props {
  hit: PictureHit;
  open: boolean;
  compared: boolean;
  hidden: boolean;
  copies: Map<string, Copy>;
}

function Similarity({ value }: { value: number }) {
  return (
    <span class="similarity num" title={`cosine ${value.toFixed(4)}`}>
      {value.toFixed(2)}
      <span class="sr"> similar</span>
    </span>
  );
}

/** "same picture as @x" */
function Same({ copy }: { copy: Copy }) {
  const { of } = copy;
  const name = of.handle ? `@${of.handle}` : nameOf(of);
  return (
    <p class="same">
      same picture as{" "}
      <Link class="text-link" to={(now) => ({ ...now, creator: of.id })} title={nameOf(of)}>
        <bdi>{name}</bdi>
      </Link>
    </p>
  );
}

function Further({ picture, owner, same }: { picture: MatchedPicture; owner: string; same: Copy | undefined }) {
  const words = `Pictures like this one. ${picture.similarity.toFixed(2)} similar${same ? `, same picture as ${same.of.handle ?? nameOf(same.of)}` : ""}`;
  return (
    <li class={same ? "copied" : undefined}>
      <Link to={(now) => picturesLike(now, picture.sha256)} title={words}>
        <Thumbnail picture={picture} words={`${words}. ${wordsOf(picture, owner)}`} />
      </Link>
    </li>
  );
}

function Card({ hit, open, compared, hidden, copies }: Props) {
  if (hidden) return <HiddenRow who={hit} />;
  const name = nameOf(hit);
  const [first, ...rest] = hit.pictures;
  const same = first && copies.get(keyOf(hit.id, first.sha256));
  const more = rest.length - furtherShown;
  return (
    <li class={`hit tile${open ? " open" : ""}`} data-id={hit.id}>
      <div class="tile-picture">
        {first && <Thumbnail picture={first} words={wordsOf(first, name)} />}
        {first && <Similarity value={first.similarity} />}
        {first && (
          <Link class="tile-like" to={(now) => picturesLike(now, first.sha256)} title="Find pictures like this one">
            Like this<span class="sr"> one of {name}</span>
          </Link>
        )}
      </div>
      <div class="tile-who">
        <Avatar id={hit.id} name={hit.name} handle={hit.handle} />
        <h3>
          <Link class="hit-name" to={(now) => ({ ...now, creator: hit.id })} how={open ? "replace" : "push"} current={open} title={name} dir="auto" onOpen={() => report(hit.id, "click")}>
            {name}
          </Link>
        </h3>
        <Figure value={hit.followers} unit="followers" />
      </div>
      {same && <Same copy={same} />}
      {rest.length > 0 && (
        <ul class="tile-further" aria-label={`Further pictures of ${name}`}>
          {rest.slice(0, furtherShown).map((one) => (
            <Further key={one.sha256} picture={one} owner={name} same={copies.get(keyOf(hit.id, one.sha256))} />
          ))}
          {more > 0 && <li class="muted small num">+{more}</li>}
        </ul>
      )}
      <RowActions who={hit} compared={compared} />
    </li>
  );
}

export const Tile = memo(
  Card,
  (a, b) => a.hit === b.hit && a.open === b.open && a.compared === b.compared && a.hidden === b.hidden && a.copies === b.copies,
);

export function TileBones({ count }: { count: number }) {
  return (
    <ol class="tiles" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <li key={i} class="hit tile bones">
          <span class="tile-picture bone" />
          <span class="bone line-a" />
        </li>
      ))}
    </ol>
  );
}
