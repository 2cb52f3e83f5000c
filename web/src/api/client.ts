// Calls to the server of this page. Every failure is thrown as a Problem; an abandoned call as an AbortError.
import { Problem, problemOf, unreachable } from "./problem.ts";
import type { Action, Answer, Chip, Creator, SearchRequest, ServiceStatus, Suggestion } from "./types.ts";

async function call<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { Accept: "application/json", ...init.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const id = response.headers.get("X-Request-Id") ?? "";
    throw new Problem(response.status, "The answer could not be read", "It was not the JSON the page expects.", id);
  }
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return call<T>(path, signal ? { signal } : {});
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return call<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

export function remove(path: string, signal?: AbortSignal): Promise<void> {
  return call<void>(path, { method: "DELETE", ...(signal ? { signal } : {}) });
}

export function search(request: SearchRequest, signal?: AbortSignal): Promise<Answer> {
  return post<Answer>("/v1/creators/search", request, signal);
}

export function creator(id: string, signal?: AbortSignal): Promise<Creator> {
  return get<Creator>(`/v1/creators/${encodeURIComponent(id)}`, signal);
}

export function similar(id: string, limit: number, signal?: AbortSignal): Promise<Answer> {
  return get<Answer>(`/v1/creators/${encodeURIComponent(id)}/similar?limit=${limit}&explain=false`, signal);
}

export function suggest(
  q: string,
  limit: number,
  signal?: AbortSignal,
): Promise<{ suggestions: Suggestion[]; understood?: { chips: Chip[] } }> {
  return get(`/v1/suggest?q=${encodeURIComponent(q)}&limit=${limit}`, signal);
}

export function status(signal?: AbortSignal): Promise<ServiceStatus> {
  return get<ServiceStatus>("/v1/status", signal);
}

/** Goes out even while the page is being left; the answer is empty and not waited for. */
export async function event(question: string, creator: string, action: Action): Promise<void> {
  await fetch("/v1/events", {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question_id: question, creator_id: creator, action }),
  });
}
