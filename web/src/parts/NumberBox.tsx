// A box for one bound. It takes what people type ("50k", "1.2M", "3%") and says so when it cannot read it.
import { useEffect, useId, useState } from "preact/hooks";
import { exact, readNumber } from "../text/number.ts";

interface Props {
  label: string;
  value: number | null; // in the unit shown
  placeholder: string;
  error?: string | undefined; // what the server says of it
  onCommit: (value: number | null) => void;
}

function write(value: number | null): string {
  return value === null ? "" : exact(value);
}

export function NumberBox({ label, value, placeholder, error, onCommit }: Props) {
  const id = useId();
  const [text, setText] = useState(write(value));
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    setText(write(value));
    setWrong(false);
  }, [value]);
  const commit = () => {
    const trimmed = text.trim().replace(/^\$|%$/g, "").trim();
    if (trimmed === "") {
      setWrong(false);
      return onCommit(null);
    }
    const read = readNumber(trimmed);
    setWrong(read === null);
    if (read !== null) {
      setText(write(read));
      onCommit(read);
    }
  };
  const box = (
    <input
      class="bound num"
      type="text"
      inputMode="decimal"
      autocomplete="off"
      aria-label={label}
      aria-invalid={wrong || error !== undefined}
      data-unreadable={wrong}
      {...(error ? { "aria-describedby": id } : {})}
      title={wrong ? "A number such as 50k, 1.2M or 4.5" : label}
      placeholder={placeholder}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") {
          event.stopPropagation();
          setText(write(value));
          setWrong(false);
        }
      }}
    />
  );
  if (!error) return box;
  return (
    <span class="bound-place">
      {box}
      <span class="field-error" id={id}>
        {error}
      </span>
    </span>
  );
}
