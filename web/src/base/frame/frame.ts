import { useSyncExternalStore } from "react";
import { createListeners } from "#base/api/session/listeners.ts";
import { currentSite } from "#base/api/site.ts";
import { mediaHook } from "#base/ui/use-media.ts";

/**
 * What stands around a page: `side` is the whole navigation, `rail` and `icons` its icons alone (`rail` beside a player,
 * which has all of a phone that is held on its side), `room` the same beside a live room, which has all of any phone, `feed` the whole navigation around
 * a video that fills the rest, `admin` the list of administration, `bare` nothing but the page, `none` a player that is
 * embedded elsewhere.
 */
export type Frame = "feed" | "side" | "rail" | "room" | "icons" | "admin" | "bare" | "none";

const bare = new Set(["/login", "/signup", "/first-run", "/setup", "/reset", "/forgot", "/verify-email", "/end-mails"]);
const feeds = new Set(["/for-you", "/following", "/hot"]);

/** The frame of the page at a path. */
export function frameOf(path: string, start: StartPage): Frame {
  const [, first = ""] = path.split("/");
  if (path === "/") return start === "feed" ? "feed" : "side";
  if (feeds.has(path)) return "feed";
  if (bare.has(path)) return "bare";
  if (first === "embed") return "none";
  if (isLiveRoom(path)) return "room";
  if (first === "watch" || first === "studio" || path.startsWith("/live/")) return "rail";
  if (first === "inbox") return "icons";
  if (first === "admin" || first === "moderation") return "admin";
  return "side";
}

/** Whether a path is that of a live room, as its viewers have it. */
const isLiveRoom = (path: string): boolean => /^\/live\/\d+$/.test(path);

/** Whether a page is dark unless the viewer says otherwise: there the video is the page. `early/boot.js` mirrors this. */
export const isStage = (path: string): boolean =>
  frameOf(path, startPage()) === "feed" || path.startsWith("/watch/") || isLiveRoom(path);

/** Whether Explore leads to the page at a path: its categories and tags, and the search. */
export const isExploring = (path: string): boolean => /^\/(?:category|tag|search)(?:\/|$)/.test(path);

/** The pages that the navigation leads to. */
export type SitePath =
  | "/"
  | "/for-you"
  | "/following"
  | "/explore"
  | "/live"
  | "/live/new"
  | "/history"
  | "/saved"
  | "/playlists"
  | "/drive"
  | "/inbox"
  | "/inbox/requests"
  | "/inbox/notifications"
  | "/me"
  | "/me/wallet"
  | "/your-feed"
  | "/studio"
  | "/settings"
  | "/moderation"
  | "/admin"
  | `/admin/${"site" | "accounts" | "videos" | "storage" | "media" | "payouts" | "words" | "deletions" | "audit"}`;

/** The page that the address of the instance itself shows. */
export type StartPage = "feed" | "explore";
/** The viewer's own choice. With `auto` the instance decides: the feed on a phone and Explore on a wider screen, or one for all. */
export type StartChoice = "auto" | StartPage;

const startKey = "kinora.start";
const listeners = createListeners();
const phone = window.matchMedia("(max-width: 639px), (max-height: 500px) and (orientation: landscape)");
phone.addEventListener("change", () => listeners.notify());

export function startChoice(): StartChoice {
  const stored = localStorage.getItem(startKey);
  return stored === "feed" || stored === "explore" ? stored : "auto";
}

/** Sets the page that the viewer's visits begin with. `early/boot.js` mirrors this. */
export function setStartChoice(choice: StartChoice): void {
  if (choice === "auto") localStorage.removeItem(startKey);
  else localStorage.setItem(startKey, choice);
  listeners.notify();
}

export function startPage(): StartPage {
  const own = startChoice();
  const choice = own === "auto" ? currentSite().start_page : own;
  return choice === "auto" ? (phone.matches ? "feed" : "explore") : choice;
}

/** Whether there is room for the bars of a desk. */
export const useIsWide = mediaHook("(min-width: 640px)");
export const useStartPage = (): StartPage => useSyncExternalStore(listeners.subscribe, startPage);
export const useStartChoice = (): StartChoice => useSyncExternalStore(listeners.subscribe, startChoice);
