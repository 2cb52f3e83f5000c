// The place where a brief is matched: its form; then the brief on the left and who fits it in the middle.
import "../../styles/match.css";
import { answer, loading, matchKey, problem, refused, runMatch, slow } from "../../state/match.ts";
import { view } from "../../state/store.ts";
import { ActivityLink } from "../ActivityLink.tsx";
import { Brand } from "../Brand.tsx";
import { Compare } from "../compare/Compare.tsx";
import { Keys } from "../Keys.tsx";
import { later } from "../Later.tsx";
import { Places } from "../Places.tsx";
import { StatusLine } from "../StatusLine.tsx";
import { Tray } from "../Tray.tsx";
import { exact } from "../../text/number.ts";
import { BriefForm } from "./BriefForm.tsx";
import { BriefSide } from "./BriefSide.tsx";
import { MatchTools } from "./MatchTools.tsx";
import { Matches } from "./Matches.tsx";

const Plan = later(
  () => import("../plan/Plan.tsx").then((one) => one.Plan),
  <div class="scroller" aria-busy="true" />,
);
const Kept = later(
  () => import("./Kept.tsx").then((one) => one.Kept),
  <div class="scroller" aria-busy="true" />,
);

function Announcer() {
  const page = answer.value;
  const said = loading.value || !page ? "" : page.total === 0 ? "Nobody fits this brief" : `${exact(page.total)} creators ranked for this brief`;
  return (
    <div class="sr" role="status" aria-live="polite" id="announcer">
      {said}
    </div>
  );
}

function Top({ tools }: { tools: boolean }) {
  return (
    <div class="top">
      <div class="top-row">
        <Brand />
        <Places />
        <span class="top-fill" />
        <ActivityLink />
        <Keys />
      </div>
      {tools && <MatchTools />}
      <div class={`progress${slow.value ? " on" : ""}`} aria-hidden="true" />
    </div>
  );
}

export function Match() {
  const { show } = view.value;
  // A refusal that names fields is mended in the form, where it is shown.
  const mend = problem.value !== null && Object.keys(refused.value).length > 0;
  if (matchKey.value === null || mend) {
    return (
      <main class="middle wide">
        <Top tools={false} />
        <BriefForm key={view.value.match.campaign ?? ""} />
      </main>
    );
  }
  return (
    <>
      <BriefSide />
      <main class="middle">
        <Top tools />
        {show === "compare" ? <Compare /> : show === "plan" ? <Plan /> : show === "kept" ? <Kept /> : <Matches />}
        <Tray />
        <StatusLine degraded={answer.value?.degraded ?? []} onAgain={() => void runMatch()} />
        <Announcer />
      </main>
    </>
  );
}
