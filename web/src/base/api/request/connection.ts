import { onlineManager } from "@tanstack/react-query";
import { createListeners } from "../session/listeners.ts";

/** A page that stood still gets no event of what happened meanwhile, but of its resumption. */
const sources = [
  [() => window, ["online", "offline"]],
  [() => document, ["resume", "visibilitychange"]],
] as const;

const listeners = createListeners();
/** The server answered although the browser knows of no network, as on some VPNs. */
let hasAnswered = false;

export const isOnline = (): boolean => navigator.onLine || hasAnswered;

/** Asks the server for a few bytes; where it answers, there is a connection whatever the browser knows. */
export async function tryConnection(): Promise<void> {
  const answer = await fetch("/robots.txt", { cache: "no-store" }).catch(() => undefined);
  if (answer === undefined || isOnline()) return;
  hasAnswered = true;
  addEventListener("offline", () => (hasAnswered = false), { once: true, capture: true });
  onlineManager.setOnline(true);
  listeners.notify();
}

/** Calls when there may be a connection now and was none, or the other way round; {@link isOnline} says which. */
export function watchConnection(changed: () => void): () => void {
  const unsubscribe = listeners.subscribe(changed);
  for (const [at, names] of sources) for (const name of names) at().addEventListener(name, changed);
  return () => {
    unsubscribe();
    for (const [at, names] of sources) for (const name of names) at().removeEventListener(name, changed);
  };
}
