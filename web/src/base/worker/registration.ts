import i18next from "i18next";
import { idle } from "#base/ui/loading/idle.ts";
import { startBadge } from "./badge.ts";
import { listenToWorker } from "./messages.ts";
import { keepPush } from "./push.ts";

/** The longest wait for the first frame of a video. */
const frameMsMax = 10_000;

/**
 * Registers the service worker when the first page is there and the browser is idle, so that its downloads delay nothing.
 * Without it the app only lacks its offline start and push messages. `open` shows the page at a path.
 */
export async function startWorker(open: (path: string) => void): Promise<void> {
  // A player in another site's page is not the app.
  if (location.pathname.startsWith("/embed/")) return;
  listenToWorker(open);
  startBadge();
  await firstFrame();
  await idle(frameMsMax);
  const isFirst = navigator.serviceWorker.controller === null;
  i18next.on("languageChanged", () => void register());
  await register();
  await keepPush();
  if (!isFirst) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ type: "used", paths: usedFiles() }, {});
}

/** The worker keeps the texts of the language in its address. */
async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register(`/sw.js?language=${i18next.language}`);
  } catch {
    // A browser that forbids it.
  }
}

/** Settles at the first frame of the video that the page begins with, if it begins with one (`early/boot.js`). */
const firstFrame = () =>
  new Promise<void>((resolve) => {
    if (!["feed", "watch"].includes(document.documentElement.dataset["early"] ?? "")) resolve();
    document.addEventListener("loadeddata", () => resolve(), { capture: true, once: true });
    setTimeout(resolve, frameMsMax);
  });

/** The program files of this page, loaded before there was a worker to keep them. */
const usedFiles = (): string[] =>
  performance
    .getEntriesByType("resource")
    .map(({ name }) => new URL(name, location.href))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/assets/"))
    .map(({ pathname }) => pathname);
