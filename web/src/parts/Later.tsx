// A part that is loaded when it is first shown, so that the first view stays small.
import { createElement } from "preact";
import type { ComponentChildren, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ErrorNote } from "./ErrorNote.tsx";

export function later(load: () => Promise<FunctionComponent>, meanwhile: ComponentChildren): FunctionComponent {
  let kept: FunctionComponent | null = null;
  return function Later() {
    const [part, setPart] = useState<{ it: FunctionComponent | null; failed: boolean }>({ it: kept, failed: false });
    const fetchPart = () =>
      load().then(
        (it) => {
          kept = it;
          setPart({ it, failed: false });
        },
        () => setPart({ it: null, failed: true }),
      );
    useEffect(() => {
      if (!kept) void fetchPart();
    }, []);
    if (part.failed) {
      return (
        <ErrorNote
          title="This part of the page could not be loaded"
          detail="The server may have been renewed since the page was opened."
          action="Reload the page"
          onAction={() => location.reload()}
        />
      );
    }
    return part.it ? createElement(part.it, {}) : <>{meanwhile}</>;
  };
}
