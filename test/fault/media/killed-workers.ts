import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isNightly } from "../../depth.ts";
import type { Instance } from "../../instance/instance.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { distinctClip } from "../../uploads/distinct-clip.ts";
import { findings } from "../../instance/doctor.ts";
import { processTree, survivors } from "../../process/process-tree.ts";
import { temporary, unlimited } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import type { Random } from "../../random.ts";
import { rows, settled } from "../../instance/tables.ts";

interface Plan {
  /** How many videos are processed. */
  readonly jobs: number;
  readonly kills: number;
  readonly random: Random;
  readonly say?: (line: string) => void;
}
interface Report {
  /** Kills that hit an FFmpeg at work. */
  readonly hits: number;
}

/** One that plays as it is and one that does not, each with two renditions to be made of it; the large ones at night. */
const clips = isNightly ? ["basic-720p.mp4", "rotated-90.mp4"] : ["video-only.mp4", "anamorphic-sar.mp4"];

/**
 * Kills a server with `kill -9` at random moments while it processes videos, its media processes left to themselves; fails
 * unless all of them are ready in the end, with all their renditions, and nothing is left on disk or as a process.
 */
export async function killWorkers({ jobs, kills, random, say = () => undefined }: Plan): Promise<Report> {
  await using instance = await startOnTemplate({ env: unlimited });
  const person = new Person(instance.url);
  await person.signUp();
  const bytes = await Promise.all(clips.map((clip) => readFile(join(import.meta.dirname, "../../media", clip))));
  const sent: number[] = [];
  for (let n = 0; n < jobs; n++) {
    const { data, status } = await person.upload(
      distinctClip(bytes[n % clips.length] ?? Buffer.alloc(0), `video ${n}`),
    );
    assert.ok(status < 300, `upload: ${status}`);
    sent.push(Number(data["id"]));
  }
  let hits = 0;
  for (let kill = 1; kill <= kills; kill++) {
    // One kill hits a media process; time is what the others try: they hit whatever happens then.
    if (kill === 1) await until(async () => (await atWorkIn(instance)).length > 0);
    else await new Promise((resolve) => setTimeout(resolve, random.whole(0, 3_000)));
    const before = processTree(instance.pid);
    const atWork = await atWorkIn(instance);
    if (atWork.length > 0) hits += 1;
    await instance.kill("leader");
    await instance.restart();
    assert.deepEqual(survivors(before), [], `kill ${kill}: processes outlived the next start`);
    say(`kill ${kill} of ${kills}: ${atWork.length} at work, ${(await unfinished(instance)).length} jobs left`);
  }
  person.hangUp();
  await settled(instance, 120_000 + jobs * 20_000);
  const dead = await rows(
    instance.data,
    "transcoder",
    "SELECT kind, attempt, lost, last_error FROM jobs WHERE state = 'dead'",
  );
  assert.deepEqual(dead, []);
  for (const id of sent) {
    const { status, renditions } = await person.get(`/media/${id}`);
    const task = await person.get(`/media/${id}/transcode`);
    assert.deepEqual([status, task["status"], task["error"]], ["ready", "completed", null], `media ${id}`);
    assert.ok((renditions as unknown[]).length >= 2, `media ${id} has ${JSON.stringify(renditions)}`); // A list, by contract.
  }
  assert.deepEqual([await atWorkIn(instance), await temporary(instance.data)], [[], []]);
  assert.equal(await instance.stop(), 0);
  assert.deepEqual(await findings(instance.data), []);
  return { hits };
}

const atWorkIn = (instance: Instance) => rows(instance.data, "transcoder", "SELECT pid FROM children");
const unfinished = (instance: Instance) =>
  rows(instance.data, "transcoder", "SELECT id FROM jobs WHERE state IN ('queued', 'running')");
