import { runSearch } from "../state/results.ts";
import { service } from "../state/status.ts";
import { exact } from "../text/number.ts";

/** Nothing to search in yet. */
export function NoCreators() {
  const now = service.value;
  const waiting = now && now.creators > 0;
  return (
    <div class="note">
      <h2>{waiting ? "Getting ready" : "No creators yet"}</h2>
      {waiting ? (
        <p>
          {exact(now.indexed)} of {exact(now.creators)} creators are in the index so far.
        </p>
      ) : (
        <p>
          Bring some in: <code>creatordex import FILE.csv</code>, or <code>./x demo</code> for a sample of 1,000.
        </p>
      )}
      <p class="note-actions">
        <button type="button" class="button" onClick={() => void runSearch()}>
          Look again
        </button>
      </p>
    </div>
  );
}
