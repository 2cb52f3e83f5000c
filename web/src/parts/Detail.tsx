// The right region: one creator, beside the list.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Creator, Spike, Summary } from "../api/types.ts";
import { load, opened } from "../state/creator.ts";
import { hidden } from "../state/hidden.ts";
import { listed } from "../state/shown.ts";
import { view } from "../state/store.ts";
import { activityName, countryName, languageName, valueName } from "../text/label.ts";
import { ago, onDay } from "../text/time.ts";
import { Accounts } from "./Accounts.tsx";
import { Avatar } from "./Avatar.tsx";
import { ContentGrid } from "./ContentGrid.tsx";
import { Brands } from "./creator/Brands.tsx";
import { CreatorPictures } from "./creator/Pictures.tsx";
import { Judgements } from "./creator/Judgements.tsx";
import { Signals } from "./creator/Signals.tsx";
import { Credibility, Quality } from "./creator/Trust.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import { Change, Figure, Money, Rate } from "./Figure.tsx";
import { Growth } from "./Growth.tsx";
import { walk } from "./keys.ts";
import { Link } from "./Link.tsx";
import { Origins } from "./Origins.tsx";
import { CompareButton, HideButton } from "./RowActions.tsx";
import { Similar } from "./Similar.tsx";

function Head({ who }: { who: Summary }) {
  const name = who.name?.trim() || (who.handle ? `@${who.handle}` : "Name not known");
  const about = [
    who.country ? countryName(who.country) : null,
    who.language ? languageName(who.language) : null,
    who.style ? valueName("style", who.style) : null,
    who.activity && who.activity !== "unknown" ? activityName(who.activity) : null,
  ].filter((one) => one !== null);
  const posted = ago(who.last_post_at);
  return (
    <header class="detail-who">
      <Avatar id={who.id} name={who.name} handle={who.handle} large />
      <div>
        <h2 id="detail-name">
          <bdi>{name}</bdi>
          {who.verified && <span class="verified">Verified</span>}
        </h2>
        <p class="muted">
          {about.join(" · ") || "little is known"}
          {posted && (
            <>
              {"\u00a0· "}
              <span class="together" title={onDay(who.last_post_at) ?? undefined}>
                last post {posted}
              </span>
            </>
          )}
        </p>
      </div>
    </header>
  );
}

function Totals({ who }: { who: Summary }) {
  return (
    <dl class="totals">
      <div>
        <dt>Followers</dt>
        <dd>
          <Figure value={who.followers} unit="followers" />
        </dd>
      </div>
      <div>
        <dt>Engagement</dt>
        <dd>
          <Rate value={who.engagement_rate} unit="engagement" />
        </dd>
      </div>
      <div>
        <dt>Growth, 30 days</dt>
        <dd>
          <Change value={who.growth_rate_30d} unit="growth in 30 days" />
        </dd>
      </div>
      <div>
        <dt>Price</dt>
        <dd>
          <Money value={who.price_usd} unit="price" />
        </dd>
      </div>
    </dl>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="block" data-title={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const none: Spike[] = []; // one and the same, so that nothing is drawn twice

function Full({ creator }: { creator: Creator }) {
  const now = opened.value;
  const handleOf = (account: string) => creator.accounts.find((one) => one.id === account)?.handle ?? null;
  return (
    <>
      {creator.summary && (
        <p class="summary" dir="auto">
          {creator.summary}
        </p>
      )}
      {(creator.pictures ?? []).length > 0 && (
        <Section title="Pictures">
          <CreatorPictures key={creator.id} creator={creator} />
        </Section>
      )}
      <Section title="What the texts say">
        <Judgements creator={creator} />
      </Section>
      <Section title="Work with brands">
        <Brands creator={creator} />
      </Section>
      <Section title="Accounts">
        <Accounts accounts={creator.accounts} />
      </Section>
      <Section title="Figures">
        <Signals creator={creator} />
      </Section>
      <Section title="Growth">
        <Growth key={creator.id} series={creator.growth ?? []} spikes={creator.spikes ?? none} handleOf={handleOf} />
      </Section>
      <Section title="Credibility">
        <Credibility creator={creator} />
      </Section>
      <Section title="Quality">
        <Quality creator={creator} />
      </Section>
      <Section title="Posts">
        <ContentGrid key={creator.id} items={creator.content ?? []} />
      </Section>
      <Section title="Similar creators">
        <Similar hits={now?.similar ?? null} failed={now?.similarProblem?.message ?? null} />
      </Section>
      <Section title="Sources and dates to go">
        <Origins creator={creator} />
      </Section>
    </>
  );
}

function Bones() {
  return (
    <div aria-hidden="true" class="detail-bones">
      {[60, 96, 220, 160].map((height) => (
        <span key={height} class="bone" style={{ height: `${height}px` }} />
      ))}
    </div>
  );
}

export function Detail() {
  const id = view.value.creator;
  const now = opened.value;
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (body.current) body.current.scrollTop = 0;
  }, [now?.id]);
  if (id === null) return null;
  const list = listed.value;
  const place = list.findIndex((one) => one.id === id);
  const who: Summary | undefined = now?.creator ?? list.find((one) => one.id === (now?.id ?? id));
  return (
    <aside class="detail" aria-labelledby="detail-name" aria-busy={!now?.creator && !now?.problem}>
      <div class="detail-bar">
        <Link class="button back" to={(from) => ({ ...from, creator: null })} title="Close (Escape)">
          <span class="only-phone">Back to the list</span>
          <span class="only-wide">Close</span>
        </Link>
        <span class="muted num detail-place">{place >= 0 ? `${place + 1} of ${list.length} shown` : ""}</span>
        {who && <CompareButton who={who} compared={view.value.compare.includes(id)} />}
        {who && !hidden.value.has(id) && <HideButton who={who} />}
        <button type="button" class="button" title="Previous (↑)" disabled={place <= 0} onClick={() => walk(-1, false)}>
          ↑<span class="sr"> Previous creator</span>
        </button>
        <button
          type="button"
          class="button"
          title="Next (↓)"
          disabled={place < 0 || place >= list.length - 1}
          onClick={() => walk(1, false)}
        >
          ↓<span class="sr"> Next creator</span>
        </button>
      </div>
      <div class="detail-body" ref={body} tabIndex={-1}>
        {who && <Head who={who} />}
        {who && <Totals who={who} />}
        {now?.problem ? (
          <ErrorNote
            title={now.problem.status === 404 ? "This creator is not here" : now.problem.message}
            detail={now.problem.status === 404 ? "It may have been erased, or the address is wrong." : now.problem.detail}
            requestId={now.problem.requestId}
            onAction={() => void load(id)}
          />
        ) : now?.creator ? (
          <Full creator={now.creator} />
        ) : (
          <Bones />
        )}
      </div>
    </aside>
  );
}
