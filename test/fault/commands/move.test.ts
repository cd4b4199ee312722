import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import type { Failpoint } from "#kernel/environment/failpoint";
import { type Postgres, startPostgres } from "#kernel/postgres/postgres";
import { move } from "../../../cmd/move.ts";
import { doctorHere } from "../../instance/doctor.ts";
import { databasePid } from "../../instance/database-server.ts";
import { failedStart } from "../../instance/failed-start.ts";
import type { Instance } from "../../instance/instance.ts";
import { rows } from "../../instance/tables.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { mountMemory, notMountable, unmount } from "../storage/mountable.ts";
import { runAlone, runHere } from "../../process/command.ts";
import { until } from "../../until.ts";
import { Person } from "../../users/person.ts";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kinora-target-"));
  server = await startPostgres(folder);
  await ask("postgres", "CREATE ROLE films LOGIN");
  for (const name of ["one", "two", "three", "taken", "whole"])
    await ask("postgres", `CREATE DATABASE ${name} OWNER films`);
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe("npm run move", { timeout: 600_000 }, () => {
  before(async () => {
    instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
    person = new Person(instance.url);
    await person.signUp();
  });
  after(async () => {
    await instance[Symbol.asyncDispose]();
  });

  for (const point of ["move.begun", "move.captured", "move.copied", "move.prepared"] as const)
    it(`leaves the old database valid when it is killed at ${point}`, async () => {
      assert.ok(Number.isNaN((await killedAt(point, "one")).code));
      await write();
      const { text } = await run("hashtag", "--status");
      assert.match(text, /^hashtag: a move to .*\/one was begun and has not ended$/m);
    });

  it("names an unfinished move in doctor, and refuses starts on its new database", async () => {
    const { text } = await doctorHere(["--data", instance.data]);
    assert.match(text, /! move: a move of hashtag to .*\/one was begun and has not ended\n +run npm run move again/);
    const refusal = await startWith({ KINORA_HASHTAG_DB_URL: urlOf("one") });
    assert.equal(refusal.code, 2);
    assert.match(refusal.text, /^KINORA_HASHTAG_DB_URL: names a database to which the tables of hashtag are still/m);
  });

  it("goes on with the database that was named, or cancels", async () => {
    const other = await run("hashtag", "--to", urlOf("two"));
    assert.deepEqual([other.code, /a move of hashtag to .*\/one was begun/.test(other.error)], [2, true], other.error);
    assert.equal((await run("hashtag", "--cancel")).code, 0);
    assert.deepEqual(await ask("one", "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'hashtag%'"), []);
    await write();
  });

  it("is over when it is killed at move.switched, and the same command completes it", async () => {
    assert.ok(Number.isNaN((await killedAt("move.switched", "two")).code));
    await write();
    const { code, text, error } = await run("hashtag", "--to", urlOf("two"));
    assert.deepEqual([code, error], [0, ""]);
    assert.match(text, /^✔ hashtag: has moved$/m);
    assert.equal((await ask("two", "SELECT FROM hashtag.hashtags WHERE name LIKE 'kept%'")).length, written);
    assert.match(
      (await doctorHere(["--data", instance.data])).text,
      /! move: hashtag was moved to .*\/two\n +set KINORA_HASHTAG_DB_URL/,
    );
  });

  it("fails when the new database goes away, changes nothing, and completes when it runs again", async () => {
    const failing = runAlone("move", ["search", "--to", urlOf("three"), "--data", instance.data], {
      KINORA_FAILPOINT: "move.copied:sleep",
    });
    await until(async () => (await ask("three", "SELECT FROM pg_namespace WHERE nspname = 'search'")).length === 1);
    const pid = await databasePid(folder);
    process.kill(pid ?? 0, "SIGKILL");
    const { code, error } = await failing;
    assert.deepEqual([code, error.endsWith("The move has not ended: run it again.\n")], [1, true], error);
    await until(async () => ![pid, undefined].includes(await databasePid(folder)));
    assert.equal((await run("search", "--to", urlOf("three"))).code, 0);
  });

  it("refuses a database that cannot be used, in one sentence", async () => {
    await ask("taken", "CREATE SCHEMA drive");
    const refusals: [string, string, RegExp][] = [
      [
        "drive",
        "postgres://films@127.0.0.1:1/x",
        /^the new database at 127\.0\.0\.1:1\/x cannot be used: .*ECONNREFUSED/,
      ],
      ["drive", "http://127.0.0.1/x", /^--to needs the URL of a database/],
      ["drive", urlOf("taken"), /^the new database has a schema drive already: name another/],
      ["drive", urlOf("postgres"), /^the user may create no schema in the new database: GRANT CREATE/],
      ["hashtag", urlOf("one"), /^hashtag was moved to .*\/two: set KINORA_HASHTAG_DB_URL/],
      ["instance", urlOf("one"), /^instance has no setting for a database of its own: it moves with all/],
      ["nothing", urlOf("one"), /^there is no service nothing; services are auth/],
    ];
    for (const [service, url, sentence] of refusals) {
      const { code, error } = await run(service, "--to", url);
      assert.deepEqual([code, error.trim().split("\n").length], [2, 1], error);
      assert.match(error, sentence);
    }
  });

  it("refuses a database with services of another installation", async () => {
    await ask(
      "one",
      "CREATE SCHEMA auth; CREATE TABLE auth.keys AS SELECT 'x' AS name, 0::bigint AS starts_at_ms, 'y' AS sealed",
    );
    await ask("one", "GRANT USAGE ON SCHEMA auth TO films; GRANT SELECT ON auth.keys TO films");
    const { code, error } = await run("drive", "--to", urlOf("one"));
    assert.deepEqual(
      [code, error],
      [
        2,
        "the new database has auth of another installation, whose cluster secret differs: name a database of this one\n",
      ],
    );
  });

  it("moves all services without a server after a kill in the middle, and no start before that succeeds", async () => {
    await using whole = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
    const user = new Person(whole.url);
    await user.signUp();
    const args = ["all", "--to", urlOf("whole"), "--data", whole.data];
    assert.ok(Number.isNaN((await runAlone("move", args, { KINORA_FAILPOINT: "move.switched:crash@5" })).code));
    // The running process has five services in the new database, and the others in the old one.
    assert.equal((await user.ask("POST", "/hashtags", { body: { name: "between" } })).status, 200);
    await whole.stop();
    const before = await failedStart(whole);
    assert.deepEqual(
      [before.code, before.text.match(/^KINORA_DB_URL: needed, because the tables of (.*) were/m)?.[1]],
      [2, "auth, user, relation, upload, media"],
    );
    const early = await failedStart(whole, { KINORA_DB_URL: urlOf("whole") });
    assert.equal(early.code, 2);
    assert.match(
      early.text,
      /^KINORA_DB_URL: names a database to which the tables of media, drive, .* are still being moved/m,
    );
    const { code, error } = await runAlone("move", args);
    assert.deepEqual([code, error], [0, ""]);
    await whole.restart({ KINORA_DB_URL: urlOf("whole") });
    user.url = whole.url;
    user.hangUp();
    await user.signIn();
    assert.equal((await user.ask("GET", "/hashtags/by-name/between")).status, 200);
  });

  it("fails when the new database is full, changes nothing, and completes once there is space", {
    skip: notMountable(),
  }, async () => {
    const disk = await mkdtemp(join(tmpdir(), "kinora-small-"));
    await mountMemory(disk, 12);
    try {
      await ask("postgres", `CREATE TABLESPACE small LOCATION '${disk}'`);
      await ask("postgres", "CREATE DATABASE small OWNER films TABLESPACE small");
      await rows(
        instance.data,
        "relation",
        "INSERT INTO inbox (event_id) SELECT 'event ' || n FROM generate_series(1, 150000) AS n",
      );
      const full = await run("relation", "--to", urlOf("small"));
      assert.deepEqual([full.code, /No space left on device/.test(full.error)], [1, true], full.error);
      assert.match(full.error, /The move has not ended: run it again\.$/m);
      await mountMemory(disk, 200, true);
      const { code, error } = await run("relation", "--to", urlOf("small"));
      assert.deepEqual([code, error], [0, ""]);
      assert.equal((await ask("small", "SELECT FROM relation.inbox WHERE event_id LIKE 'event %'")).length, 150_000);
    } finally {
      await ask("postgres", "DROP DATABASE IF EXISTS small WITH (FORCE)");
      await ask("postgres", "DROP TABLESPACE IF EXISTS small");
      await unmount(disk);
    }
  });
});

let folder: string;
let server: Postgres;
let instance: Instance;
let person: Person;
/** Hashtags that were acknowledged. */
let written = 0;

const urlOf = (database: string): string =>
  `postgres://films@localhost/${database}?host=${encodeURIComponent(server.socket)}`;

const run = (...args: string[]) => runHere(move, [...args, "--data", instance.data]);

const killedAt = (point: Failpoint, database: string) =>
  runAlone("move", ["hashtag", "--to", urlOf(database), "--data", instance.data], {
    KINORA_FAILPOINT: `${point}:crash`,
  });

async function write(): Promise<void> {
  const { status, error } = await person.ask("POST", "/hashtags", { body: { name: `kept${written}` } });
  assert.equal(status, 200, error);
  written += 1;
}

async function ask(database: string, text: string): Promise<object[]> {
  const client = new pg.Client({ host: server.socket, user: server.user, database });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A start that is refused, beside nothing else on the folder. */
async function startWith(env: Readonly<Record<string, string>>): Promise<{ code: number | null; text: string }> {
  await instance.stop();
  const refusal = await failedStart(instance, env);
  await instance.restart();
  person.hangUp();
  person.url = instance.url;
  return refusal;
}
