import { lazy, Suspense, useSyncExternalStore } from "react";
import { hasSession } from "../api/session.ts";
import { loadTexts } from "../i18n/i18n.ts";

const Tray = lazy(async () => {
  const [{ Tray: Loaded }] = await Promise.all([import("../drive/tray.tsx"), loadTexts("files")]);
  return { default: Loaded };
});

const watchers = new Set<() => void>();
/** An upload that was under way when the page was left goes on on any page. */
let isShown = localStorage.getItem("kinora.queue") === "1" && hasSession();

/** Shows the tray of files on their way, on this and every page after it. */
export function showTray(): void {
  isShown = true;
  for (const watcher of watchers) watcher();
}

/** Where the tray is. Its code comes when there is something in it. */
export function TraySlot() {
  const isWanted = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => isShown,
  );
  return isWanted ? (
    <Suspense fallback={null}>
      <Tray />
    </Suspense>
  ) : null;
}
