// A link inside the page: an address like any other for copying and new tabs, a change of view for a plain click.
import type { ComponentChildren } from "preact";
import { go, view } from "../state/store.ts";
import { writeUrl } from "../state/url.ts";
import type { View } from "../state/view.ts";

interface Props {
  to: (now: View) => View;
  class?: string;
  title?: string;
  dir?: "auto";
  how?: "push" | "replace";
  current?: boolean;
  onOpen?: () => void; // before the view changes; also for a new tab
  children: ComponentChildren;
}

export function plainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export function Link({ to, how = "push", current, onOpen, children, ...rest }: Props) {
  const onClick = (event: MouseEvent) => {
    onOpen?.();
    if (!plainClick(event)) return;
    event.preventDefault();
    go(to(view.peek()), how);
  };
  return (
    <a {...rest} href={writeUrl(to(view.value))} onClick={onClick} {...(current ? { "aria-current": "true" } : {})}>
      {children}
    </a>
  );
}
