// Several of many by name: what is chosen stands as chips before the box.
import { useId, useRef, useState } from "preact/hooks";
import { findNamed } from "../../text/codes.ts";
import type { Named } from "../../text/codes.ts";

interface Props {
  name: string;
  options: Named[];
  chosen: string[];
  nameOf: (code: string) => string;
  error: string | undefined;
  onChange: (codes: string[]) => void;
}

export function PickList({ name, options, chosen, nameOf, error, onChange }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  // What holds now: keys may come faster than the page is drawn again.
  const live = useRef({ text: "", chosen });
  live.current.chosen = chosen;
  const said = wrong ?? error;
  const type = (typed: string) => {
    live.current.text = typed;
    setText(typed);
  };
  const choose = (codes: string[]) => {
    live.current.chosen = codes;
    onChange(codes);
  };
  const drop = (code: string) => choose(live.current.chosen.filter((one) => one !== code));
  // Names parted by commas, as from a list that was pasted; what is not clear stays in the box.
  const take = () => {
    const left: string[] = [];
    const codes = [...live.current.chosen];
    for (const part of live.current.text.split(/[,;\n]/)) {
      const found = findNamed(part, options);
      if (found && !codes.includes(found.code)) codes.push(found.code);
      else if (!found && part.trim() !== "") left.push(part.trim());
    }
    type(left.join(", "));
    setWrong(left.length > 0 ? `“${left[0]}” is not one of them` : null);
    if (codes.length !== live.current.chosen.length) choose(codes);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { text: typed, chosen: now } = live.current;
    if (event.key === "Enter" && typed.trim() !== "") {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && typed === "" && now.length > 0) {
      drop(now[now.length - 1]!);
    }
  };
  const onInput = (typed: string) => {
    type(typed);
    setWrong(null);
    // Chosen from the browser's own list, or closed with a comma.
    if (typed.includes(",") || options.some((one) => one.name === typed)) take();
  };
  return (
    <div class="field pick-list" role="group" aria-label={name}>
      <label class="field-name" for={id}>
        {name}
      </label>
      <div class="pick-box">
        {chosen.map((code) => (
          <span key={code} class="chip set">
            <span class="chip-label">
              <bdi>{nameOf(code)}</bdi>
            </span>
            <button type="button" class="chip-remove" aria-label={`Remove ${nameOf(code)}`} onClick={() => drop(code)}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <path d="M2 2l6 6M8 2L2 8" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
              </svg>
            </button>
          </span>
        ))}
        <input
          id={id}
          type="text"
          list={`${id}-all`}
          autocomplete="off"
          value={text}
          placeholder={chosen.length === 0 ? "any" : ""}
          aria-invalid={said !== undefined}
          data-unreadable={wrong !== null}
          {...(said ? { "aria-describedby": `${id}-error` } : {})}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={() => live.current.text.trim() !== "" && take()}
        />
      </div>
      <datalist id={`${id}-all`}>
        {options.map((one) => (
          <option key={one.code} value={one.name} />
        ))}
      </datalist>
      {said && (
        <span class="field-error" id={`${id}-error`}>
          {said}
        </span>
      )}
    </div>
  );
}
