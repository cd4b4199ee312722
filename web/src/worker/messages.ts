import i18next from "i18next";
import { queryClient } from "../api/queries.ts";
import { loadTexts } from "../i18n/i18n.ts";
import { router } from "../routes.tsx";
import { showToast } from "../ui/toasts.tsx";

/** What the service worker says to a page. */
type WorkerMessage =
  | { readonly type: "push"; readonly title: string; readonly path: string }
  | { readonly type: "open"; readonly path: string };

const toastMs = 8_000;

export function listenToWorker(): void {
  navigator.serviceWorker.addEventListener("message", ({ data, ports }: MessageEvent<WorkerMessage>) => {
    if (data.type === "open") {
      ports[0]?.postMessage(true);
      router.history.push(data.path);
    } else if (data.type === "push") void showPush(data.title, data.path);
  });
  navigator.serviceWorker.startMessages();
}

/** A push message to a page that is looked at: it is on the page, not in the system's list. */
async function showPush(title: string, path: string): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: ["unread"] });
  // The user reads it there.
  if (path === location.pathname + location.search) return;
  await loadTexts("inbox");
  showToast(title, { name: i18next.t("push.open"), run: () => router.history.push(path) }, toastMs);
}
