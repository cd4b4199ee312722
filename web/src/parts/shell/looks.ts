import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { videoQuery } from "#base/api/queries.ts";
import type { FollowedAuthor } from "#base/api/types.ts";

/** When the viewer last looked at accounts on this device, by account. */
export type Looks = Readonly<Record<number, number>>;

/** Videos of accounts that were never looked at here are new for a week. */
const newMs = 7 * 86_400_000;
/** So many accounts are remembered; the rest are those that were looked at longest ago. */
const looksMax = 200;

/** True if an account published since it was last looked at. Pure. */
export function isNew(publishedAt: string | null, lookedAtMs: number | undefined, nowMs: number): boolean {
  if (publishedAt === null) return false;
  return Date.parse(publishedAt) > (lookedAtMs ?? nowMs - newMs);
}

/** The looks with one more at these accounts, which are the latest ones then. Pure. */
export function withLook(looks: Looks, authorIds: readonly number[], nowMs: number): Looks {
  const all: Looks = { ...looks, ...Object.fromEntries(authorIds.map((id) => [id, nowMs])) };
  const latest = Object.entries(all).toSorted(([, a], [, b]) => b - a);
  return Object.fromEntries(latest.slice(0, looksMax));
}

/** The authors that a page shows: the one of a profile or of a video, or all of them in their own feed. Pure. */
export function authorsLookedAt(
  path: string,
  authors: readonly Pick<FollowedAuthor, "user">[],
  videoAuthorId: number | undefined,
): number[] {
  const ids = authors.map(({ user }) => user.id);
  if (path === "/following") return ids;
  const name = /^\/@([^/]+)$/.exec(path)?.[1]?.toLowerCase();
  return authors
    .filter(({ user }) => user.id === videoAuthorId || user.username.toLowerCase() === name)
    .map(({ user }) => user.id);
}

const keyOf = (userId: number) => `kinora.looks.${userId}`;

function readLooks(userId: number): Looks {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? "{}");
    const entries = Object.entries(Object(value)).filter(([, atMs]) => typeof atMs === "number");
    return Object.fromEntries(entries) as Looks;
  } catch {
    return {};
  }
}

/** When a viewer last looked at these accounts; the page that is open counts. */
export function useLooks(userId: number, authors: readonly FollowedAuthor[]): Looks {
  const { pathname } = useLocation();
  const [looks, setLooks] = useState(() => readLooks(userId));
  const videoId = Number(/^\/watch\/(\d+)$/.exec(pathname)?.[1] ?? 0);
  const { data: video } = useQuery({ ...videoQuery(videoId), enabled: false });
  const videoAuthorId = videoId > 0 ? video?.user.id : undefined;
  useEffect(() => {
    const seen = authorsLookedAt(pathname, authors, videoAuthorId);
    if (seen.length === 0) return;
    const next = withLook(readLooks(userId), seen, Date.now());
    localStorage.setItem(keyOf(userId), JSON.stringify(next));
    setLooks(next);
  }, [pathname, authors, videoAuthorId, userId]);
  return looks;
}
