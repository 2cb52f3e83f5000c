// One line under the search box: what was understood from the words, what was set by hand; or, with neither, examples.
import type { Chip } from "../api/types.ts";
import { adopt, conditionOf, onlyChipWords } from "../state/chips.ts";
import { describeRange } from "../state/describe.ts";
import { chips, counted } from "../state/shown.ts";
import { change, go, view } from "../state/store.ts";
import { hasFilters, withChoice, withRange } from "../state/view.ts";
import type { Choice } from "../state/view.ts";
import { fieldName, valueName } from "../text/label.ts";
import { Examples } from "./Examples.tsx";
import { focusSearch, showControl } from "./focus.ts";

interface Props {
  label: string;
  kind: "read" | "set";
  negated: boolean;
  effect?: string | null | undefined; // what the condition did
  onEdit: (() => void) | null;
  onRemove: () => void;
}

/** "weighed in meaning and words: 3 left out" is said in short; in full on hover. */
function Effect({ text }: { text: string }) {
  return (
    <span class="chip-effect">
      {" "}
      <bdi>{text.slice(text.indexOf(":") + 1).trim()}</bdi>
    </span>
  );
}

function ChipButton({ label, kind, negated, effect, onEdit, onRemove }: Props) {
  const source = kind === "read" ? "Understood from your words" : "Set by you";
  const said = effect ? `${source}; ${effect}.` : `${source}.`;
  const inner = (
    <>
      <bdi>{label}</bdi>
      {effect && <Effect text={effect} />}
    </>
  );
  return (
    <li class={`chip ${kind}${negated ? " negated" : ""}`}>
      {onEdit ? (
        <button type="button" class="chip-label" title={`${said} Change it${kind === "read" ? " as a filter" : ""}.`} onClick={onEdit}>
          {inner}
        </button>
      ) : (
        <span class="chip-label" title={said}>
          {inner}
        </span>
      )}
      <button type="button" class="chip-remove" title={`Remove ${label}`} aria-label={`Remove ${label}`} onClick={onRemove}>
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path d="M2 2l6 6M8 2L2 8" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
        </svg>
      </button>
    </li>
  );
}

function ReadChip({ chip }: { chip: Chip }) {
  const condition = conditionOf(chip);
  const edit = () => {
    go(adopt(view.peek(), [chip]));
    if (condition) showControl(condition.field);
  };
  const remove = () => change({ ignore: [...view.peek().ignore, chip.id] });
  return (
    <ChipButton
      label={chip.label}
      kind="read"
      negated={chip.negated}
      effect={chip.effect}
      onEdit={condition ? edit : null}
      onRemove={remove}
    />
  );
}

/** What is left to search by once conditions were read from the words. */
function WordsChip({ rest, read }: { rest: string; read: Chip[] }) {
  const remove = () => change({ q: onlyChipWords(view.peek().q, read) });
  return <ChipButton label={`words: ${rest}`} kind="set" negated={false} onEdit={focusSearch} onRemove={remove} />;
}

function ChoiceChips({ field, choice }: { field: string; choice: Choice }) {
  const without = (value: string) => () =>
    go(
      withChoice(view.peek(), field, {
        any: choice.any.filter((one) => one !== value),
        none: choice.none.filter((one) => one !== value),
      }),
    );
  const name = field === "verified" ? "" : `${fieldName(field).toLowerCase()}: `;
  return (
    <>
      {choice.any.map((value) => (
        <ChipButton
          key={value}
          label={name + valueName(field, value)}
          kind="set"
          negated={false}
          onEdit={() => showControl(field)}
          onRemove={without(value)}
        />
      ))}
      {choice.none.map((value) => (
        <ChipButton
          key={`!${value}`}
          label={`not: ${valueName(field, value)}`}
          kind="set"
          negated
          onEdit={() => showControl(field)}
          onRemove={without(value)}
        />
      ))}
    </>
  );
}

export function Chips() {
  const now = view.value;
  const read = now.q === "" ? [] : chips.value;
  const ignored = now.ignore.length;
  const rest = now.q === "" ? "" : (counted.value?.understood?.rest.trim() ?? "");
  if (now.q === "" && !hasFilters(now)) {
    return (
      <div class="chips">
        <Examples />
      </div>
    );
  }
  const clear = () => change({ choices: {}, ranges: {}, ignore: [...now.ignore, ...read.map((one) => one.id)] });
  return (
    <div class="chips">
      <ul class="chip-list" aria-label="Conditions">
        {rest !== "" && <WordsChip rest={rest} read={read} />}
        {read.map((chip) => (
          <ReadChip key={chip.id} chip={chip} />
        ))}
        {Object.entries(now.choices).map(([field, choice]) => (
          <ChoiceChips key={field} field={field} choice={choice} />
        ))}
        {Object.entries(now.ranges).map(([field, range]) => (
          <ChipButton
            key={field}
            label={describeRange(field, range)}
            kind="set"
            negated={false}
            onEdit={() => showControl(field)}
            onRemove={() => go(withRange(view.peek(), field, null))}
          />
        ))}
      </ul>
      {(read.length > 0 || hasFilters(now)) && (
        <button type="button" class="ghost" onClick={clear}>
          Clear all
        </button>
      )}
      {ignored > 0 && (
        <button
          type="button"
          class="ghost"
          title="Read filters from the words again"
          onClick={() => change({ ignore: [], choices: {}, ranges: {} })}
        >
          Start over from the words
        </button>
      )}
    </div>
  );
}
