import { render } from "preact";
import { App } from "./parts/App.tsx";
import { startFiles } from "./parts/files.ts";
import { startKeys } from "./parts/keys.ts";
import { startCreator } from "./state/creator.ts";
import { startFacets } from "./state/facets.ts";
import { startResults } from "./state/results.ts";
import { startStatus } from "./state/status.ts";
import { startHistory } from "./state/store.ts";

startHistory();
startKeys();
startFiles();
startResults();
startFacets();
startCreator();
startStatus();
render(<App />, document.getElementById("page")!);
