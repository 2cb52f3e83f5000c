// Countries and languages by the name a person types. The browser knows the names; only two-letter codes are asked for.
import { countryName, languageName } from "./label.ts";

// Codes that the browser names but that are no country of ISO 3166-1.
const noCountries = new Set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ UK".split(" "));
const letters = "abcdefghijklmnopqrstuvwxyz";

export interface Named {
  code: string;
  name: string;
}

/** False for codes that gave way to another: "DD" is "DE" today. */
function inUse(tag: string): boolean {
  return Intl.getCanonicalLocales(tag)[0]?.toLowerCase() === tag.toLowerCase();
}

function all(nameOf: (code: string) => string, write: (code: string) => string, use: (code: string) => boolean): Named[] {
  const out: Named[] = [];
  for (const a of letters) {
    for (const b of letters) {
      const code = write(a + b);
      const name = nameOf(code);
      if (name !== code && use(code)) out.push({ code, name });
    }
  }
  return out.sort((x, y) => x.name.localeCompare(y.name, "en"));
}

let countries: Named[] | null = null;
let languages: Named[] | null = null;
export function allCountries(): Named[] {
  return (countries ??= all(countryName, (code) => code.toUpperCase(), (code) => inUse(`und-${code}`) && !noCountries.has(code)));
}
export function allLanguages(): Named[] {
  return (languages ??= all(languageName, (code) => code, inUse));
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLocaleLowerCase("en");
}

/** By code or full name, else by the beginning of exactly one name; null where it is not clear which is meant. */
export function findNamed(text: string, options: Named[]): Named | null {
  const wanted = fold(text);
  if (wanted === "") return null;
  const exact = options.find((one) => fold(one.name) === wanted || one.code.toLowerCase() === wanted);
  if (exact) return exact;
  const begun = options.filter((one) => fold(one.name).startsWith(wanted));
  return begun.length === 1 ? begun[0]! : null;
}
