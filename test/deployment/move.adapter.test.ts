import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { serviceNames } from "../../cmd/services.ts";
import { findings } from "../instance/doctor.ts";
import { failedStart } from "../instance/failed-start.ts";
import { Instance } from "../instance/instance.ts";
import { rows, settled } from "../instance/tables.ts";
import { templateCopy } from "../instance/template.ts";
import { writeTopology } from "../instance/topologies.ts";
import { runAlone } from "../process/command.ts";
import { type OutsidePostgres, startOutsidePostgres } from "../servers/postgres.ts";
import { until } from "../until.ts";
import { Commenters } from "../users/commenters.ts";
import { Load } from "../users/load.ts";
import { MainJob } from "../users/main-job.ts";
import { Person } from "../users/person.ts";

const clip = join(import.meta.dirname, "../media/odd-size-427x241.webm");
/** The promise is five seconds; a machine that does much else is given more. */
const pauseMsMax = 15_000;

describe("an installation that grows from one process to three, with its data", { timeout: 900_000 }, () => {
  before(async () => {
    outside = await startOutsidePostgres();
    [shared, own] = [await outside.create("kinora"), await outside.create("films")];
    data = await templateCopy();
    instance = await Instance.start({ data, env });
    person = new Person(instance.url);
    job = new MainJob(person, await readFile(clip));
    await job.goOn();
    await settled(instance);
    other = new Person(instance.url);
    await other.signUp();
  });
  after(async () => {
    await instance[Symbol.asyncDispose]();
    await outside[Symbol.asyncDispose]();
  });

  it("moves all tables out of the embedded database under load, and loses nothing that was acknowledged", async (t) => {
    // Events of this time are in the outbox during the move.
    await holdRelay("interaction", 20_000);
    const load = new Load(instance.url, other, job.acked.video);
    commenters = await Commenters.start(instance.url, job.acked.video);
    const pauses = await move("all", shared);
    assert.equal(pauses.length, serviceNames.length);
    assert.match(lines.at(-1) ?? "", /^Before the next start, set KINORA_DB_URL to 127\.0\.0\.1:\d+\/kinora;/);
    await commenters.advance(20);
    await load.requests(20);
    await load.stop();
    assert.deepEqual(load.failures, []);
    await commenters.finish();
    t.diagnostic(`longest pause ${Math.max(...pauses)} ms, slowest comment ${Math.round(commenters.slowestMs)} ms`);
  });

  it("delivers what waited in the outbox, once", async () => {
    const waiting = "SELECT count(*) AS n FROM interaction.outbox";
    await until(async () => (await outside.server.ask<{ n: number }>(waiting, "kinora"))[0]?.n === 0);
    const stored = await outside.server.ask<{ content: string }>("SELECT content FROM interaction.comments", "kinora");
    const acknowledged = new Set(commenters.acknowledged);
    const found = stored.flatMap(({ content }) => (acknowledged.has(content) ? content : []));
    assert.deepEqual(found.toSorted(), [...acknowledged].toSorted());
    await until(async () => (await person.get(`/videos/${job.acked.video}`))["comment_count"] === stored.length);
  });

  it("is not started on the old database, in a sentence that names the setting and the remedy", async () => {
    assert.equal(await instance.stop(), 0);
    const { code, text } = await failedStart(instance);
    assert.equal(code, 2);
    const sentence =
      /^KINORA_DB_URL: needed, because the tables of auth, .*, monitor were moved to 127\.0\.0\.1:\d+\/kinora: set it to the URL of that database$/;
    assert.match(text.split("\n").find((line) => line.startsWith("KINORA")) ?? text, sentence);
  });

  it("runs as three processes on the new database, with everything that was there", async () => {
    await writeFile(join(data, "kinora.yml"), `db:\n  url: ${shared}\n`);
    const topology = await writeTopology("three", data);
    instance = await Instance.start({ data, env, flags: ["--topology", topology.file], port: topology.port });
    for (const user of [person, other]) {
      user.url = instance.url;
      user.hangUp();
    }
    await job.isIntact();
    assert.equal(
      (await person.ask("POST", `/videos/${job.acked.video}/comments`, { body: { content: "three" } })).status,
      200,
    );
  });

  it("moves two services of the three processes to a database of their own, under load", async (t) => {
    const load = new Load(instance.url, other, job.acked.video);
    await load.requests(20);
    const pauses = await move("video,media", own);
    assert.match(lines.at(-1) ?? "", /^Before the next start, set KINORA_VIDEO_DB_URL, KINORA_MEDIA_DB_URL to /);
    await load.requests(20);
    await load.stop();
    assert.deepEqual(load.failures, []);
    t.diagnostic(`longest pause ${Math.max(...pauses)} ms`);
    await instance.stop();
    const { code, text } = await failedStart(instance);
    assert.equal(code, 2);
    const refusal = text.split("\n").filter((line) => /^KINORA_\w+_DB_URL: needed/.test(line));
    assert.equal(refusal.length, 2, refusal.join("\n"));
    const settings = `db:\n  url: ${shared}\n  services:\n    video: ${own}\n    media: ${own}\n`;
    await writeFile(join(data, "kinora.yml"), settings);
    await instance.restart();
    person.hangUp();
    await job.isIntact();
  });

  it("violates no invariant of its tables after both moves", async () => {
    await instance.stop();
    assert.deepEqual(await findings(data), []);
  });
});

const env = { KINORA_RATE_LIMIT: "off", KINORA_STOP_MAX: "120s" };
let outside: OutsidePostgres;
let shared: string;
let own: string;
let data: string;
let instance: Instance;
let person: Person;
/** A user whose requests are load. */
let other: Person;
let job: MainJob;
let commenters: Commenters;
let lines: string[] = [];

/** Moves services; yields how long writes to each were paused. */
async function move(names: string, url: string): Promise<number[]> {
  const { code, text, error } = await runAlone("move", [names, "--to", url, "--data", data]);
  assert.deepEqual([code, error], [0, ""], `${text}${error}`);
  lines = text.trim().split("\n");
  const pauses = [...text.matchAll(/writes waited for (\d+) ms/g)].map(([, ms]) => Number(ms));
  for (const ms of pauses) assert.ok(ms < pauseMsMax, `${ms} ms`);
  return pauses;
}

/** Gives the lease of a relay to a process that does nothing. */
async function holdRelay(service: string, ms: number): Promise<void> {
  await rows(
    data,
    service,
    `INSERT INTO locks (name, owner, fence, lease_until_ms)
     VALUES ('relay', 'test', 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $1)
     ON CONFLICT (name) DO UPDATE SET owner = 'test', fence = locks.fence + 1, lease_until_ms = excluded.lease_until_ms`,
    [ms],
  );
}
