import { createHash, randomBytes } from "node:crypto";
import { Instance } from "../../test/instance/instance.ts";
import { processTree } from "../../test/process/process-tree.ts";
import { unlimited } from "../../test/instance/folders.ts";
import { Person } from "../../test/users/person.ts";
import { cpuMs, median, record } from "../record.ts";

/*
 * One upload of 10,000 chunks of 4 KiB, in the order of their indexes, by the resumable-upload API. Measured is the
 * cost of each tenth of them: CPU of the server and its database together. The cost of a chunk must not grow with those
 * before it.
 */
const chunks = 10_000;
const chunkBytes = 4_096;
const tenth = chunks / 10;
const together = 4;
await using instance = await Instance.start({ env: { ...unlimited, KINORA_LOG_LEVEL: "warn" } });
const person = new Person(instance.url);
await person.signUp();
const bytes = randomBytes(chunks * chunkBytes);
const hash = createHash("sha256").update(bytes).digest("hex");

// A small upload first: what is done once in a process does not count.
await whole(bytes.subarray(0, tenth * chunkBytes));
await ask("/upload/init", { file_hash: hash, filename: "many.bin", file_size: bytes.byteLength });
const cost: number[] = [];
for (let from = 0; from < chunks; from += tenth) {
  const before = await spentMs();
  await send(hash, bytes, from, from + tenth);
  cost.push(((await spentMs()) - before) / tenth);
}
const looks = await measureMs(() => ask(`/upload/status?file_hash=${hash}`));
const before = await spentMs();
const merged = await measureMs(() =>
  ask("/upload/merge", { file_hash: hash, filename: "many.bin", total_chunks: chunks }),
);
const mergeMs = (await spentMs()) - before;
const [first = Number.NaN] = cost;
const last = cost.at(-1) ?? Number.NaN;
await record("chunks", [
  `One upload of ${chunks.toLocaleString("en")} chunks of 4 KiB, ${together} at a time, each durable before it is answered; CPU of server and database per chunk.`,
  "",
  "| chunks | CPU each |",
  "|---|---|",
  ...cost.map((ms, n) => `| ${n * tenth + 1}–${(n + 1) * tenth} | ${ms.toFixed(2)} ms |`),
  "",
  `The last tenth costs ${(last / first).toFixed(2)}× the first, the median of the second half ${(median(cost.slice(5)) / median(cost.slice(0, 5))).toFixed(2)}× that of the first half (goal: flat). Status with all of them: ${looks.toFixed(0)} ms. Merge: ${(merged / 1_000).toFixed(2)} s, ${(mergeMs / chunks).toFixed(2)} ms of CPU a chunk.`,
]);

async function whole(some: Buffer): Promise<void> {
  const of = createHash("sha256").update(some).digest("hex");
  await ask("/upload/init", { file_hash: of, filename: "few.bin", file_size: some.byteLength });
  await send(of, some, 0, tenth);
  await ask("/upload/merge", { file_hash: of, filename: "few.bin", total_chunks: tenth });
}

async function send(of: string, all: Buffer, from: number, to: number): Promise<void> {
  let next = from;
  const sending = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++) {
      const form = new FormData();
      form.set("file_hash", of);
      form.set("index", String(index));
      form.set("data", new Blob([all.subarray(index * chunkBytes, (index + 1) * chunkBytes)]));
      await ask("/upload/chunk", form);
    }
  };
  await Promise.all(Array.from({ length: together }, sending));
}

async function ask(path: string, body?: FormData | object): Promise<unknown> {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${instance.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${person.token}`,
      ...(body !== undefined && !isForm && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function spentMs(): Promise<number> {
  const each = await Promise.all(processTree(instance.pid).map(({ pid }) => cpuMs(pid).catch(() => 0)));
  return each.reduce((sum, ms) => sum + ms, 0);
}

async function measureMs(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
