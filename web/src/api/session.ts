/**
 * The session itself is an HttpOnly cookie that scripts cannot read. What is kept here is only the knowledge that
 * there is one, so that a visitor who never logged in causes no request that is bound to fail.
 */
const markKey = "kinora.session";

/** Asks the server to keep the session in its cookie and to leave tokens out of the answer. */
export const sessionHeader = { "x-kinora-session": "cookie" } as const;

const watchers = new Set<() => void>();

export const hasSession = (): boolean => localStorage.getItem(markKey) === "1";

export function beginSession(): void {
  localStorage.setItem(markKey, "1");
  for (const watcher of watchers) watcher();
}

export function endSession(): void {
  if (!hasSession()) return;
  localStorage.removeItem(markKey);
  for (const watcher of watchers) watcher();
}

/** Calls back when a session begins or ends, in this tab or another; returns the way to stop. */
export function watchSession(watcher: () => void): () => void {
  const stored = (event: StorageEvent) => {
    if (event.key === markKey) watcher();
  };
  watchers.add(watcher);
  window.addEventListener("storage", stored);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener("storage", stored);
  };
}
