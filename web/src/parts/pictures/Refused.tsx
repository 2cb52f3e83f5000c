// Words that this server cannot compare with pictures: what works instead, and the one command that adds the rest.
import type { Problem } from "../../api/problem.ts";
import { change, view } from "../../state/store.ts";
import { asksPictures } from "../../state/view.ts";

export const pullCommand = "creatordex model pull clip-vit-base-patch32";
export const switchCommand = "creatordex model switch clip-vit-base-patch32";

export function refusesWords(failed: Problem): boolean {
  return failed.errors.some((one) => one.code === "words_not_read");
}

export function Refused() {
  const now = view.value;
  const without = { ...now.pictures, text: "", lessText: "" };
  const words = now.pictures.text;
  return (
    <div class="note" role="alert">
      <h2>Words cannot be compared with pictures here</h2>
      <p>
        Pictures are compared by their colours and shapes. An example picture works; words need a model that reads both, and none is installed.
        These bring one, while this server runs: <code>{pullCommand}</code>, then <code>{switchCommand}</code>
      </p>
      <p class="note-actions">
        {asksPictures(without) && (
          <button type="button" class="button primary" onClick={() => change({ pictures: without })}>
            Go on without the words
          </button>
        )}
        {words !== "" && now.q === "" && (
          <button type="button" class="button" onClick={() => change({ place: "search", q: words, creator: null })}>
            Search creators’ texts for “{words.length > 40 ? `${words.slice(0, 39)}…` : words}”
          </button>
        )}
      </p>
    </div>
  );
}

/** The same in one line, while nothing was refused. */
export function WordsLine() {
  return (
    <p class="status-line">
      <span>
        Pictures are compared by colours and shapes: an example works, words do not.{" "}
        <code>{pullCommand}</code>, then <code>{switchCommand}</code>, add them; no restart is needed.
      </span>
    </p>
  );
}
