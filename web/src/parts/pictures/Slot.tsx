// The place of one example picture: chosen, dropped or pasted.
import { useRef, useState } from "preact/hooks";
import { isOwn, readOwn } from "../../state/ownPictures.ts";
import { change, view } from "../../state/store.ts";
import { pictureIn, takePicture, taking } from "../../state/takePicture.ts";
import type { Slot as Name } from "../../state/takePicture.ts";
import { thumbnailPath } from "../../api/pictures.ts";
import { PictureMark } from "../PictureMark.tsx";

/** Where to see an example: null where this tab does not have it. */
function sourceOf(example: string): string | null {
  return isOwn(example) ? readOwn(example) : thumbnailPath(example);
}

function Shown({ example }: { example: string }) {
  const [failed, setFailed] = useState<string | null>(null);
  const source = sourceOf(example);
  if (source === null) return <span class="slot-words">Not here any more</span>;
  if (failed === source) return <span class="slot-words">No preview</span>;
  return <img src={source} alt="" onError={() => setFailed(source)} />;
}

export function Slot({ name, label }: { name: Name; label: string }) {
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const example = view.value.pictures[name];
  const busy = taking.value?.slot === name && taking.value.busy;
  const failed = taking.value?.slot === name ? taking.value.problem : null;
  const onDrop = (event: DragEvent) => {
    setOver(false);
    const file = pictureIn(event.dataTransfer) ?? event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    void takePicture(file, name);
  };
  const onChoose = (event: Event) => {
    const chooser = event.currentTarget as HTMLInputElement;
    const file = chooser.files?.[0];
    if (file) void takePicture(file, name);
    chooser.value = ""; // the same file may be chosen again
  };
  const remove = () => {
    taking.value = null;
    change({ pictures: { ...view.peek().pictures, [name]: "" } });
    button.current?.focus();
  };
  return (
    <span
      class={`slot${over ? " over" : ""}${example ? " full" : ""}`}
      data-slot={name}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <button
        type="button"
        ref={button}
        class="slot-button"
        aria-label={example ? `${label}: choose another picture` : `${label}: choose a picture`}
        title="Choose, drop or paste a picture"
        aria-busy={busy}
        {...(failed ? { "aria-describedby": `${name}-problem` } : {})}
        onClick={() => input.current?.click()}
      >
        {busy ? <span class="slot-words">Reading…</span> : example ? <Shown example={example} /> : <Plus />}
      </button>
      {example && (
        <button type="button" class="slot-remove" title="Take the picture out" aria-label={`${label}: take the picture out`} onClick={remove}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <path d="M2 2l6 6M8 2L2 8" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
          </svg>
        </button>
      )}
      <input ref={input} class="sr" type="file" accept="image/*" tabIndex={-1} aria-hidden="true" data-file={name} onChange={onChoose} />
    </span>
  );
}

function Plus() {
  return (
    <span class="slot-words">
      <PictureMark />
      <span class="slot-name">Picture</span>
    </span>
  );
}

/** What could not be taken, below the fields. */
export function SlotProblem() {
  const now = taking.value;
  if (!now?.problem) return null;
  return (
    <p class="field-error" role="alert" id={`${now.slot}-problem`}>
      {now.problem}
    </p>
  );
}
