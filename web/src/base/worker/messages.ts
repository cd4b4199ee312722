import i18next from "i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { loadTexts } from "#base/i18n/i18n.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** A message of the service worker to a page. */
type WorkerMessage =
  | { readonly type: "push"; readonly title: string; readonly path: string }
  | { readonly type: "open"; readonly path: string };

const toastMs = 8_000;

/** Handles messages of the service worker. `open` shows the page at a path of this site. */
export function listenToWorker(open: (path: string) => void): void {
  navigator.serviceWorker.addEventListener("message", ({ data, ports }: MessageEvent<WorkerMessage>) => {
    if (data.type === "open") {
      ports[0]?.postMessage(true);
      open(data.path);
    } else if (data.type === "push") void showPush(data.title, data.path, open);
  });
  navigator.serviceWorker.startMessages();
}

/** A push message to a page that is looked at: it is on the page, not in the system's list. */
async function showPush(title: string, path: string, open: (path: string) => void): Promise<void> {
  void invalidate(keyOf("unread"));
  // The user reads it there.
  if (path === location.pathname + location.search) return;
  await loadTexts("inbox");
  showToast(title, { name: i18next.t("push.open"), run: () => open(path) }, toastMs);
}
