import assert from "node:assert/strict";
import { gramsOf, nameKey } from "../../src/services/drive/tree/names.ts";
import { Instance } from "../../test/instance/instance.ts";
import { percentile } from "../../test/fault/crash/crash-loop.ts";
import { unlimited } from "../../test/instance/folders.ts";
import { rows } from "../../test/instance/tables.ts";
import { quiet } from "../quiet.ts";
import { record } from "../record.ts";

/*
 * The cost of a folder of 100,000 files: a page of 100 of it in every order, at its beginning, its middle and its end,
 * as a client asks for it over HTTP; a search in it; and putting all of it into the trash and back.
 */
const entries = 100_000;
const folders = 1_000;
const goalMs = 20;
const pagesEach = 60;

await using instance = await Instance.start({ env: { ...unlimited, KINORA_LOG_LEVEL: "warn" } });
const me = await post("/users/register", { username: "bench", password: "a bench password" }, "");
const token = String(me["token"]);
const userId = Number(me["user_id"]);
const folder = Number((await post("/drive/folders", { name: "large" }))["id"]);
const began = performance.now();
await fill();
console.log(`filled in ${Math.round(performance.now() - began)} ms`);
if (!(await quiet())) console.log("other work keeps the machine busy");

const lines: string[] = [];
let slowest = 0;
for (const sort of ["name", "date", "size"])
  for (const order of ["asc", "desc"]) {
    const path = `/drive?folder_id=${folder}&sort=${sort}&order=${order}&page_size=100`;
    // All pages once: the cursors to any of them, and proof that they are all there.
    const cursors = [""];
    let seen = 0;
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { list, next_cursor: next } = (await ask(page(path, cursor))) as {
        list: object[];
        next_cursor: string | null;
      };
      seen += list.length;
      cursor = next;
      if (next !== null) cursors.push(next);
    }
    assert.equal(seen, entries);
    const cells = [];
    for (const [from, to] of [
      [0, 1],
      [0.5, 0.6],
      [0.94, 1],
    ] as const) {
      const some = cursors.slice(Math.floor(from * cursors.length), from === 0 ? 1 : Math.ceil(to * cursors.length));
      const took: number[] = [];
      for (let i = 0; i < pagesEach; i++) {
        const at = performance.now();
        await ask(page(path, some[i % some.length] ?? ""));
        took.push(performance.now() - at);
      }
      const sorted = took.toSorted((a, b) => a - b);
      slowest = Math.max(slowest, percentile(sorted, 0.5));
      cells.push(`${percentile(sorted, 0.5).toFixed(1)} / ${percentile(sorted, 0.99).toFixed(1)} ms`);
    }
    lines.push(`| ${sort}, ${order} | ${cells.join(" | ")} |`);
  }

const searches: string[] = [];
for (const [what, q] of [
  ["one of 100,000", "photo 054321"],
  ["a tenth of them", "holiday"],
  ["every one of them", "o"],
  ["none of them", "xyzzy"],
] as const) {
  const took: number[] = [];
  for (let i = 0; i < 20; i++) took.push(await measureMs(() => ask(`/drive/search?q=${encodeURIComponent(q)}`)));
  const sorted = took.toSorted((a, b) => a - b);
  searches.push(`| ${what} | ${percentile(sorted, 0.5).toFixed(1)} ms | ${percentile(sorted, 0.99).toFixed(1)} ms |`);
}
const discarded = await measureMs(() => post("/drive/trash", { ids: [folder] }));
const restored = await measureMs(() => post("/drive/restore", { ids: [folder] }));

await record("drive-folder", [
  `A folder of ${(entries - folders).toLocaleString("en")} files and ${folders.toLocaleString("en")} folders, pages of 100 over HTTP, p50 / p99 of ${pagesEach}.`,
  "",
  "| order | first page | in the middle | at the end |",
  "|---|---|---|---|",
  ...lines,
  "",
  `Goal: a page ≤ ${goalMs} ms; the slowest median is ${slowest.toFixed(1)} ms.`,
  "",
  "| search that finds | p50 | p99 |",
  "|---|---|---|",
  ...searches,
  "",
  `The whole folder goes into the trash in ${(discarded / 1_000).toFixed(1)} s and comes back in ${(restored / 1_000).toFixed(1)} s.`,
]);
if (slowest > goalMs) process.exitCode = 1;

async function fill(): Promise<void> {
  const batch = 5_000;
  for (let from = 0; from < entries; from += batch) {
    const some = Array.from({ length: batch }, (_, i) => {
      const n = from + i;
      const name = `${n % 10 === 0 ? "Holiday" : "Photo"} ${String(n).padStart(6, "0")}.jpg`;
      const key = nameKey(name);
      return { n, name, key, grams: `{${gramsOf(userId, key).join()}}`, rank: n % (entries / folders) === 1 ? 0 : 1 };
    });
    await rows(
      instance.data,
      "drive",
      `INSERT INTO user_files (user_id, id, parent_id, rank, name, name_key, grams, file_id, key, sha256, size_bytes, mime,
                               kind, created_at_ms, changed_at_ms, uploaded_at_ms)
       SELECT $1, n, $2, rank, name, key, grams::integer[], CASE rank WHEN 1 THEN n END, CASE rank WHEN 1 THEN 'upload/x' END,
              CASE rank WHEN 1 THEN md5(n::text) END, n * 7919 % 1000003, 'image/jpeg', CASE rank WHEN 1 THEN 'image' ELSE 'folder' END,
              n, n * 104729 % 1000003, n
       FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::smallint[]) AS t (n, name, key, grams, rank)`,
      [
        userId,
        folder,
        some.map(({ n }) => n + 1),
        some.map(({ name }) => name),
        some.map(({ key }) => key),
        some.map(({ grams }) => grams),
        some.map(({ rank }) => rank),
      ],
    );
  }
  await rows(instance.data, "drive", "UPDATE drives SET entry_count = entry_count + $2 WHERE user_id = $1", [
    userId,
    entries,
  ]);
  await rows(instance.data, "drive", "VACUUM ANALYZE user_files");
}

/** The first page says how many there are, too. */
function page(path: string, cursor: string): string {
  return cursor === "" ? path : `${path}&cursor=${cursor}`;
}

async function measureMs(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function post(path: string, body: object, as = token): Promise<Record<string, unknown>> {
  return ask(path, { method: "POST", body: JSON.stringify(body) }, as);
}

/** The `data` of an answer. */
async function ask(path: string, more: RequestInit = {}, as = token): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json", ...(as !== "" && { authorization: `Bearer ${as}` }) };
  const answer = await fetch(`${instance.url}/api/v1${path}`, { ...more, headers });
  const { data, message } = (await answer.json()) as { data: Record<string, unknown>; message: string }; // The envelope.
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${message}`);
  return data;
}
