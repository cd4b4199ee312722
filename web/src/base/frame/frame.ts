import { mediaHook } from "#base/ui/use-media.ts";
import { type StartPage, startPage } from "./start-page.ts";

/**
 * The frame around a page.
 * `side` is the whole navigation. `rail` and `icons` are its icons alone; a player with `rail` fills a phone that is
 * held on its side. `room` is the same beside a live room, which fills any phone. `feed` is the whole navigation around
 * a video that fills the page. `admin` is the list of administration, `bare` nothing but the page, and `none` a player
 * in another site's page.
 */
export type Frame = "feed" | "side" | "rail" | "room" | "icons" | "admin" | "bare" | "none";

const bare = new Set([
  "/login",
  "/signup",
  "/first-run",
  "/setup",
  "/reset",
  "/forgot",
  "/verify-email",
  "/undo-email",
  "/end-mails",
]);
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

/** True for the path of a live room as its viewers have it. */
const isLiveRoom = (path: string): boolean => /^\/live\/\d+$/.test(path);

/**
 * True for pages that are dark unless the viewer chose otherwise: the video is the page. `early/boot.js` mirrors this.
 */
export const isStage = (path: string): boolean =>
  frameOf(path, startPage()) === "feed" || path.startsWith("/watch/") || isLiveRoom(path);

/** True for pages that Explore leads to: categories, tags and the search. */
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
  | `/admin/${"health" | "runners" | "chains" | "site" | "sign-up" | "invitations" | "accounts" | "videos" | "storage" | "media" | "payouts" | "words" | "deletions" | "audit"}`;

/** True if there is room for the bars of a desk. */
export const useIsWide = mediaHook("(min-width: 640px)");
