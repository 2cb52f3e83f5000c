// What is kept of this brief: the last score of each creator, and on demand those before.
import "../../styles/plan.css";
import { useEffect, useState } from "preact/hooks";
import * as api from "../../api/match.ts";
import type { KeptMatch, KeptMatches, Score } from "../../api/match.ts";
import { toProblem } from "../../api/problem.ts";
import type { Problem } from "../../api/problem.ts";
import { answer } from "../../state/match.ts";
import { view } from "../../state/store.ts";
import { exact } from "../../text/number.ts";
import { ago, atMinute } from "../../text/time.ts";
import { Avatar } from "../Avatar.tsx";
import { ErrorNote } from "../ErrorNote.tsx";
import { Link } from "../Link.tsx";
import { nameOf } from "../Who.tsx";

const page = 50;
const parts = ["match", "niche", "audience", "engagement", "budget"] as const;

function Made({ score }: { score: Score }) {
  const by = `${score.profile} ${score.formula}${score.model ? `, ${score.model}` : ", without meaning"}`;
  return (
    <>
      {parts.map((part) => (
        <td key={part} class={`num kept-${part}`}>
          {score.scores[part].toFixed(2)}
        </td>
      ))}
      <td class="kept-by" title={by}>
        {by}
      </td>
      <td class="kept-at" title={atMinute(score.at) ?? undefined}>
        {ago(score.at)}
      </td>
    </>
  );
}

function Former({ campaign, creator }: { campaign: string; creator: string }) {
  const [found, setFound] = useState<Score[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    api.scoreHistory(campaign, creator, stop.signal).then(
      (got) => setFound([...got.history].reverse()),
      (error: unknown) => setFailed(toProblem(error)?.message ?? null),
    );
    return () => stop.abort();
  }, [campaign, creator]);
  if (!found || found.length === 0) {
    const said = failed ? `The scores before could not be had: ${failed}` : found ? "No other score was kept before this one." : "Asking for the scores before…";
    return (
      <tr class="kept-former">
        <td colSpan={9} class="muted">
          {said}
        </td>
      </tr>
    );
  }
  return (
    <>
      {found.map((score, i) => (
        <tr key={i} class="kept-former">
          <th scope="row" class="muted">
            before
          </th>
          <Made score={score} />
          <td />
        </tr>
      ))}
    </>
  );
}

function Row({ campaign, one }: { campaign: string; one: KeptMatch }) {
  const [told, setTold] = useState(false);
  const open = view.value.creator === one.creator_id;
  return (
    <>
      <tr class={open ? "open" : ""} data-id={one.creator_id}>
        <th scope="row">
          <span class="compare-who">
            <Avatar id={one.creator_id} name={one.creator?.name ?? null} handle={one.creator?.handle ?? null} />
            {one.creator ? (
              <Link class="compare-name" to={(now) => ({ ...now, creator: one.creator_id })} current={open} title={nameOf(one.creator)} dir="auto">
                {nameOf(one.creator)}
              </Link>
            ) : (
              <span class="muted">erased since</span>
            )}
          </span>
        </th>
        <Made score={one} />
        <td>
          <button type="button" class="ghost small" aria-expanded={told} onClick={() => setTold(!told)}>
            {told ? "Less" : "Before"}
            <span class="sr"> scores of {one.creator ? nameOf(one.creator) : "an erased creator"}</span>
          </button>
        </td>
      </tr>
      {told && <Former campaign={campaign} creator={one.creator_id} />}
    </>
  );
}

function Table({ campaign, kept }: { campaign: string; kept: KeptMatches }) {
  return (
    <table class="plan-table kept-table">
      <thead>
        <tr>
          <th scope="col">Creator</th>
          {parts.map((part) => (
            <th key={part} scope="col" class={`kept-${part}`}>
              {part.charAt(0).toUpperCase() + part.slice(1)}
            </th>
          ))}
          <th scope="col" class="kept-by">
            Scored by
          </th>
          <th scope="col" class="kept-at">
            When
          </th>
          <th scope="col">
            <span class="sr">Scores before</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {kept.matches.map((one) => (
          <Row key={one.creator_id} campaign={campaign} one={one} />
        ))}
      </tbody>
    </table>
  );
}

export function Kept() {
  const campaign = answer.value?.campaign_id ?? null;
  const [kept, setKept] = useState<KeptMatches | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(0); // rows
  const read = async (skip: number, signal?: AbortSignal) => {
    if (campaign === null) return;
    setAsked(skip);
    try {
      const found = await api.keptMatches(campaign, skip, page, signal);
      setProblem(null);
      setKept((before) => ({ ...found, matches: skip === 0 ? found.matches : [...(before?.matches ?? []), ...found.matches] }));
    } catch (error) {
      const failed = toProblem(error);
      if (failed) setProblem(failed);
    }
  };
  useEffect(() => {
    const stop = new AbortController();
    setKept(null);
    void read(0, stop.signal);
    return () => stop.abort();
  }, [answer.value]);
  if (problem && !kept) {
    return (
      <div class="scroller">
        <ErrorNote title={problem.message} detail={problem.detail} requestId={problem.requestId} onAction={() => void read(0)} />
      </div>
    );
  }
  if (!campaign || !kept) return <div class="scroller" aria-busy="true" />;
  const left = kept.total - kept.matches.length;
  return (
    <div class="scroller plan kept">
      <p class="muted form-lead">
        {exact(kept.total)} {kept.total === 1 ? "creator" : "creators"} of the last ranking of this brief, as they were scored then. What is not known stands as
        0.50. Who fell out of the ranking is not here, but keeps a history.
      </p>
      <Table campaign={campaign} kept={kept} />
      {left > 0 && (
        <p class="kept-more">
          <button type="button" class="button" disabled={asked >= kept.matches.length} onClick={() => void read(kept.matches.length)}>
            Show {exact(Math.min(page, left))} more
          </button>
        </p>
      )}
    </div>
  );
}
