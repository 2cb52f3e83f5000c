// What people do with an answer, told to the server so that it can learn. Nobody waits for it and no failure shows:
// it is a favour of the person, not the other way round.
import * as api from "../api/client.ts";
import type { Action } from "../api/types.ts";
import { source } from "./shown.ts";

export function report(creator: string, action: Action): void {
  const question = source()?.question() ?? null;
  if (question !== null) void api.event(question, creator, action).catch(() => undefined);
}
