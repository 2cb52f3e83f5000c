// The question: what pictures are to be like, what less like, and what is asked of their creators.
import { useState } from "preact/hooks";
import { service } from "../../state/status.ts";
import { change, view } from "../../state/store.ts";
import type { PictureView } from "../../state/view.ts";
import { Balance } from "./Balance.tsx";
import { Slot, SlotProblem } from "./Slot.tsx";
import { Words } from "./Words.tsx";

/** False only where it is known that words cannot be compared with pictures here. */
export function readsWords(): boolean {
  return service.value?.pictures?.reads_words !== false;
}

function set(part: Partial<PictureView>, how: "push" | "replace" | "typing" = "push"): void {
  change({ pictures: { ...view.peek().pictures, ...part } }, how);
}

export function Ask() {
  const now = view.value;
  const asked = now.pictures;
  const words = readsWords();
  const further = asked.lessText !== "" || asked.lessLike !== "" || now.q !== "";
  const [open, setOpen] = useState(further);
  const ignoreOf = (q: string) => (q === "" ? [] : view.peek().ignore);
  return (
    <form class="ask" role="search" aria-label="Search by picture" data-open={open || further} onSubmit={(event) => event.preventDefault()}>
      <div class="ask-side">
        <Slot name="like" label="Like this" />
        <Words
          label="Pictures like this"
          hint={words ? "Like: a red dress on a beach" : "Like: a picture, words are not read"}
          value={asked.text}
          disabled={!words && asked.text === ""}
          onAsk={(text, how) => set({ text }, how)}
        />
      </div>
      <div class="ask-side ask-rest">
        <Slot name="lessLike" label="Less like this" />
        <Words
          label="Less like this"
          hint={words ? "Less like: snow, crowds" : "Less like: a picture, not words"}
          value={asked.lessText}
          disabled={!words && asked.lessText === ""}
          onAsk={(lessText, how) => set({ lessText }, how)}
        />
      </div>
      <div class="ask-creators ask-rest">
        <Words
          label="By creators"
          hint="By creators: dance in Brazil, 50k+"
          value={now.q}
          onAsk={(q, how) => change({ q, ignore: ignoreOf(q) }, how)}
        />
      </div>
      <div class="ask-balances">
        {asked.text !== "" && asked.like !== "" && (
          <Balance label="Words against the example" low="Example" high="Words" value={asked.mix} onChange={(mix) => set({ mix }, "replace")} />
        )}
        {now.q !== "" && (
          <Balance label="Pictures against what creators say" low="Creator" high="Pictures" value={asked.weigh} onChange={(weigh) => set({ weigh }, "replace")} />
        )}
      </div>
      {!further && (
        <button type="button" class="ghost ask-open" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Fewer fields" : "Less like, and by whom"}
        </button>
      )}
      <SlotProblem />
    </form>
  );
}
