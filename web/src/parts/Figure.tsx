// A number in short, with the full figure on hover and to screen readers.
import { exact, percent, short, signedPercent, dollars } from "../text/number.ts";

interface Props {
  value: number | null | undefined;
  unit?: string; // for screen readers and the title: "followers"
}

export function Figure({ value, unit }: Props) {
  if (value === null || value === undefined) return <Unknown what={unit} />;
  const full = unit ? `${exact(value)} ${unit}` : exact(value);
  const text = short(value);
  if (text === exact(value)) {
    return (
      <span class="num" title={full}>
        {text}
        {unit && <span class="sr"> {unit}</span>}
      </span>
    );
  }
  return (
    <span class="num" title={full}>
      <span aria-hidden="true">{text}</span>
      <span class="sr">{full}</span>
    </span>
  );
}

export function Rate({ value, unit }: Props) {
  if (value === null || value === undefined) return <Unknown what={unit} />;
  const full = `${Number((value * 100).toFixed(3))}%${unit ? ` ${unit}` : ""}`;
  return (
    <span class="num" title={full}>
      <span aria-hidden="true">{percent(value)}</span>
      <span class="sr">{full}</span>
    </span>
  );
}

/** Growth: the one place where a number has a colour, and never by colour alone. */
export function Change({ value, unit }: Props) {
  if (value === null || value === undefined) return <Unknown what={unit} />;
  const tone = value > 0 ? "up" : value < 0 ? "down" : "";
  return (
    <span class={`num ${tone}`} title={unit}>
      {signedPercent(value)}
    </span>
  );
}

export function Money({ value, unit }: Props) {
  if (value === null || value === undefined) return <Unknown what={unit} />;
  return (
    <span class="num" title={`${exact(value)} US dollars`}>
      {dollars(value)}
    </span>
  );
}

export function Unknown({ what }: { what?: string | undefined }) {
  return (
    <span class="unknown" title={what ? `${what}: not known` : "not known"}>
      <span aria-hidden="true">–</span>
      <span class="sr">not known</span>
    </span>
  );
}
