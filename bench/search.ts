import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "#kernel/postgres";
import { termsOf } from "../src/services/search/terms.ts";
import { userEntry, videoEntry } from "../src/services/search/entries.ts";
import { cpuMs, median, record, wrk } from "./record.ts";

/*
 * A search of one or two words over videos and people, with whole answers over HTTP: CPU of all processes together per
 * request. Words come from a fixed generator, a few of them often and most of them seldom, as words do.
 */
const sizes = process.argv[2] === undefined ? [10_000] : process.argv[2].split(",").map(Number);
const [rounds, seconds, connections, goalMs] = [3, 5, 8, 2.8];
const root = join(import.meta.dirname, "..");

let state = 20_261_121;
/** Mulberry32: the same numbers on every machine. */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}
const syllables = "ka mi no ra te so lu ve di pa ne ro sha tu be li go fa ze qui".split(" ");
const words = Array.from({ length: 4_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => syllables[Math.floor(random() * syllables.length)]).join(
    "",
  ),
);
const han = Array.from({ length: 1_200 }, (_, n) => String.fromCodePoint(0x4e00 + n * 7));
/** Zipf's law, roughly: the n-th is met about 1/n as often as the first. */
const among = <T>(all: readonly T[]): T => all[Math.floor(all.length ** random()) - 1] ?? (all[0] as T);
const latin = (count: number) => Array.from({ length: count }, () => among(words)).join(" ");
const chinese = (count: number) => Array.from({ length: count }, () => among(han)).join("");
const title = (n: number) => (n % 2 === 0 ? latin(5) : chinese(12));

const lines: string[] = [];
for (const size of sizes) lines.push(...(await measured(size)));
await record("search", [
  `${rounds} rounds of ${seconds} s for each size, wrk with ${connections} connections and 200 different searches in turn, pages of 20; CPU of the server and of every process of PostgreSQL together. Goal at 10,000: ≤ ${goalMs} ms.`,
  "",
  "| videos and people | request | rows found, median | CPU per request | req/s |",
  "|---|---|---|---|---|",
  ...lines,
]);

async function measured(size: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
  const postgres = await startPostgres(folder);
  const url = `postgres://${postgres.user}@localhost/postgres?host=${encodeURIComponent(postgres.socket)}`;
  const data = join(folder, "server");
  execFileSync("mkdir", ["-p", data]);
  const server = await serve(data, url);
  try {
    await fill(postgres, size);
    const found: string[] = [];
    for (const [name, path] of [
      ["videos", "/search/videos"],
      ["people", "/search/users"],
      ["all at once", "/search"],
    ] as const) {
      const asked = Array.from({ length: 200 }, (_, n) => {
        if (name === "people") return `user${Math.floor(random() * size)}`.slice(0, 8);
        return n % 2 === 0 ? latin(1 + (n % 4 === 0 ? 1 : 0)) : chinese(2);
      });
      const script = join(folder, "asked.lua");
      const paths = asked.map((q) => `"/api/v1${path}?q=${encodeURIComponent(q)}"`).join(",");
      await writeFile(
        script,
        `local p={${paths}} local n=0 request=function() n=n%#p+1 return wrk.format("GET",p[n]) end`,
      );
      const totals = await Promise.all(
        asked.slice(0, 40).map((q) => total(`${server.url}/api/v1${path}?q=${encodeURIComponent(q)}`)),
      );
      wrk(server.url, { seconds: 2, connections, script });
      const costs: number[] = [];
      const speeds: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const before = await cpuOf([server.child.pid ?? 0, postgres.pid]);
        const { requests, requestsPerSecond } = wrk(server.url, { seconds, connections, script });
        costs.push(((await cpuOf([server.child.pid ?? 0, postgres.pid])) - before) / requests);
        speeds.push(requestsPerSecond);
      }
      found.push(
        `| ${size.toLocaleString("en")} | ${name} | ${median(totals)} | ${median(costs).toFixed(2)} ms | ${median(speeds).toFixed(0)} |`,
      );
    }
    return found;
  } finally {
    server.child.kill("SIGTERM");
    await new Promise((resolve) => server.child.once("exit", resolve));
    await postgres[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

async function total(url: string): Promise<number> {
  const { data } = (await (await fetch(url)).json()) as { data: { total?: number; videos?: { total: number } } };
  return data.total ?? data.videos?.total ?? 0;
}

/** CPU of these processes and of all that they began. */
async function cpuOf(pids: readonly number[]): Promise<number> {
  const ended = { encoding: "utf8" as const };
  const family = (pid: number): number[] => {
    try {
      const children = execFileSync("pgrep", ["-P", String(pid)], ended)
        .trim()
        .split("\n")
        .map(Number);
      return [pid, ...children.flatMap(family)];
    } catch {
      return [pid];
    }
  };
  const all = await Promise.all(pids.flatMap(family).map((pid) => cpuMs(pid).catch(() => 0)));
  return all.reduce((sum, ms) => sum + ms, 0);
}

/** Rows as the services would have written them after as many events. */
async function fill({ socket, user }: { readonly socket: string; readonly user: string }, size: number): Promise<void> {
  const open = async (service: string) => {
    const probe = new pg.Client({ host: socket, user, database: "postgres" });
    await probe.connect();
    const { rows } = await probe.query<{ datname: string }>("SELECT datname FROM pg_database WHERE datname LIKE $1", [
      `%${service}%`,
    ]);
    await probe.end();
    const client = new pg.Client({ host: socket, user, database: rows[0]?.datname ?? service });
    await client.connect();
    return client;
  };
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
      visibility: "public",
      publishedAtMs: 1_790_000_000_000 + n * 1_000,
      version: 1,
    }));
    await search.query(
      `INSERT INTO user_entries (user_id, version, username, username_key, nickname_key, grams, words)
       SELECT id, 1, name, name, nick, array_to_tsvector(array(SELECT jsonb_array_elements_text(grams))), array_to_tsvector(ARRAY[name])
       FROM jsonb_to_recordset($1) AS r (id bigint, name text, nick text, grams jsonb)`,
      [
        JSON.stringify(
          numbers.map((n) => {
            const nick = n % 2 === 0 ? latin(1) : chinese(3);
            const entry = userEntry({ userId: base + n, username: `user${n}`, nickname: nick, version: 1 });
            return { id: base + n, name: entry.usernameKey, nick: entry.nicknameKey, grams: entry.grams };
          }),
        ),
      ],
    );
    await search.query(
      `INSERT INTO video_entries (video_id, author_id, version, title_key, own_words, words, published_at_ms, play_count, rank)
       SELECT id, author, 1, title, w, w, at, 0, at FROM (
         SELECT id, author, title, at, array_to_tsvector(array(SELECT jsonb_array_elements_text(terms))) AS w
         FROM jsonb_to_recordset($1) AS r (id bigint, author bigint, title text, at bigint, terms jsonb)) AS r`,
      [
        JSON.stringify(
          films.map((film) => {
            const { titleKey, terms } = videoEntry(film);
            return { id: film.videoId, author: film.userId, title: titleKey, at: film.publishedAtMs, terms };
          }),
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
    await people.query(
      "INSERT INTO users (id, username, created_at_ms) SELECT id, 'user' || (id - $2), 1 FROM unnest($1::bigint[]) AS id",
      [numbers.map((n) => base + n), base],
    );
    await people.query(
      "INSERT INTO user_profiles (user_id, nickname) SELECT id, 'user' || id FROM unnest($1::bigint[]) AS id",
      [numbers.map((n) => base + n)],
    );
  }
  if (termsOf(title(0)).length === 0) throw new Error("the generator makes no words");
  for (const client of [search, video, people]) {
    await client.query("VACUUM ANALYZE");
    await client.end();
  }
}

function serve(data: string, url: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    [join(root, "cmd/serve.ts"), "--data", data, "--port", "0", "--rtmp-port", "0"],
    {
      cwd: data,
      env: { ...process.env, KINORA_DB_URL: url, KINORA_RATE_LIMIT: "off" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("the server ended")));
    let said = "";
    child.stdout?.on("data", (more: Buffer) => {
      said += String(more);
      const address = said.match(/Kinora is ready at (\S+)/)?.[1];
      if (address !== undefined) resolve({ url: address, child });
    });
  });
}
