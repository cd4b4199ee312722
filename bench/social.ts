import { countsOf } from "#kernel/db/counts";
import { openDb } from "#kernel/db/pool";
import { counts as ofHashtags } from "../src/services/hashtag/count-store.ts";
import { counts as ofVideos } from "../src/services/interaction/count-store.ts";
import { counts as ofPeople } from "../src/services/relation/count-store.ts";
import { likesPerSecond } from "./social-likes.ts";
import { fillSocial } from "./social-fill.ts";
import { record } from "./record.ts";
import { type Asked, type Cost, costsOf, type Place, type WholeServer, wholeServer } from "./whole-server.ts";

/*
 * What a page of videos, of comments, of the feed, and a like cost over HTTP, for people who are signed in, follow some,
 * block others and liked things: CPU of all processes together per request.
 */
const sizes = process.argv[2] === undefined ? [10_000] : process.argv[2].split(",").map(Number);
const [rounds, seconds, connections, users, interactions] = [3, 4, 32, 10_000, 1_000_000];
/** A page is asked for as clients do: the first one, counted. CPU milliseconds per request. */
const goals = {
  "videos of an author": 1,
  "videos of a hashtag": 1,
  "a video": 0.5,
  "comments of a video": 0.7,
  "the feed, 20 videos": 2.5,
  "a like": 0.8,
} as const;
type Kind = keyof typeof goals;
const kinds = Object.keys(goals) as Kind[]; // The type of the table.
/** Nobody likes anything twice. */
const likesPerRound = 12_000;
const plainly: Asked[] = [{ path: "/api/v1/bench/stored?page_size=20" }];

const lines = [
  `| videos | request | different ones | ${connections} connections | req/s | of plain | of the first | 1 connection | req/s | goal |`,
  `|${"---|".repeat(10)}`,
];
const filledWith: string[] = [];
await measured();
await record("social", [
  `${rounds} rounds of ${seconds} s each, plain Fastify and every number of videos in turn within each round; CPU of the server and of every process of PostgreSQL together, median (least–most). ${filledWith.join("; ")}; ${users.toLocaleString("en")} people. 32 people ask in turn, each with some 150 they follow, 40 they block, 10 who block them, 500 likes, 100 favourites and 300 half-watched videos; requests go through all the ids of their kind. Lists are first pages of 20, with their total.`,
  "",
  ...lines,
  "",
  await likesPerSecond(),
]);

async function measured(): Promise<void> {
  await using all = new AsyncDisposableStack();
  const filled: Filled[] = [];
  for (const videos of sizes) filled.push(await fill(all.use(await wholeServer()), videos));
  const [first] = filled;
  if (first === undefined) throw new Error("no number of videos was given");
  const plain: Place = { server: all.use(await first.server.plain()), askedIn: () => plainly };
  for (const kind of kinds) {
    const places = filled.map(({ server, askedIn }): Place => ({ server, askedIn: askedIn(kind) }));
    const [least, ...costs] = await costsOf([plain, ...places], { rounds, seconds, connections });
    const alone = kind === "a like" ? [] : await costsOf(places, { rounds, seconds: 2, connections: 1 });
    for (const [n, { videos, different }] of filled.entries()) {
      const [cost, one] = [costs[n], alone[n]];
      const times = (of?: Cost) => (cost && of ? `${(cost.cpu / of.cpu).toFixed(2)}×` : "–");
      const name = [videos.toLocaleString("en"), kind, different(kind)];
      const ofPlain = `${times(least)} ${least?.cpu.toFixed(2)} ms`;
      lines.push(
        `| ${[...name, ...said(cost), ofPlain, times(costs[0]), ...said(one), `≤ ${goals[kind]} ms`].join(" | ")} |`,
      );
    }
  }
  for (const { server } of filled) await verified(server);
}

function said(cost?: Cost): [cpu: string, speed: string] {
  if (cost === undefined) return ["–", "–"];
  const { cpu, least, most, speed } = cost;
  return [`${cpu.toFixed(2)} ms (${least.toFixed(2)}–${most.toFixed(2)})`, speed.toFixed(0)];
}

interface Filled {
  readonly server: WholeServer;
  readonly videos: number;
  readonly askedIn: (kind: Kind) => (round: number) => readonly Asked[];
  /** How many different requests there are of a kind. */
  readonly different: (kind: Kind) => string;
}

async function fill(server: WholeServer, videos: number): Promise<Filled> {
  const tokens = await callers(server);
  const { rows, ...ids } = await fillSocial(server.open, { videos, users, interactions, callers: tokens.ids });
  await verified(server);
  filledWith.push(`${videos.toLocaleString("en")} videos: ${rows.toLocaleString("en")} interactions`);
  const by = (n: number) => tokens.all[n % tokens.all.length];
  // As many turns as there are ids times callers, before the same person asks for the same thing again.
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
  const likes = (round: number) =>
    Array.from({ length: likesPerRound }, (_, n): Asked => {
      const place = (round + 1) * likesPerRound + n;
      const id = ids.videos[Math.floor(place / tokens.all.length) % ids.videos.length];
      return { method: "POST", path: `/api/v1/videos/${id}/like`, token: by(place) };
    });
  return {
    server,
    videos,
    askedIn: (kind) => (kind === "a like" ? likes : () => reads[kind]),
    different: (kind) => (kind === "a like" ? "new ones" : String(reads[kind].length)),
  };
}

async function callers({ url }: WholeServer): Promise<{ ids: number[]; all: string[] }> {
  const made = { ids: [] as number[], all: [] as string[] };
  for (let n = 0; n < 32; n++) {
    const answer = await fetch(`${url}/api/v1/users/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: `caller${n}`, password: `correct horse ${n}` }),
    });
    const { data } = (await answer.json()) as { data: { token: string; user_id: number } };
    made.ids.push(data.user_id);
    made.all.push(data.token);
  }
  return made;
}

/** Where the feed goes on, page by page: the first one, and 200 after it. */
async function cursors({ url }: WholeServer, token: string): Promise<string[]> {
  const found = [""];
  while (found.length <= 200) {
    const answer = await fetch(`${url}/api/v1/recommend/feed?limit=20${found.at(-1)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { data } = (await answer.json()) as { data: { next_cursor: string | null } };
    if (data.next_cursor === null) break;
    found.push(`&cursor=${encodeURIComponent(data.next_cursor)}`);
  }
  return found;
}

/** @throws Error where a count is not that of its rows: then nothing measured would mean anything. */
async function verified(server: WholeServer): Promise<void> {
  for (const [service, counts] of Object.entries({ hashtag: ofHashtags, interaction: ofVideos, relation: ofPeople })) {
    const db = openDb<unknown>(server.address, { service });
    try {
      for await (const wrong of countsOf(db, counts).drift?.() ?? []) throw new Error(`${service}: ${wrong}`);
    } finally {
      await db.close();
    }
  }
}
