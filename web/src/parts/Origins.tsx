// Where the record came from, under what terms, and when it has to go.
import type { Creator, Origin } from "../api/types.ts";
import { platformName } from "../text/label.ts";
import { ago, atMinute, onDay } from "../text/time.ts";
import { PlatformMark } from "./PlatformMark.tsx";

function One({ origin, platform, handle }: { origin: Origin; platform: string; handle: string | null }) {
  const goes = onDay(origin.expires_at);
  return (
    <li class="origin">
      <p class="origin-head">
        <PlatformMark platform={platform} />
        <bdi>{handle ? `@${handle.replace(/^@/, "")}` : platformName(platform)}</bdi>
        <span class="muted">from</span>
        <bdi class="origin-source">{origin.source ?? "a source not named"}</bdi>
      </p>
      <dl class="facts">
        <div>
          <dt>Fetched</dt>
          <dd title={atMinute(origin.fetched_at) ?? undefined}>{ago(origin.fetched_at) ?? "not known"}</dd>
        </div>
        <div>
          <dt>To go</dt>
          <dd class={goes ? "" : "muted"} title={atMinute(origin.expires_at) ?? undefined}>
            {goes ?? "no date set"}
          </dd>
        </div>
        <div>
          <dt>Basis</dt>
          <dd>{origin.basis || "not stated"}</dd>
        </div>
        <div>
          <dt>Licence</dt>
          <dd>{origin.licence || "not stated"}</dd>
        </div>
      </dl>
      {origin.fields.length > 0 && <p class="muted small">{origin.fields.map((one) => one.replace(/_/g, " ")).join(", ")}</p>}
    </li>
  );
}

export function Origins({ creator }: { creator: Creator }) {
  const all = creator.accounts.flatMap((account) => (account.origins ?? []).map((origin) => ({ account, origin })));
  const goes = onDay(creator.expires_at);
  return (
    <>
      <p>
        {goes ? (
          <>
            The first of it has to go on <b>{goes}</b>.
          </>
        ) : (
          "No date is set by which any of it has to go."
        )}
      </p>
      {all.length > 0 ? (
        <ul class="origins">
          {all.map(({ account, origin }, i) => (
            <One key={i} origin={origin} platform={account.platform} handle={account.handle} />
          ))}
        </ul>
      ) : (
        <p class="muted">No source is recorded.</p>
      )}
    </>
  );
}
