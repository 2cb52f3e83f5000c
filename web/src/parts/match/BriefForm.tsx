// The brief, written. What is typed stands in the address as soon as a field is left, so reload and Back keep it.
import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import * as searching from "../../api/client.ts";
import { hasText, isEmpty } from "../../state/brief.ts";
import type { Brief, ListField, TextField as TextName } from "../../state/brief.ts";
import { loading, problem, refused, submit } from "../../state/match.ts";
import { change, view } from "../../state/store.ts";
import { allCountries, allLanguages } from "../../text/codes.ts";
import { countryName, languageName, learnNiche, nicheName, platformName } from "../../text/label.ts";
import { emptyBrief } from "../../state/brief.ts";
import { AmountField, RangeField, TextField } from "./Fields.tsx";
import { PickList } from "./PickList.tsx";
import { ProfilePick } from "./ProfilePick.tsx";
import { RecentBriefs } from "./RecentBriefs.tsx";

const platforms = ["youtube", "instagram", "tiktok", "x", "twitch"];
const needed = "Say at least what the product is, or who it is for";

/** Niches that there are creators for, to choose from; any other word may be typed. */
function useNiches(): string[] {
  const [names, setNames] = useState<string[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    searching.search({ facets: ["niche"], limit: 10, highlight: false }, stop.signal).then(
      (page) => {
        for (const hit of page.hits) learnNiche(hit.primary_niche, hit.niche_label);
        const values = page.facets?.find((one) => one.field === "niche")?.values ?? [];
        setNames(values.map((one) => nicheName(one.value)));
      },
      () => undefined,
    );
    return () => stop.abort();
  }, []);
  return names;
}

function Platforms({ chosen, onChange }: { chosen: string[]; onChange: (keys: string[]) => void }) {
  const flip = (key: string) => onChange(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  return (
    <fieldset class="field">
      <legend class="field-name">Platforms</legend>
      <span class="checks">
        {platforms.map((key) => (
          <label key={key}>
            <input type="checkbox" checked={chosen.includes(key)} data-value={key} onChange={() => flip(key)} />
            {platformName(key)}
          </label>
        ))}
      </span>
    </fieldset>
  );
}

function Refusal() {
  const failed = problem.value;
  if (!failed) return null;
  return (
    <p class="form-error" role="alert">
      <b>{failed.message}</b>{" "}
      {failed.errors.map((one) => [one.pointer, one.detail].filter(Boolean).join(": ")).join("; ") || failed.detail}
      {failed.requestId && (
        <span class="muted">
          {" "}
          Request <code>{failed.requestId}</code>
        </span>
      )}
    </p>
  );
}

export function BriefForm() {
  const form = useRef<HTMLFormElement>(null);
  const now = useRef<Brief>(view.value.match.brief);
  const written = useRef<Brief>(now.current); // what this form put into the address itself
  const [brief, setBrief] = useState(now.current);
  const [cleared, setCleared] = useState<Set<string>>(new Set()); // fields changed since the server refused them
  const [empty, setEmpty] = useState(false);
  const niches = useNiches();
  useEffect(
    () =>
      // Back and forward bring another brief. The form's own must not come back over what was typed since.
      effect(() => {
        const there = view.value.match.brief;
        if (there === written.current) return;
        written.current = there;
        now.current = there;
        setBrief(there);
      }),
    [],
  );
  useEffect(() => {
    setCleared(new Set());
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem.value]);
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches && isEmpty(now.current)) form.current?.querySelector<HTMLElement>("input")?.focus();
  }, []);

  const error = (field: string) => (cleared.has(field) ? undefined : refused.value[field]);
  const store = () => {
    // A field that is left because the form goes away has nothing new to say.
    if (JSON.stringify(now.current) === JSON.stringify(view.peek().match.brief)) return;
    written.current = now.current;
    change({ match: { ...view.peek().match, brief: now.current, edit: true } }, "replace");
  };
  const set = (part: Partial<Brief>) => {
    now.current = { ...now.current, ...part };
    setBrief(now.current);
    setEmpty(false);
    setCleared((before) => new Set([...before, ...Object.keys(part)]));
  };
  const setAndStore = (part: Partial<Brief>) => {
    set(part);
    store();
  };
  const text = (field: TextName) => ({
    value: brief[field],
    error: error(field) ?? (empty && field === "product_name" ? needed : undefined),
    onChange: (typed: string) => set({ [field]: typed }),
    onLeave: store,
  });
  const list = (field: ListField) => ({
    chosen: brief[field],
    error: error(field),
    onChange: (values: string[]) => setAndStore({ [field]: values }),
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const wrong = form.current?.querySelector<HTMLElement>('[data-unreadable="true"]');
    if (wrong) return wrong.focus();
    if (!hasText(now.current)) {
      setEmpty(true);
      form.current?.querySelector<HTMLElement>("input")?.focus();
      return;
    }
    written.current = now.current;
    submit(now.current, view.peek().match.profile);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };
  return (
    <div class="scroller form-scroller">
      <form class="brief-form" ref={form} noValidate aria-labelledby="brief-title" onSubmit={onSubmit} onKeyDown={onKeyDown}>
        <h1 id="brief-title">Match a brief</h1>
        <p class="muted form-lead">
          Say what the campaign is for; every creator is scored for it, part by part, with reasons. One text is enough.
        </p>
        <Refusal />
        <div class="form-half">
          <TextField name="Product" longest={200} required hint="cork yoga mat" {...text("product_name")} />
          <TextField name="Brand" longest={200} {...text("brand_name")} />
        </div>
        <TextField name="Description" longest={8000} lines={3} hint="What it is, or the whole brief" {...text("product_description")} />
        <TextField name="Audience" longest={8000} lines={2} hint="women in Brazil who dance or practise yoga" {...text("target_audience")} />
        <div class="form-half">
          <Lines name="Use cases, one a line" values={brief.key_use_cases} error={error("key_use_cases")} onChange={(key_use_cases) => set({ key_use_cases })} onLeave={store} />
          <div>
            <TextField name="Goal" longest={8000} hint="awareness" {...text("campaign_goal")} />
            <TextField name="Niche" longest={200} list={niches} {...text("product_niche")} />
          </div>
        </div>
        <Lines
          name="Competitors, one a line"
          hint="Brands: who worked for one lately ranks lower"
          lines={2}
          values={brief.competitors}
          error={error("competitors")}
          onChange={(competitors) => set({ competitors })}
          onLeave={store}
        />
        <h2>Bounds</h2>
        <p class="muted form-lead">A creator outside of them, or of whom the figure is not known, is not matched.</p>
        <div class="form-third">
          <AmountField
            name="Budget"
            unit="US $"
            value={brief.total_budget_usd}
            example="10k"
            error={error("total_budget_usd")}
            onChange={(total_budget_usd) => setAndStore({ total_budget_usd })}
          />
          <RangeField
            name="Followers"
            unit="people"
            min={brief.min_followers}
            max={brief.max_followers}
            example="5k"
            errors={[error("min_followers"), error("max_followers")]}
            onChange={(min, max) => setAndStore({ min_followers: whole(min), max_followers: whole(max) })}
          />
          <RangeField
            name="Engagement"
            unit="%"
            scale={100}
            min={brief.min_engagement}
            max={brief.max_engagement}
            example="2"
            errors={[error("min_engagement"), error("max_engagement")]}
            onChange={(min_engagement, max_engagement) => setAndStore({ min_engagement, max_engagement })}
          />
        </div>
        <Platforms chosen={brief.platforms} onChange={(keys) => setAndStore({ platforms: keys })} />
        {error("platforms") && <span class="field-error">{error("platforms")}</span>}
        <div class="form-half">
          <PickList name="Countries" options={allCountries()} nameOf={countryName} {...list("countries")} />
          <PickList name="Languages" options={allLanguages()} nameOf={languageName} {...list("languages")} />
        </div>
        <div class="form-half">
          <ProfilePick value={view.value.match.profile} onPick={(profile) => change({ match: { ...view.peek().match, profile, edit: true } }, "replace")} />
        </div>
        {error("profile") && <p class="field-error">{error("profile")}</p>}
        <p class="form-foot">
          <button class="button primary" disabled={loading.value} title="Ctrl Enter">
            Find creators
          </button>
          {!isEmpty(brief) && (
            <button type="button" class="ghost" onClick={() => setAndStore({ ...emptyBrief })}>
              Empty the form
            </button>
          )}
        </p>
      </form>
      <RecentBriefs />
    </div>
  );
}

function whole(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

interface LinesProps {
  name: string;
  values: string[];
  hint?: string;
  lines?: number;
  error: string | undefined;
  onChange: (values: string[]) => void;
  onLeave: () => void;
}

/** One a line. The text is kept as typed, so that a new line can be begun. */
function Lines({ name, values, hint, lines = 4, error, onChange, onLeave }: LinesProps) {
  const [text, setText] = useState(values.join("\n"));
  const read = (typed: string) => [...new Set(typed.split("\n").map((one) => one.trim()).filter((one) => one !== ""))];
  useEffect(() => {
    if (read(text).join("\n") !== values.join("\n")) setText(values.join("\n"));
  }, [values]);
  return (
    <TextField
      name={name}
      value={text}
      lines={lines}
      {...(hint ? { hint } : {})}
      longest={8000}
      error={error}
      onChange={(typed) => {
        setText(typed);
        onChange(read(typed));
      }}
      onLeave={onLeave}
    />
  );
}
