// What was read from a creator's texts: niches, style, language, risks; how sure, and the phrases that decided it.
import type { Creator, Evidence, Judgement } from "../../api/types.ts";
import { languageName, nicheName, riskName, valueName } from "../../text/label.ts";
import { percent } from "../../text/number.ts";

const places: Record<string, string> = {
  bio: "bio",
  content: "posts",
  title: "posts",
  name: "name",
  category: "platform’s category",
  categories: "platform’s category",
  summary: "summary",
};

function byPlace(evidence: Evidence[]): [string, string[]][] {
  const out = new Map<string, string[]>();
  for (const { field, phrase } of evidence) {
    const place = places[field] ?? field.replace(/_/g, " ");
    const phrases = out.get(place) ?? [];
    if (!phrases.includes(phrase)) phrases.push(phrase);
    out.set(place, phrases);
  }
  return [...out];
}

function Phrases({ evidence }: { evidence: Evidence[] }) {
  if (evidence.length === 0) return <p class="muted small">No phrase was kept as evidence.</p>;
  return (
    <ul class="evidence">
      {byPlace(evidence).map(([place, phrases]) => (
        <li key={place}>
          <span class="muted">In the {place}</span>
          {phrases.map((one) => (
            <bdi key={one} class="phrase">
              {one}
            </bdi>
          ))}
        </li>
      ))}
    </ul>
  );
}

function valueOf({ subject, value }: Judgement): string {
  if (subject === "niche" || subject === "secondary_niche") return nicheName(value);
  if (subject === "language") return languageName(value);
  if (subject === "risk") return riskName(value);
  return valueName(subject, value);
}

function One({ judgement }: { judgement: Judgement }) {
  return (
    <div class="judgement" data-subject={judgement.subject}>
      <p>
        <b class={judgement.subject === "risk" ? "warn" : ""}>
          <bdi>{valueOf(judgement)}</bdi>
        </b>{" "}
        <span class="muted num">{percent(judgement.confidence)} sure</span>
      </p>
      <Phrases evidence={judgement.evidence} />
    </div>
  );
}

interface SubjectProps {
  name: string;
  all: Judgement[];
  otherwise: string; // what to say where nothing was judged
}

function Subject({ name, all, otherwise }: SubjectProps) {
  return (
    <div class="subject">
      <h4>{name}</h4>
      <div>{all.length > 0 ? all.map((one) => <One key={one.value} judgement={one} />) : <p class="muted">{otherwise}</p>}</div>
    </div>
  );
}

export function Judgements({ creator }: { creator: Creator }) {
  const all = creator.judgements ?? [];
  const of = (subject: string) => all.filter((one) => one.subject === subject);
  const stated = creator.language ? `${languageName(creator.language)}, as the accounts state it` : "not known";
  return (
    <>
      <Subject name="Niche" all={of("niche")} otherwise={creator.primary_niche ? nicheName(creator.primary_niche) : "not clear from what is public"} />
      <Subject name="Also about" all={of("secondary_niche")} otherwise="nothing else stands out" />
      <Subject name="Style" all={of("style")} otherwise="not clear from what is public" />
      <Subject name="Language" all={of("language")} otherwise={stated} />
      <Subject name="Risks" all={of("risk")} otherwise={creator.judged_by ? "none found in what was read" : "not looked for yet"} />
      <p class="muted small">{creator.judged_by ? `Read by ${creator.judged_by}.` : "Nobody has read these texts yet."}</p>
    </>
  );
}
