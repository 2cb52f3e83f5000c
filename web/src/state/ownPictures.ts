// Pictures that a person gave to this tab as examples. They stay in it: kept for reload and Back, gone with the tab,
// sent to nobody but the API that is asked with them. In addresses they stand under a name that means nothing elsewhere.

const prefix = "creatordex.picture.";
const listKey = "creatordex.pictures"; // names, the oldest first
const keptAtMost = 12;
const memory = new Map<string, string>(); // also where storage is switched off or full

function names(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(listKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function store(name: string, data: string): boolean {
  try {
    sessionStorage.setItem(prefix + name, data);
    return true;
  } catch {
    return false;
  }
}

function forget(name: string): void {
  memory.delete(name);
  try {
    sessionStorage.removeItem(prefix + name);
  } catch {
    // Nothing is kept there then.
  }
}

export function isOwn(name: string): boolean {
  return name.startsWith("own-");
}

/** Keeps a picture (a data: URL) and gives the name it is known by. The oldest make room for it. */
export function keepOwn(data: string): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  const name = `own-${[...random].map((one) => one.toString(36)).join("")}`;
  memory.set(name, data);
  const known = names();
  while (known.length >= keptAtMost) forget(known.shift()!);
  while (!store(name, data) && known.length > 0) forget(known.shift()!); // full: what is oldest goes first
  try {
    sessionStorage.setItem(listKey, JSON.stringify([...known, name]));
  } catch {
    // Then it lasts until the page is left.
  }
  return name;
}

/** The picture, or null where this tab does not have it (any more). */
export function readOwn(name: string): string | null {
  const here = memory.get(name);
  if (here !== undefined) return here;
  try {
    return sessionStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

/** True for a name of such a picture that this tab does not have. */
export function isLost(name: string): boolean {
  return isOwn(name) && readOwn(name) === null;
}
