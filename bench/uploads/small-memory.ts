import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Instance } from "../../test/instance/instance.ts";
import { unlimited } from "../../test/instance/folders.ts";
import { Person } from "../../test/users/person.ts";
import { rows } from "../../test/instance/tables.ts";
import { until } from "../../test/until.ts";
import { record } from "../record.ts";

/*
 * A whole server, its database and its media processes under a limit of memory, with ten uploads at once. Two of the
 * uploads have four times the pixels. Each must end ready, or failed for a reason that is its own. Needs root and the
 * memory controller of cgroup v1 or v2.
 */
const limitMiB = Number(process.argv[2] ?? 700);
const sizes = [...Array.from({ length: 8 }, () => "1280x720"), "3840x2160", "3840x2160"];
const waitMs = 25 * 60_000;
/** A film of more pixels than memory has room for is tried less and less often, until there is more. */
const restMs = 60_000;

const group = await limitedGroup();
const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
const clips = sizes.map((size, n) => clipOf(size, n));
{
  await using instance = await Instance.start({
    env: { ...unlimited, KINORA_MEDIA_SHORTAGE: "5s", KINORA_LOG_LEVEL: "warn" },
    through: ["sh", "-c", `echo $$ > ${group.path}/cgroup.procs && exec "$@"`, "sh"],
  });
  const { pid } = instance;
  const person = new Person(instance.url);
  await person.signUp();
  const began = performance.now();
  const ids = await Promise.all(
    clips.map(async (clip) => {
      const { status, error, data } = await person.upload(await readFile(clip));
      if (status >= 300) throw new Error(`an upload was refused: ${status} ${error}`);
      return Number(data["id"]);
    }),
  );
  const ended = await Promise.all(ids.map((id) => stateOf(person, id)));
  const readyS = (performance.now() - began) / 1_000;
  await until(async () => (await listUnfinished(instance)).every(({ rests }) => rests), { waitMs });
  const settledS = (performance.now() - began) / 1_000;
  const putOff = (await listUnfinished(instance)).length;
  const killed = instance.log.filter((line) => line.includes("ended from outside")).length;
  await record("small-memory", [
    `Ten uploads at once, eight of 720p and two of 2160p, six and two seconds long, on a server that may use ${limitMiB} MiB with its database and its media processes.`,
    "",
    "| ended as | uploads |",
    "|---|---|",
    ...[...Map.groupBy(ended, (state) => state)].map(([state, all]) => `| ${state} | ${all.length} |`),
    "",
    `All had ended after ${readyS.toFixed(0)} s. After ${settledS.toFixed(0)} s all renditions, storyboards and previews were made, except those of ${putOff} jobs that wait for memory. At most ${await group.mostMiB()} MiB were used; the system killed ${await group.kills()} processes, and ${killed} attempts were put off for it. The server's own process ${instance.pid === pid ? "was never ended" : "was ended"}.`,
  ]);
}
await rm(folder, { recursive: true });
await wait(1_000);
await rmdir(group.path);

/** The jobs that make something of the uploads, and whether they have been put off again and again. */
function listUnfinished({ data }: Instance): Promise<Record<string, unknown>[]> {
  return rows(
    data,
    "transcoder",
    `SELECT state = 'queued' AND due_ms > extract(epoch FROM now()) * 1000 + $1 AS rests FROM jobs
     WHERE state IN ('queued', 'running')`,
    [restMs],
  );
}

async function stateOf(person: Person, id: number): Promise<string> {
  const endsAt = performance.now() + waitMs;
  for (;;) {
    const { status, data } = await person.ask("GET", `/media/${id}`);
    if (status === 200 && data["status"] === "ready") return "ready";
    if (status === 200 && data["status"] === "failed") {
      const { error } = data["status_reason"] as { error: string }; // The reason of a failed task.
      return `failed: ${error}`;
    }
    if (performance.now() > endsAt) return "not ended";
    await wait(500);
  }
}

function clipOf(size: string, n: number): string {
  const path = join(folder, `${n}.mkv`);
  const seconds = size === "1280x720" ? 6 : 2;
  const source = `testsrc2=s=${size}:r=30,noise=alls=${10 + n}:allf=t`;
  const args = `-f lavfi -i ${source} -f lavfi -i sine=440 -t ${seconds} -c:v mpeg4 -q:v 4 -c:a flac`;
  execFileSync("ffmpeg", [..."-hide_banner -loglevel error -nostdin -y".split(" "), ...args.split(" "), path]);
  return path;
}

/** A group of processes with a limit of memory, in whichever version of cgroups this system has. */
async function limitedGroup() {
  const name = `kinora-bench-${process.pid}`;
  const first = `/sys/fs/cgroup/memory/${name}`;
  const isFirst = await mkdir(first).then(
    () => true,
    () => false,
  );
  const path = isFirst ? first : `/sys/fs/cgroup/${name}`;
  if (!isFirst) await mkdir(path);
  const [limit, most, events] = isFirst
    ? ["memory.limit_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control"]
    : ["memory.max", "memory.peak", "memory.events"];
  await writeFile(join(path, limit), `${limitMiB}M`);
  return {
    path,
    mostMiB: async () => Math.round(Number(await readFile(join(path, most), "utf8")) / 2 ** 20),
    kills: async () => Number(/^oom_kill (\d+)/m.exec(await readFile(join(path, events), "utf8"))?.[1] ?? 0),
  };
}
