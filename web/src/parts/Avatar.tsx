import { initials, tint } from "../text/initials.ts";

interface Props {
  id: string;
  name: string | null;
  handle: string | null;
  large?: boolean;
}

/** Pictures of other hosts are not loaded; initials stand in, in a colour that belongs to the creator. */
export function Avatar({ id, name, handle, large }: Props) {
  return (
    <span class={`avatar tint-${tint(id)}${large ? " large" : ""}`} aria-hidden="true">
      {initials(name, handle)}
    </span>
  );
}
