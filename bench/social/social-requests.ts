import { createCountProjection } from "#kernel/db/counts";
import { openDb } from "#kernel/db/pool";
import { counts as ofHashtags } from "../../src/services/hashtag/count-store.ts";
import { counts as ofVideos } from "../../src/services/interaction/count-store.ts";
import { counts as ofPeople } from "../../src/services/relation/count-store.ts";
import { fillSocial } from "./social-fill.ts";
import type { Asked, WholeServer } from "../server/whole-server.ts";

/** The requests of `bench/social/social.ts`: clients ask for the first page, counted. */
export const kinds = [
  "videos of an author",
  "videos of a hashtag",
  "a video",
  "comments of a video",
  "the feed, 20 videos",
  "a like",
] as const;
export type Kind = (typeof kinds)[number];
export const users = 10_000;
/** Nobody likes anything twice. */
const likesPerRound = 12_000;
/** The round in which servers become warm among them. */
const roundsMax = 4;

export interface Filled {
  readonly videos: number;
  /** Each place has likes of its own. */
  readonly askedIn: (kind: Kind, place: number) => (round: number) => readonly Asked[];
  /** How many interactions there are. */
  readonly rows: number;
  /** How many different requests there are of a kind. */
  readonly different: (kind: Kind) => string;
}

/** Makes the videos, their users with their acts, and the requests for them. */
export async function fill(server: WholeServer, videos: number, interactions: number): Promise<Filled> {
  const tokens = await callers(server);
  const { rows, ...ids } = await fillSocial(server.open, { videos, users, interactions, callers: tokens.ids });
  await verify(server);
  const by = (n: number) => tokens.all[n % tokens.all.length];
  // As many turns as there are ids times callers, before the same user asks for the same thing again.
  const each = (of: readonly number[], path: (id: number) => string) =>
    of.map((id, n): Asked => ({ path: path(id), token: by(n * 7) }));
  const feeds = await cursors(server, tokens.all[0] ?? "");
  const reads: Record<Exclude<Kind, "a like">, Asked[]> = {
    "videos of an author": each(ids.authors, (id) => `/api/v1/users/${id}/videos`),
    "videos of a hashtag": each(ids.hashtags, (id) => `/api/v1/hashtags/${id}/videos`),
    "a video": each(ids.videos, (id) => `/api/v1/videos/${id}`),
    "comments of a video": each(ids.discussed, (id) => `/api/v1/videos/${id}/comments`),
    "the feed, 20 videos": feeds.map((cursor, n) => ({
      path: `/api/v1/recommend/feed?limit=20${cursor}`,
      token: by(n * 7),
    })),
  };
  const likes = (place: number) => (round: number) =>
    Array.from({ length: likesPerRound }, (_, n): Asked => {
      const at = (place * roundsMax + round + 1) * likesPerRound + n;
      const id = ids.likeable[Math.floor(at / tokens.all.length) % ids.likeable.length];
      return { method: "POST", path: `/api/v1/videos/${id}/like`, token: by(at) };
    });
  return {
    videos,
    rows,
    askedIn: (kind, place) => (kind === "a like" ? likes(place) : () => reads[kind]),
    different: (kind) => (kind === "a like" ? "new ones" : String(reads[kind].length)),
  };
}

export async function callers({ url }: WholeServer): Promise<{ ids: number[]; all: string[] }> {
  const tokens = { ids: [] as number[], all: [] as string[] };
  for (let n = 0; n < 32; n++) {
    const answer = await fetch(`${url}/api/v1/users/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: `caller${n}`, password: `correct horse ${n}` }),
    });
    const { data } = (await answer.json()) as { data: { token: string; user_id: number } };
    tokens.ids.push(data.user_id);
    tokens.all.push(data.token);
  }
  return tokens;
}

/** The cursors of the feed, page by page: the first one, and 200 after it. */
async function cursors({ url }: WholeServer, token: string): Promise<string[]> {
  const cursors = [""];
  while (cursors.length <= 200) {
    const answer = await fetch(`${url}/api/v1/recommend/feed?limit=20${cursors.at(-1)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { data } = (await answer.json()) as { data: { next_cursor: string | null } };
    if (data.next_cursor === null) break;
    cursors.push(`&cursor=${encodeURIComponent(data.next_cursor)}`);
  }
  return cursors;
}

/** @throws Error where a count is not that of its rows: then nothing measured would mean anything. */
export async function verify(server: WholeServer): Promise<void> {
  for (const [service, counts] of Object.entries({ hashtag: ofHashtags, interaction: ofVideos, relation: ofPeople })) {
    const db = openDb<unknown>(server.address, { service });
    try {
      for await (const wrong of createCountProjection(db, counts).drift?.() ?? [])
        throw new Error(`${service}: ${wrong}`);
    } finally {
      await db.close();
    }
  }
}
