// The fields of a form: a label above, what is wrong with it below.
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { NumberBox } from "../NumberBox.tsx";

interface TextProps {
  name: string;
  value: string;
  hint?: string;
  error: string | undefined;
  longest: number;
  lines?: number;
  list?: string[];
  required?: boolean;
  onChange: (text: string) => void;
  onLeave: () => void;
}

export function TextField({ name, value, hint, error, longest, lines, list, required, onChange, onLeave }: TextProps) {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(box.current.scrollHeight + 2, 320)}px`;
  }, [value]);
  const shared = {
    id,
    value,
    maxLength: longest,
    placeholder: hint ?? "",
    dir: "auto" as const,
    "aria-invalid": error !== undefined,
    ...(error ? { "aria-describedby": `${id}-error` } : {}),
    onInput: (event: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.currentTarget.value),
    onBlur: onLeave,
  };
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {name}
        {required && <span class="muted"> – or any other text</span>}
      </label>
      {lines ? (
        <textarea ref={box} rows={lines} {...shared} />
      ) : (
        <input type="text" autocomplete="off" {...shared} {...(list ? { list: `${id}-all` } : {})} />
      )}
      {list && (
        <datalist id={`${id}-all`}>
          {list.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {error && (
        <span class="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

interface AmountProps {
  name: string;
  unit: string;
  scale?: number; // shown = kept * scale
  value: number | null;
  example: string;
  error: string | undefined;
  class?: string;
  onChange: (value: number | null) => void;
}

export function AmountField({ class: more, name, unit, scale = 1, value, example, error, onChange }: AmountProps) {
  const shown = value === null ? null : Number((value * scale).toFixed(6));
  return (
    <div class={more ? `field ${more}` : "field"}>
      <span class="field-name">
        {name} <span class="muted">{unit}</span>
      </span>
      <NumberBox
        label={`${name}, ${unit}`}
        value={shown}
        placeholder={example}
        error={error}
        onCommit={(got) => onChange(got === null ? null : Number((got / scale).toFixed(8)))}
      />
    </div>
  );
}

interface RangeProps extends Omit<AmountProps, "value" | "error" | "onChange"> {
  min: number | null;
  max: number | null;
  errors: [string | undefined, string | undefined];
  onChange: (min: number | null, max: number | null) => void;
}

export function RangeField({ name, unit, scale = 1, min, max, example, errors, onChange }: RangeProps) {
  const shown = (value: number | null) => (value === null ? null : Number((value * scale).toFixed(6)));
  const kept = (value: number | null) => (value === null ? null : Number((value / scale).toFixed(8)));
  return (
    <div class="field" role="group" aria-label={name}>
      <span class="field-name">
        {name} <span class="muted">{unit}</span>
      </span>
      <span class="bounds">
        <NumberBox
          label={`${name} at least, ${unit}`}
          value={shown(min)}
          placeholder={example}
          error={errors[0]}
          onCommit={(got) => onChange(kept(got), max)}
        />
        <span class="muted">to</span>
        <NumberBox
          label={`${name} at most, ${unit}`}
          value={shown(max)}
          placeholder="any"
          error={errors[1]}
          onCommit={(got) => onChange(min, kept(got))}
        />
      </span>
    </div>
  );
}
