// The end of a list that comes in pages: asks for the next one before it is reached.
import { useEffect, useRef } from "preact/hooks";
import type { More } from "../state/pages.ts";
import { exact } from "../text/number.ts";
import { ErrorNote } from "./ErrorNote.tsx";

interface Props {
  more: More;
  shown: number;
  total: number;
  onMore: () => Promise<void>;
  onAgain: () => Promise<void>; // from the first page
}

export function MorePages({ more, shown, total, onMore, onAgain }: Props) {
  const mark = useRef<HTMLDivElement>(null);
  const { cursor, loading: busy, problem: failed } = more;
  useEffect(() => {
    const place = mark.current;
    if (!place || cursor === null || failed) return;
    const seen = new IntersectionObserver((found) => found.some((one) => one.isIntersecting) && void onMore(), {
      root: place.closest(".scroller"),
      rootMargin: "800px 0px",
    });
    seen.observe(place);
    return () => seen.disconnect();
  }, [cursor, failed, busy]);
  if (failed) {
    const old = failed.cursorExpired || failed.status === 409;
    return (
      <ErrorNote
        title={old ? "This list has grown old" : failed.message}
        detail={old ? "The creators behind it have changed since it was made. Ask again to see the present ones." : failed.detail}
        requestId={failed.requestId}
        action={old ? "Ask again" : "Try again"}
        onAction={() => void (old ? onAgain() : onMore())}
      />
    );
  }
  if (cursor === null) return <p class="more muted">{shown > 10 ? `All ${exact(shown)} shown` : ""}</p>;
  return (
    <div class="more" ref={mark}>
      <button type="button" class="button" disabled={busy} onClick={() => void onMore()}>
        {busy ? "Loading more" : `Load more (${exact(shown)} of ${exact(total)})`}
      </button>
    </div>
  );
}
