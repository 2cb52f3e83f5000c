// A line of words of the question. What is typed is asked a moment after typing stops, and stands in the address.
import { useEffect, useId, useRef, useState } from "preact/hooks";

const pauseMs = 350;

interface Props {
  label: string;
  hint: string;
  value: string;
  disabled?: boolean;
  onAsk: (text: string, how: "push" | "typing") => void;
}

export function Words({ label, hint, value, disabled, onAsk }: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setText((now) => (now.trim() === value ? now : value)), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (typed: string, how: "push" | "typing") => {
    clearTimeout(timer.current);
    if (typed.trim() !== value) onAsk(typed.trim(), how);
  };
  return (
    <label class="words" for={id}>
      <span class="field-name">{label}</span>
      <input
        id={id}
        type="text"
        value={text}
        placeholder={hint}
        maxLength={4000}
        dir="auto"
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        disabled={disabled}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => ask(typed, "typing"), pauseMs);
        }}
        onBlur={() => ask(text, "push")}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "Enter") ask(text, "push");
          if (event.key !== "Escape" || text === "") return;
          event.stopPropagation();
          event.preventDefault();
          setText("");
          ask("", "push");
        }}
      />
    </label>
  );
}
