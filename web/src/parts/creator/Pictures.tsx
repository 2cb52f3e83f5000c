// The pictures that a creator shows; each leads to pictures like it.
import { useState } from "preact/hooks";
import type { Creator, ShownPicture } from "../../api/types.ts";
import { picturesLike } from "../../state/picturesLike.ts";
import { exact } from "../../text/number.ts";
import { safeUrl } from "../Handle.tsx";
import { Link } from "../Link.tsx";
import { Thumbnail, wordsOf } from "../pictures/Thumbnail.tsx";
import { nameOf } from "../Who.tsx";

const shownAtFirst = 8;
const roles: Record<string, string> = { profile: "profile picture", content: "from a post", uploaded: "handed in" };

function Picture({ picture, owner }: { picture: ShownPicture; owner: string }) {
  const from = safeUrl(picture.url);
  const about = [picture.caption?.trim(), roles[picture.role ?? ""], picture.width && picture.height ? `${picture.width} × ${picture.height}` : null].filter(Boolean).join(" · ");
  return (
    <li title={about || undefined}>
      <Thumbnail picture={picture} words={wordsOf(picture, owner)} />
      <span class="strip-actions">
        <Link class="text-link" to={(now) => picturesLike(now, picture.sha256)} title="Find pictures like this one">
          Find like this<span class="sr"> {about || "one"}</span>
        </Link>
        {from && (
          <a class="text-link" href={from} target="_blank" rel="noopener noreferrer" title={from}>
            Source
          </a>
        )}
      </span>
    </li>
  );
}

export function CreatorPictures({ creator }: { creator: Creator }) {
  const [all, setAll] = useState(false);
  const pictures = creator.pictures ?? [];
  const shown = all ? pictures : pictures.slice(0, shownAtFirst);
  return (
    <>
      <ul class="strip">
        {shown.map((one) => (
          <Picture key={`${one.account}/${one.sha256}`} picture={one} owner={nameOf(creator)} />
        ))}
      </ul>
      {pictures.length > shown.length && (
        <button type="button" class="ghost" onClick={() => setAll(true)}>
          Show all {exact(pictures.length)}
        </button>
      )}
    </>
  );
}
