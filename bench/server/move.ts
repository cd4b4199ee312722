import { readFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { runAlone } from "../../test/process/command.ts";
import { rows } from "../../test/instance/tables.ts";
import { startOnTemplate } from "../../test/instance/template.ts";
import { startOutsidePostgres } from "../../test/servers/postgres.ts";
import { Commenters } from "../../test/users/commenters.ts";
import { MainJob } from "../../test/users/main-job.ts";
import { Person } from "../../test/users/person.ts";
import { record } from "../record.ts";

/*
 * A move of the service interaction from the embedded database to one outside, with a number of comments (1,000,000),
 * while three users comment. Measures the pause of writes and the slowest comment.
 */
const count = Number(process.argv[2] ?? 1_000_000);
await using outside = await startOutsidePostgres();
await using instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
const person = new Person(instance.url);
const job = new MainJob(person, await readFile(join(import.meta.dirname, "../../test/media/odd-size-427x241.webm")));
await job.goOn();
await rows(
  instance.data,
  "interaction",
  `INSERT INTO comments (id, video_id, video_author_id, user_id, content, created_at_ms)
   SELECT n, n % 1000, 1, n % 5000, 'a comment of usual length, number ' || n, n FROM generate_series(1, $1) AS n`,
  [count],
);
const commenters = await Commenters.start(instance.url, job.acked.video);
const beganMs = performance.now();
const url = await outside.create("kinora");
const { code, text, error } = await runAlone("move", ["interaction", "--to", url, "--data", instance.data]);
const durationMs = performance.now() - beganMs;
await commenters.advance(20);
await commenters.finish();
if (code !== 0) throw new Error(error);
const [, pauseMs] = /writes waited for (\d+) ms/.exec(text) ?? [];
await record("move", [
  "| what | measured | goal |",
  "|---|---|---|",
  `| rows of comments | ${count} | |`,
  `| processes that wait for the machine's cores | ${loadavg()[0]?.toFixed(0)} | |`,
  `| whole move | ${(durationMs / 1_000).toFixed(1)} s | |`,
  `| writes waited | ${pauseMs} ms | ≤ 5,000 ms |`,
  `| slowest comment of ${commenters.acknowledged.length} | ${Math.round(commenters.slowestMs)} ms | |`,
  `| refused comments | ${commenters.failures.length} | 0 |`,
  "",
  ...text.trim().split("\n").slice(0, 1),
]);
