// The list of keys, on `?`.
import { useRef } from "preact/hooks";

const keys: [string, string][] = [
  ["/", "Go to the search box"],
  ["Enter", "Search, or open the creator in focus"],
  ["Esc", "Clear the box, or close the creator"],
  ["↑ ↓ or k j", "Walk the list; an open creator follows"],
  ["m", "Match a brief"],
  ["p", "Search by picture"],
  ["c", "Compare the creator in focus, up to four"],
  ["h", "Hide it for this session"],
  ["Tab", "Through everything else"],
  ["?", "This list"],
];

export function Keys() {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" class="ghost keys-button" title="Keys (?)" onClick={() => dialog.current?.showModal()}>
        Keys
      </button>
      <dialog
        id="keys"
        ref={dialog}
        aria-labelledby="keys-title"
        onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      >
        <form method="dialog">
          <h2 id="keys-title">Keys</h2>
          <dl>
            {keys.map(([key, what]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <button class="button">Close</button>
        </form>
      </dialog>
    </>
  );
}
