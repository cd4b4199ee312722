import { join } from "node:path";
import type { Page } from "playwright-core";
import { becomes, shows } from "../../test/browser/browser.ts";
import {
  fileStops,
  ownStops,
  socialStops,
  type Stop,
  type Subjects,
  visitorStops,
} from "../../test/e2e/screens/stops.ts";

const quietMsMax = 2_000;
const media = join(import.meta.dirname, "../../test/media");

export type Viewer = "visitor" | "viewer" | "administrator";

/** A page in one of its states. */
export interface State {
  readonly name: string;
  readonly path: string;
  readonly who: Viewer;
  /** A condition that is true once the page can be photographed, after `act`. */
  readonly isThere: string;
  /** An action on the page, once it is there at all. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** On one kind of device alone. */
  readonly on?: "phone" | "desk";
}

/** Presses what has this icon, whatever the language. */
const press = (icon: string) => (page: Page) =>
  page.locator(`:is(button, a):visible:has(svg.lucide-${icon})`).first().click();
const key = (name: string) => (page: Page) => page.keyboard.press(name);
const unavailable = { code: 503, message: "", data: null, error: "kernel.service_unavailable", trace_id: "" };
const fails = (page: Page) => page.route("**/api/v1/**", (route) => route.fulfill({ status: 503, json: unavailable }));

/** Every page and important state; `firstRun` is the address of a first run. */
export function statesOf(subjects: Subjects, firstRun: string): State[] {
  const of = (who: Viewer, stops: readonly Stop[]) =>
    stops.map(([name, path, isThere]): State => ({ name, path, isThere, who }));
  const watch = `/watch/${subjects.videoId}`;
  const page = shows("main h1, main h2, main form, main section");
  return [
    ...of("visitor", visitorStops(subjects)),
    { name: "first-run", path: firstRun, who: "visitor", isThere: shows("form") },
    { name: "feed-comments", path: "/for-you", who: "viewer", isThere: shows(".comments-panel"), act: key("c") },
    { name: "feed-keys", path: "/for-you", who: "viewer", isThere: shows("[role=dialog]"), act: key("?"), on: "desk" },
    { name: "feed-more", path: "/for-you", who: "viewer", isThere: shows("[role=dialog]"), act: press("ellipsis") },
    { name: "watch-viewer", path: watch, who: "viewer", isThere: page },
    { name: "watch-theatre", path: watch, who: "viewer", isThere: page, act: openTheatre, on: "desk" },
    { name: "watch-share", path: watch, who: "viewer", isThere: shows("[role=dialog]"), act: press("share-2") },
    { name: "upload-form", path: "/upload", who: "viewer", isThere: shows("form input"), act: chooseVideo },
    ...["library", "saved", "history", "playlists", "studio", "inbox", "drive"].map(
      (name): State => ({
        name: `empty-${name}`,
        path: `/${name === "library" ? "me" : name}`,
        who: "viewer",
        isThere: page,
      }),
    ),
    {
      name: "error",
      path: "/explore",
      who: "visitor",
      isThere: shows("main svg + h1, main svg + h2"),
      act: reloadFailing,
    },
    { name: "offline", path: "/explore", who: "visitor", isThere: page, act: (at) => at.context().setOffline(true) },
    ...of("administrator", [...ownStops, ...fileStops(subjects), ...socialStops(subjects)]),
    ...["playback", "privacy", "blocked", "security", "data"].map(
      (name): State => ({ name: `settings-${name}`, path: `/settings/${name}`, who: "administrator", isThere: page }),
    ),
    { name: "profile-own", path: "/@keeper", who: "administrator", isThere: page },
    {
      name: "account-menu",
      path: "/explore",
      who: "administrator",
      isThere: shows("[role=dialog]"),
      act: openAccountMenu,
      on: "desk",
    },
  ];
}

const chooseVideo = (page: Page) =>
  page.locator("input[type=file]").first().setInputFiles(join(media, "basic-720p.mp4"));

async function reloadFailing(page: Page): Promise<void> {
  await fails(page);
  await page.reload();
}

/** The controls hide while no mouse moves. */
async function openTheatre(page: Page): Promise<void> {
  await becomes(page, `document.querySelector("video")?.readyState >= 2`);
  await page.locator("button:has(svg.lucide-rectangle-horizontal)").first().dispatchEvent("click");
}

const openAccountMenu = (page: Page) => page.locator("header button:visible").last().click();

/** Settles when a state is there with its typeface and, unless a film goes on loading, its pictures. */
export async function settle(page: Page, isThere: string): Promise<void> {
  await becomes(page, isThere, 15_000);
  await becomes(page, `document.fonts.status === "loaded" && !document.querySelector("[aria-busy=true]")`, 15_000);
  await page.waitForLoadState("networkidle", { timeout: quietMsMax }).catch(() => undefined);
}
