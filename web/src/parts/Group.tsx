// One collapsible group of the facets. It opens by itself when something in it is set, and never closes by itself.
import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

interface Props {
  fields: string; // data-field, for focus.ts
  name: string;
  set: string | null; // what to say beside the name
  open: boolean;
  children: ComponentChildren;
}

export function Group({ fields, name, set, open, children }: Props) {
  const [isOpen, setOpen] = useState(open || set !== null);
  useEffect(() => {
    if (set !== null) setOpen(true);
  }, [set !== null]);
  return (
    <details class="group" data-field={fields} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {name}
        {set !== null && <span class="group-count">{set}</span>}
      </summary>
      {children}
    </details>
  );
}
