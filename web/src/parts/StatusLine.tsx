// What is missing or still under way, in one line; nothing where all is well.
import { meaningFilling, meaningMissing, service } from "../state/status.ts";
import { exact } from "../text/number.ts";

function sentence(text: string): string {
  const colon = text.indexOf(":");
  const words = colon > 0 ? text.slice(colon + 1).trim() : text;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function StatusLine({ degraded, onAgain }: { degraded: string[]; onAgain: () => void }) {
  const now = service.value;
  if (meaningMissing(now)) {
    return (
      <p class="status-line">
        Search by words and filters works. Search by meaning needs its model: <code>./x setup</code> brings it; then start the
        server again.
      </p>
    );
  }
  if (now && meaningFilling(now)) {
    const { done, total } = now.embedded;
    return (
      <p class="status-line">
        <span class="status-track" aria-hidden="true">
          <span style={{ width: `${(100 * done) / Math.max(1, total)}%` }} />
        </span>
        <span>
          Meaning is still filling in: <span class="num">{exact(done)}</span> of <span class="num">{exact(total)}</span> texts
          understood. Words and filters are complete.
        </span>
      </p>
    );
  }
  if (degraded.length > 0) {
    return (
      <p class="status-line">
        <span>{degraded.map(sentence).join(". ")}.</span>
        <button type="button" class="ghost" onClick={onAgain}>
          Try again
        </button>
      </p>
    );
  }
  return null;
}
