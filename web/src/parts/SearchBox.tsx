// The one line that takes words, a brief, or a picture (files.ts). It is an ARIA combobox: the list below it is walked by arrow keys while
// the focus stays here.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Suggestion } from "../api/types.ts";
import { looksLikeBrief } from "../state/brief.ts";
import { runSearch } from "../state/results.ts";
import { change, draft, go, lastOf, view } from "../state/store.ts";
import { askSuggestions, clearSuggestions, complete, suggestions } from "../state/suggest.ts";
import { Link } from "./Link.tsx";
import { PictureMark } from "./PictureMark.tsx";
import { briefView } from "./Places.tsx";
import { Suggestions, optionId } from "./Suggestions.tsx";

const asBrief: Suggestion = { kind: "brief", text: "Match this as a brief", detail: "what the campaign is for, in its own place" };

const pauseMs = 150;
const roomForHint = 560; // px

function fitHeight(box: HTMLTextAreaElement | null): void {
  if (!box) return;
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
}

export function SearchBox() {
  const box = useRef<HTMLTextAreaElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [wide, setWide] = useState(innerWidth >= 900);
  const text = draft.value;
  const found = looksLikeBrief(text) ? [...suggestions.value, asBrief] : suggestions.value;
  const shown = open && found.length > 0;

  useLayoutEffect(() => fitHeight(box.current), [text]);
  useEffect(() => {
    const target = box.current;
    if (!target) return;
    let width = 0;
    const fit = new ResizeObserver(() => {
      if (target.clientWidth === width) return; // its own growth
      width = target.clientWidth;
      setWide(width >= roomForHint);
      fitHeight(target);
    });
    fit.observe(target);
    return () => fit.disconnect();
  }, []);
  useEffect(() => setActive(-1), [suggestions.value]);

  const close = () => {
    setOpen(false);
    setActive(-1);
    clearSuggestions();
  };
  const searchNow = (q: string, how: "push" | "typing") => {
    clearTimeout(timer.current);
    const words = q.trim();
    // Chips belong to the words they were read from: new words start with a clean slate when the box was emptied.
    const ignore = words === "" ? [] : view.peek().ignore;
    if (words === view.peek().q && how === "push") void runSearch();
    else if (words !== view.peek().q) change({ q: words, ignore }, how);
  };
  const onInput = (event: Event) => {
    const q = (event.currentTarget as HTMLTextAreaElement).value;
    draft.value = q;
    setOpen(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      searchNow(q, "typing");
      void askSuggestions(q);
    }, pauseMs);
  };
  const choose = (one: Suggestion) => {
    close();
    if (one === asBrief) {
      clearTimeout(timer.current);
      go(briefView(draft.peek()));
      return;
    }
    if (one.creator) {
      clearTimeout(timer.current);
      change({ creator: one.creator });
      return;
    }
    const q = complete(draft.peek(), one.text);
    draft.value = q;
    searchNow(q, "push");
    box.current?.focus();
  };
  const clear = () => {
    draft.value = "";
    close();
    searchNow("", "push");
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (shown) close();
      else if (text !== "") clear();
      else box.current?.blur();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const one = shown ? found[active] : undefined;
      if (one) return choose(one);
      close();
      searchNow(text, "push");
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!shown) {
        // With nothing to choose from, down leads into the list of results.
        if (event.key === "ArrowDown" && !text.includes("\n")) {
          event.preventDefault();
          document.querySelector<HTMLElement>(".hit-name")?.focus();
        }
        return;
      }
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = found.length + 1; // one more place: back in the text
      setActive((now) => ((now + 1 + step + count) % count) - 1);
    } else if (event.key === "Tab") {
      close();
    }
  };

  return (
    <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="sr" for="q">
        Search creators by words, meaning or a brief
      </label>
      <svg class="search-icon" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="m10.5 10.5 3.5 3.5" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
      </svg>
      <textarea
        id="q"
        ref={box}
        rows={1}
        value={text}
        placeholder={wide ? "Search creators: words, a niche, a place, a whole brief, or a picture" : "Words, a niche, a place, a brief"}
        role="combobox"
        aria-expanded={shown}
        aria-controls="suggestions"
        aria-autocomplete="list"
        aria-haspopup="listbox"
        {...(shown && active >= 0 ? { "aria-activedescendant": optionId(active) } : {})}
        aria-keyshortcuts="/"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="search"
        maxLength={4000}
        dir="auto"
        onInput={onInput}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <Link class="search-picture" to={() => lastOf("pictures")} title="Search by picture: choose one, or drop or paste it here">
        <PictureMark />
        <span class="sr">Search by picture</span>
      </Link>
      {text !== "" ? (
        <button type="button" class="ghost search-clear" title="Clear (Escape)" onClick={clear}>
          Clear
        </button>
      ) : (
        <kbd class="search-key" title="Press / to search" aria-hidden="true">
          /
        </kbd>
      )}
      <Suggestions found={shown ? found : []} active={active} onChoose={choose} onHover={setActive} />
    </form>
  );
}
