import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../../test/instance/instance.ts";
import { unlimited } from "../../test/instance/folders.ts";
import { Person } from "../../test/users/person.ts";
import { startNginx } from "../nginx.ts";
import { cpuMs, median, record, wrk } from "../record.ts";

/*
 * Ranges of a file of the drive, with who may have it asked each time, against nginx with sendfile, which asks nobody:
 * CPU of the serving process per request, in turn, in one run. Every range is another part of a file too large for the
 * memory of hot segments.
 */
const rounds = 5;
const seconds = 3;
const connections = 8;
const fileBytes = 512 * 2 ** 20;
const sizes = [
  ["64 KiB", 2 ** 16],
  ["1 MiB", 2 ** 20],
  ["8 MiB", 8 * 2 ** 20],
] as const;
const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
await using instance = await Instance.start({
  env: { ...unlimited, KINORA_LOG_LEVEL: "warn", KINORA_QUOTA: "20 GiB" },
});
const person = new Person(instance.url);
await person.signUp();
const bytes = randomBytes(fileBytes);
await writeFile(join(folder, "file.bin"), bytes);
const answer = await fetch(`${instance.url}/api/v1/upload?purpose=drive&name=file.bin`, {
  method: "POST",
  headers: { authorization: `Bearer ${person.token}`, "content-type": "application/octet-stream" },
  body: bytes,
});
const { data } = (await answer.json()) as { data: { entry_id: number } }; // The envelope of every answer.
const nginx = await startNginx(folder);
const authorization = { authorization: `Bearer ${person.token}` };
const sides = {
  kinora: { url: `${instance.url}/api/v1/drive/${data.entry_id}/content`, pid: instance.pid, headers: authorization },
  nginx: { url: `${nginx.url}file.bin`, pid: nginx.worker, headers: {} },
} as const;
const rows: string[] = [];
for (const [name, size] of sizes) {
  const cost = { kinora: [] as number[], nginx: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const at = Math.floor((round + 0.5) * (fileBytes / (rounds + 2)));
    for (const side of ["kinora", "nginx"] as const) {
      const { url, pid, headers } = sides[side];
      const before = await cpuMs(pid);
      const requestHeaders = { ...headers, range: `bytes=${at}-${at + size - 1}` };
      const { requests } = wrk(url, { seconds, connections, headers: requestHeaders });
      if (round > 0) cost[side].push((((await cpuMs(pid)) - before) * 1_000) / requests);
    }
  }
  const ratios = cost.kinora.map((value, round) => value / (cost.nginx[round] ?? Number.NaN));
  rows.push(
    `| ${name} | ${median(cost.kinora).toFixed(0)} µs | ${median(cost.nginx).toFixed(0)} µs | ${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}) |`,
  );
}
nginx.child.kill("SIGTERM");
await rm(folder, { recursive: true });
await record("downloads", [
  `Ranges of one private file of 512 MiB, ${connections} connections, ${rounds} rounds of ${seconds} s in turn; CPU of the serving process per request. Kinora asks each time who may have it, nginx does not.`,
  "",
  "| range | Kinora | nginx, sendfile | Kinora / nginx |",
  "|---|---|---|---|",
  ...rows,
]);
