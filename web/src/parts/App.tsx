import { useEffect } from "preact/hooks";
import { answer, runSearch, slow } from "../state/results.ts";
import { opened } from "../state/creator.ts";
import { view } from "../state/store.ts";
import type { Place } from "../state/view.ts";
import { ActivityLink } from "./ActivityLink.tsx";
import { Brand } from "./Brand.tsx";
import { Chips } from "./Chips.tsx";
import { Detail } from "./Detail.tsx";
import { Facets } from "./Facets.tsx";
import { Keys } from "./Keys.tsx";
import { later } from "./Later.tsx";
import { Places } from "./Places.tsx";
import { Results } from "./Results.tsx";
import { SearchBox } from "./SearchBox.tsx";
import { StatusLine } from "./StatusLine.tsx";
import { Announcer, Toolbar } from "./Toolbar.tsx";
import { Tray } from "./Tray.tsx";

const Match = later(
  () => import("./match/Match.tsx").then((one) => one.Match),
  <main class="middle" aria-busy="true" />,
);
const Pictures = later(
  () => import("./pictures/Pictures.tsx").then((one) => one.Pictures),
  <main class="middle wide" aria-busy="true" />,
);
const Activity = later(
  () => import("./activity/Activity.tsx").then((one) => one.Activity),
  <main class="middle wide" aria-busy="true" />,
);
const Compare = later(
  () => import("./compare/Compare.tsx").then((one) => one.Compare),
  <div class="scroller" aria-busy="true" />,
);

const titles: Partial<Record<Place, string>> = { match: "Match a brief", pictures: "Pictures", activity: "Activity" };

function Title() {
  const { place } = view.value;
  const q = titles[place] ?? view.value.q;
  const name = view.value.creator === null ? null : opened.value?.creator?.name;
  useEffect(() => {
    document.title = [name, q, "creatordex"].filter((one) => one).join(" · ");
  }, [q, name]);
  return null;
}

function Search() {
  return (
    <>
      <Facets />
      <main class="middle">
        <div class="top">
          <div class="top-row">
            <Brand />
            <SearchBox />
            <Places />
            <ActivityLink />
            <Keys />
          </div>
          <Chips />
          <Toolbar />
          <div class={`progress${slow.value ? " on" : ""}`} aria-hidden="true" />
        </div>
        {view.value.show === "compare" ? <Compare /> : <Results />}
        <Tray />
        <StatusLine degraded={answer.value?.degraded ?? []} onAgain={() => void runSearch()} />
        <Announcer />
      </main>
    </>
  );
}

export function App() {
  const { place, panel, creator } = view.value;
  return (
    <div class="shell" data-place={place} data-panel={panel ?? "auto"} data-open={creator !== null}>
      <Title />
      {place === "match" ? <Match /> : place === "pictures" ? <Pictures /> : place === "activity" ? <Activity /> : <Search />}
      <Detail />
    </div>
  );
}
