// Times for people: 0.42 → "0.42 ms", 12.3 → "12 ms", 1800 → "1.8 s".
export function millis(value: number): string {
  if (value >= 1000) return `${Number((value / 1000).toFixed(value >= 10_000 ? 0 : 1))} s`;
  return `${Number(value.toFixed(value >= 10 ? 0 : value >= 1 ? 1 : 2))} ms`;
}

const kinds: Record<string, string> = {
  hybrid: "Words and meaning",
  keyword: "Words",
  semantic: "Meaning",
  rrf: "Ranks mixed",
  similar: "Similar creators",
  match: "Briefs",
  picture_words: "Pictures by words",
  picture_example: "Pictures by example",
  picture_mixed: "Pictures, mixed",
};

export function kindName(kind: string): string {
  return kinds[kind] ?? kind.replace(/_/g, " ");
}
