// Nothing asked yet: how to begin, with pictures that are there.
import { useEffect, useState } from "preact/hooks";
import * as searching from "../../api/client.ts";
import type { ShownPicture } from "../../api/types.ts";
import { service } from "../../state/status.ts";
import { picturesLike } from "../../state/picturesLike.ts";
import { exact } from "../../text/number.ts";
import { Link } from "../Link.tsx";
import { nameOf } from "../Who.tsx";
import { readsWords } from "./Ask.tsx";
import { Thumbnail, wordsOf } from "./Thumbnail.tsx";

const shown = 12;

interface Example {
  picture: ShownPicture;
  owner: string;
}

/** One picture of each of some creators. */
function useExamples(): Example[] {
  const [found, setFound] = useState<Example[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    searching.search({ limit: 100, highlight: false }, stop.signal).then(
      (page) => {
        const all = page.hits.flatMap((hit) => (hit.pictures ?? []).slice(0, 1).map((picture) => ({ picture, owner: nameOf(hit) })));
        setFound(all.filter((one) => one.picture.thumbnail !== null).slice(0, shown));
      },
      () => undefined, // a help that fails quietly
    );
    return () => stop.abort();
  }, []);
  return found;
}

export function Start() {
  const examples = useExamples();
  const there = service.value?.pictures;
  if (there && there.space === null) {
    return (
      <div class="note">
        <h2>Pictures are not searched here</h2>
        <p>
          This server was started without them. Set <code>image_model</code> to <code>layout</code>, or remove the setting, and start it
          again: colours and shapes need no model.
        </p>
      </div>
    );
  }
  if (there && there.total === 0) {
    return (
      <div class="note">
        <h2>No pictures yet</h2>
        <p>
          Bring some in: <code>creatordex images add</code> takes files and folders, <code>creatordex images fetch</code> addresses.
        </p>
      </div>
    );
  }
  return (
    <div class="note picture-start">
      <h2>What should the pictures look like?</h2>
      <p>
        Drop a picture anywhere, paste one, or choose a file{readsWords() ? ", or say it in words" : ""}. It is made small here and goes to
        this server only.
        {there ? ` ${exact(there.done)} ${there.done === 1 ? "picture" : "pictures"} can be found.` : ""}
      </p>
      {examples.length > 0 && (
        <>
          <p class="muted small">Or begin with one of these</p>
          <ul class="strip">
            {examples.map(({ picture, owner }) => (
              <li key={picture.sha256}>
                <Link to={(now) => picturesLike(now, picture.sha256)} title={`Pictures like this one of ${owner}`}>
                  <Thumbnail picture={picture} words={`Pictures like this one. ${wordsOf(picture, owner)}`} />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
