// A known picture, small: fetched from this server when it comes near the screen, and nothing jumps when it is there.
import { useState } from "preact/hooks";
import type { ShownPicture } from "../../api/types.ts";
import { Blur } from "./Blur.tsx";

export function Thumbnail({ picture, words }: { picture: ShownPicture; words: string }) {
  const [state, setState] = useState<"wait" | "there" | "gone">("wait");
  const gone = state === "gone" || picture.thumbnail === null;
  return (
    <span class={`thumbnail ${state}`}>
      {state === "wait" && <Blur colours={picture.blur} />}
      {gone ? (
        <span class="thumbnail-none muted">Not shown</span>
      ) : (
        <img
          src={picture.thumbnail!}
          alt={words}
          width={picture.width ?? undefined}
          height={picture.height ?? undefined}
          loading="lazy"
          decoding="async"
          onLoad={() => setState("there")}
          onError={() => setState("gone")}
        />
      )}
    </span>
  );
}

/** What a picture is called to those who do not see it. */
export function wordsOf(picture: ShownPicture, owner: string): string {
  const caption = picture.caption?.trim();
  return caption ? `${owner}: ${caption}` : `${picture.role === "profile" ? "Profile picture" : "Picture"} of ${owner}`;
}
