// What went wrong, in words a person can act on.

export interface FieldError {
  pointer?: string;
  code?: string;
  detail?: string;
}

export class Problem extends Error {
  readonly status: number; // 0 where no answer came at all
  readonly detail: string;
  readonly requestId: string;
  readonly errors: FieldError[];

  constructor(status: number, title: string, detail: string, requestId = "", errors: FieldError[] = []) {
    super(title);
    this.name = "Problem";
    this.status = status;
    this.detail = detail;
    this.requestId = requestId;
    this.errors = errors;
  }

  get cursorExpired(): boolean {
    return this.status === 410 || this.errors.some((one) => one.code === "cursor_expired");
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** An answer that is not 2xx, as a Problem; the body may be anything, since a proxy may stand between. */
export async function problemOf(response: Response): Promise<Problem> {
  const header = response.headers.get("X-Request-Id") ?? "";
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) {
    return new Problem(response.status, `The server answered ${response.status}`, response.statusText, header);
  }
  try {
    const body = (await response.json()) as Record<string, unknown>;
    const errors = Array.isArray(body["errors"]) ? (body["errors"] as FieldError[]) : [];
    const title = text(body["title"]) || `The server answered ${response.status}`;
    return new Problem(response.status, title, text(body["detail"]), text(body["request_id"]) || header, errors);
  } catch {
    return new Problem(response.status, `The server answered ${response.status}`, response.statusText, header);
  }
}

export function unreachable(): Problem {
  return new Problem(0, "The server does not answer", "It may have stopped, or the connection is gone.");
}

/** Any thrown value as a Problem; null where the call was given up on purpose. */
export function toProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && error.name === "AbortError") return null;
  return new Problem(0, "The page met an error", error instanceof Error ? error.message : String(error));
}
