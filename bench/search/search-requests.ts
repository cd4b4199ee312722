import type { Client } from "pg";
import { median, record } from "../record.ts";
import { costsOf, type WholeServer, wholeServer } from "../server/whole-server.ts";
import { among, chinese, latin, random, title, words } from "../words.ts";

/*
 * A search of one or two words over videos and users, with whole answers over HTTP: CPU of all processes together per
 * request. Words come from a fixed generator, a few of them often and most of them seldom, as words do.
 */
const sizes = process.argv[2] === undefined ? [10_000] : process.argv[2].split(",").map(Number);
const [rounds, seconds, connections, goal] = [3, 5, 8, 15];
const plainly = [{ path: "/api/v1/bench/stored?page_size=20" }];

const lines: string[] = [];
for (const size of sizes) lines.push(...(await measure(size)));
await record("search-requests", [
  `${rounds} rounds of ${seconds} s for each size, wrk with ${connections} connections and 200 different searches in turn, pages of 20; plain Fastify with 20 stored rows in the same rounds; CPU of the server and of every process of PostgreSQL together. Goal at 10,000: ≤ ${goal} × plain Fastify.`,
  "",
  "| videos and people | request | rows found, median | plain Fastify | CPU per request | of plain | req/s |",
  "|---|---|---|---|---|---|---|",
  ...lines,
]);

async function measure(size: number): Promise<string[]> {
  await using server = await wholeServer();
  await using plain = await server.plain();
  await fill(server, size);
  const lines: string[] = [];
  for (const [name, path] of [
    ["videos", "/search/videos"],
    ["people", "/search/users"],
    ["all at once", "/search"],
  ] as const) {
    const requests = Array.from({ length: 200 }, (_, n) => {
      if (name === "people") return `user${Math.floor(random() * size)}`.slice(0, 8);
      return n % 2 === 0 ? latin(1 + (n % 4 === 0 ? 1 : 0)) : chinese(2);
    }).map((q) => ({ path: `/api/v1${path}?q=${encodeURIComponent(q)}` }));
    const totals = await Promise.all(requests.slice(0, 40).map((request) => total(server.url + request.path)));
    const places = [
      { server: plain, askedIn: () => plainly },
      { server, askedIn: () => requests },
    ];
    const [stored, cost] = await costsOf(places, { rounds, seconds, connections });
    if (cost === undefined || stored === undefined) throw new Error("nothing was measured");
    const { cpu, least, most, speed } = cost;
    lines.push(
      `| ${size.toLocaleString("en")} | ${name} | ${median(totals)} | ${stored.cpu.toFixed(2)} ms | ${cpu.toFixed(2)} ms (${least.toFixed(2)}–${most.toFixed(2)}) | ${(cpu / stored.cpu).toFixed(1)}× | ${speed.toFixed(0)} |`,
    );
  }
  return lines;
}

async function total(url: string): Promise<number> {
  const { data } = (await (await fetch(url)).json()) as { data: { total?: number; videos?: { total: number } } };
  return data.total ?? data.videos?.total ?? 0;
}

/** Rows as the services would have written them after as many events. */
async function fill({ open }: WholeServer, size: number): Promise<void> {
  const [search, video, people] = await Promise.all([open("search"), open("video"), open("user")]);
  const base = 1_000_000;
  for (let from = 0; from < size; from += 500) {
    const numbers = Array.from({ length: Math.min(500, size - from) }, (_, n) => from + n);
    const films = numbers.map((n) => ({
      videoId: base + n,
      userId: base + Math.floor(random() * size),
      title: title(n),
      description: n % 2 === 0 ? latin(20) : chinese(60),
      tags: [among(words)],
      hashtags: [among(words)],
      publishedAtMs: 1_790_000_000_000 + n * 1_000,
    }));
    await search.query(
      `INSERT INTO documents (kind, id, version, owner_id, title, nickname, is_visible, named_tx, changed_tx)
       SELECT 2, id, 1, id, name, nick, true, 1, 1 FROM jsonb_to_recordset($1) AS r (id bigint, name text, nick text)`,
      [
        JSON.stringify(
          numbers.map((n) => ({ id: base + n, name: `user${n}`, nick: n % 2 === 0 ? latin(1) : chinese(3) })),
        ),
      ],
    );
    await search.query(
      `INSERT INTO documents (kind, id, version, owner_id, title, description, tags, hashtags, published_at_ms,
                              duration_ms, is_upright, is_visible, changed_tx)
       SELECT 1, id, 1, author, title, text, tags, hashtags, at, 60000, false, true, 1
       FROM jsonb_to_recordset($1)
         AS r (id bigint, author bigint, title text, text text, tags text[], hashtags text[], at bigint)`,
      [
        JSON.stringify(
          films.map(({ videoId: id, userId: author, description: text, publishedAtMs: at, ...film }) => ({
            ...film,
            id,
            author,
            text,
            at,
          })),
        ),
      ],
    );
    await video.query(
      `INSERT INTO media_states (media_id, state, width, height, duration_ms) SELECT id, 'ready', 640, 360, 60000
       FROM unnest($1::bigint[]) AS id`,
      [films.map(({ videoId }) => videoId)],
    );
    await video.query(
      `INSERT INTO videos (id, user_id, media_id, title, description, cover_url, tags, hashtags, visibility, status,
                           allow_comment, allow_download, created_at_ms, published_at_ms)
       SELECT id, author, id, title, text, '', '{}', '{}', 'public', 1, true, true, at, at
       FROM jsonb_to_recordset($1) AS r (id bigint, author bigint, title text, text text, at bigint)`,
      [
        JSON.stringify(
          films.map((film) => ({
            id: film.videoId,
            author: film.userId,
            title: film.title,
            text: film.description,
            at: film.publishedAtMs,
          })),
        ),
      ],
    );
    await fillUsers(
      people,
      numbers.map((n) => base + n),
      base,
    );
  }
  for (const client of [search, video, people]) {
    await client.query("VACUUM ANALYZE");
    await client.end();
  }
}

async function fillUsers(people: Client, ids: readonly number[], base: number): Promise<void> {
  await people.query(
    "INSERT INTO users (id, username, created_at_ms) SELECT id, 'user' || (id - $2), 1 FROM unnest($1::bigint[]) AS id",
    [ids, base],
  );
  await people.query(
    "INSERT INTO user_profiles (user_id, nickname) SELECT id, 'user' || id FROM unnest($1::bigint[]) AS id",
    [ids],
  );
}
