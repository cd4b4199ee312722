import type { Source } from "../report-play.ts";

/** The way of a viewer to a watch page: by the address of the page before it, and by a playlist. Pure. */
export function sourceOf(before: string | null, isInPlaylist: boolean): Source {
  if (isInPlaylist) return "playlist";
  if (before === null) return "other";
  const [, first = ""] = before.split("/");
  if (first.startsWith("@") || first === "saved" || first === "history") return "profile";
  if (first === "search" || first === "tag") return "search";
  if (first === "watch") return "related";
  if (first === "following") return "following";
  if (first === "for-you" || first === "hot") return "feed";
  if (first === "explore" || first === "category" || first === "") return "explore";
  if (first === "playlist" || first === "playlists") return "playlist";
  if (first === "inbox") return "share";
  return "other";
}

let current: string | null = null;
let previous: string | null = null;

/** Follows the pages of this visit. */
export function followPath(path: string): void {
  if (path === current) return;
  previous = current;
  current = path;
}

/** The page before the present one; `null` where the visit began here. */
export const pathBefore = (): string | null => previous;
