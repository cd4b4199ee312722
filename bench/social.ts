import { newCall } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { openDb } from "#kernel/db/pool";
import { driftOf } from "#kernel/derived";
import { counts as ofHashtags } from "../src/services/hashtag/count-store.ts";
import { counts as ofVideos } from "../src/services/interaction/count-store.ts";
import { counts as ofPeople } from "../src/services/relation/count-store.ts";
import { likesPerSecond } from "./social-likes.ts";
import { fillSocial } from "./social-fill.ts";
import { record } from "./record.ts";
import { type Asked, costOf, type WholeServer, wholeServer } from "./whole-server.ts";

/*
 * What a page of videos, of comments, of the feed, and a like cost over HTTP, for people who are signed in, follow some,
 * block others and liked things: CPU of all processes together per request.
 */
const sizes = process.argv[2] === undefined ? [10_000] : process.argv[2].split(",").map(Number);
const [rounds, seconds, connections, users, interactions] = [3, 4, 32, 10_000, 1_000_000];
/** A page is asked for as clients do: the first one, counted. */
const goals = { list: 1, detail: 0.5, comments: 0.7, feed: 2.5, like: 0.8 };

const lines: string[] = [];
const filledWith: string[] = [];
for (const videos of sizes) {
  await using server = await wholeServer();
  const tokens = await callers(server);
  const { rows, ...ids } = await fillSocial(server.open, { videos, users, interactions, callers: tokens.ids });
  await verified(server);
  filledWith.push(`${videos.toLocaleString("en")} videos: ${rows.toLocaleString("en")} interactions`);
  // As many turns as there are ids times callers, before the same person asks for the same thing again.
  const each = (of: readonly number[], path: (id: number) => string) =>
    of.map((id, n): Asked => ({ path: path(id), token: tokens.all[(n * 7) % tokens.all.length] }));
  await using plain = await server.plain();
  const least = await costOf(plain, "plain", () => [{ path: "/api/v1/bench/stored?page_size=20" }], {
    rounds,
    seconds,
    connections,
  });
  const plainly = (cpu: number) => `${(cpu / least.cpu).toFixed(1)}×`;
  lines.push(
    `| ${videos.toLocaleString("en")} | plain Fastify, 20 rows | 1 | ${least.cpu.toFixed(2)} ms (${least.least.toFixed(2)}–${least.most.toFixed(2)}) | ${least.speed.toFixed(0)} | 1× | – | – | – |`,
  );
  const feeds = await cursors(server, tokens.all[0] ?? "");
  const reads = [
    ["videos of an author", goals.list, each(ids.authors, (id) => `/api/v1/users/${id}/videos`)],
    ["videos of a hashtag", goals.list, each(ids.hashtags, (id) => `/api/v1/hashtags/${id}/videos`)],
    ["a video", goals.detail, each(ids.videos, (id) => `/api/v1/videos/${id}`)],
    ["comments of a video", goals.comments, each(ids.discussed, (id) => `/api/v1/videos/${id}/comments`)],
    [
      "the feed, 20 videos",
      goals.feed,
      feeds.map(
        (cursor, n): Asked => ({
          path: `/api/v1/recommend/feed?limit=20${cursor}`,
          token: tokens.all[(n * 7) % tokens.all.length],
        }),
      ),
    ],
  ] as const;
  for (const [name, goal, asked] of reads) {
    const line = [videos.toLocaleString("en"), name, String(asked.length)];
    for (const many of [connections, 1]) {
      const {
        cpu,
        least: few,
        most,
        speed,
      } = await costOf(server, "asked", () => asked, {
        rounds,
        seconds: many === 1 ? 2 : seconds,
        connections: many,
      });
      line.push(`${cpu.toFixed(2)} ms (${few.toFixed(2)}–${most.toFixed(2)})`, speed.toFixed(0));
      if (many !== 1) line.push(plainly(cpu));
    }
    lines.push(`| ${[...line, `≤ ${goal} ms`].join(" | ")} |`);
  }
  // Nobody likes anything twice.
  const perRound = 12_000;
  const liked = (round: number): Asked[] =>
    Array.from({ length: perRound }, (_, n) => {
      const place = (round + 1) * perRound + n;
      const id = ids.videos[Math.floor(place / tokens.all.length) % ids.videos.length];
      return { method: "POST", path: `/api/v1/videos/${id}/like`, token: tokens.all[place % tokens.all.length] };
    });
  const { cpu, least: few, most, speed } = await costOf(server, "liked", liked, { rounds, seconds, connections });
  lines.push(
    `| ${videos.toLocaleString("en")} | a like | new ones | ${cpu.toFixed(2)} ms (${few.toFixed(2)}–${most.toFixed(2)}) | ${speed.toFixed(0)} | ${plainly(cpu)} | – | – | ≤ ${goals.like} ms |`,
  );
  await verified(server);
}
const likes = await likesPerSecond();
await record("social", [
  `${rounds} rounds of ${seconds} s each; CPU of the server and of every process of PostgreSQL together, median (least–most). ${filledWith.join("; ")}; ${users.toLocaleString("en")} people. 32 people ask in turn, each with some 150 they follow, 40 they block, 10 who block them, 500 likes, 100 favourites and 300 half-watched videos; requests go through all the ids of their kind. Lists are first pages of 20, with their total.`,
  "",
  `| videos | request | different ones | ${connections} connections | req/s | of plain | 1 connection | req/s | goal |`,
  "|---|---|---|---|---|---|---|---|---|",
  ...lines,
  "",
  likes,
]);

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
    const db = openDb<unknown>(await server.addressOf(service));
    try {
      const [wrong] = await driftOf(db, countsOf(db, counts), newCall({ caller: "bench" }));
      if (wrong !== undefined) throw new Error(`${service}: ${wrong}`);
    } finally {
      await db.close();
    }
  }
}
