// What the service is busy with: asked for every few seconds while something is under way, seldom otherwise.
import { signal } from "@preact/signals";
import * as api from "../api/client.ts";
import type { ServiceStatus } from "../api/types.ts";

export const service = signal<ServiceStatus | null>(null);

const busyMs = 2_000;
const idleMs = 30_000;

export function meaningMissing(now: ServiceStatus | null): boolean {
  return now !== null && !now.embedded.ready;
}

export function meaningFilling(now: ServiceStatus | null): boolean {
  return now !== null && now.embedded.ready && now.embedded.done < now.embedded.total;
}

function busy(now: ServiceStatus | null): boolean {
  return now !== null && (meaningFilling(now) || now.indexed < now.creators);
}

async function poll(): Promise<void> {
  if (document.visibilityState === "visible") {
    try {
      service.value = await api.status();
    } catch {
      // The search reports a server that is gone; the last known state stays on screen.
    }
  }
  setTimeout(() => void poll(), busy(service.peek()) ? busyMs : idleMs);
}

export function startStatus(): void {
  void poll();
}
