// Dates for people.

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const minute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["week", 7 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

function read(text: string | null | undefined): Date | null {
  if (!text) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** "2 days ago", "in 3 weeks", "just now"; null where there is no date. */
export function ago(text: string | null | undefined, now: Date = new Date()): string | null {
  const date = read(text);
  if (!date) return null;
  const seconds = (date.getTime() - now.getTime()) / 1000;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return "just now";
}

/** "19 Nov 2026" */
export function onDay(text: string | null | undefined): string | null {
  const date = read(text);
  return date ? day.format(date) : null;
}

/** "19 Nov 2026, 10:00 UTC" */
export function atMinute(text: string | null | undefined): string | null {
  const date = read(text);
  return date ? `${minute.format(date)} UTC` : null;
}
