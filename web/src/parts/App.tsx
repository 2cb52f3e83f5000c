import { useEffect } from "preact/hooks";
import { slow } from "../state/results.ts";
import { opened } from "../state/creator.ts";
import { view } from "../state/store.ts";
import { Brand } from "./Brand.tsx";
import { Chips } from "./Chips.tsx";
import { Detail } from "./Detail.tsx";
import { Facets } from "./Facets.tsx";
import { Keys } from "./Keys.tsx";
import { Results } from "./Results.tsx";
import { SearchBox } from "./SearchBox.tsx";
import { StatusLine } from "./StatusLine.tsx";
import { Announcer, Toolbar } from "./Toolbar.tsx";

function Title() {
  const q = view.value.q;
  const name = view.value.creator === null ? null : opened.value?.creator?.name;
  useEffect(() => {
    document.title = [name, q, "creatordex"].filter((one) => one).join(" · ");
  }, [q, name]);
  return null;
}

export function App() {
  const { panel, creator } = view.value;
  return (
    <div class="shell" data-panel={panel ?? "auto"} data-open={creator !== null}>
      <Title />
      <Facets />
      <main class="middle">
        <div class="top">
          <div class="top-row">
            <Brand />
            <SearchBox />
            <Keys />
          </div>
          <Chips />
          <Toolbar />
          <div class={`progress${slow.value ? " on" : ""}`} aria-hidden="true" />
        </div>
        <Results />
        <StatusLine />
        <Announcer />
      </main>
      <Detail />
    </div>
  );
}
