import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, beforeEach, describe, it } from "node:test";
import { holdFolder, PostgresError, startPostgres } from "./postgres.ts";
import { promisify } from "node:util";
import { Client } from "pg";
import { childrenOf, isServerOf, running } from "./process-table.ts";
import { until } from "#test/until";

/** Only root can become another user. */
const asRoot = { skip: process.getuid?.() !== 0 && "not root" };

describe("the embedded PostgreSQL", () => {
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "kinora-postgres-"));
    await (await startPostgres(join(root, "made")))[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    said.length = 0;
    folder = join(root, `case-${++cases}`);
    await cp(join(root, "made"), folder, { recursive: true });
  });
  after(() => rm(root, { recursive: true }));

  it("keeps its rows and its durability settings over a stop and a start", async () => {
    {
      await using server = await start(folder);
      await query(server.socket, "CREATE TABLE kept (id INT)", "INSERT INTO kept VALUES (7)");
    }
    await using server = await start(folder);
    assert.deepEqual(await query(server.socket, "SELECT id FROM kept"), [{ id: 7 }]);
    for (const name of ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
      assert.deepEqual(await query(server.socket, `SELECT current_setting('${name}') AS value`), [{ value: "on" }]);
    assert.deepEqual(await query(server.socket, "SELECT upper('ж日é') AS word"), [{ word: "Ж日É" }]);
    assert.deepEqual(said, []);
  });

  it("takes settings by name, listens on no network address, and is private to its user", async () => {
    await using server = await start(folder, { fsync: "off", max_connections: "12" });
    const rows = await query(
      server.socket,
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'listen_addresses', 'max_connections') ORDER BY 1",
    );
    assert.deepEqual(
      rows.map((row) => row["setting"]),
      ["off", "", "12"],
    );
    for (const name of ["postgres", "postgres.socket"])
      assert.equal((await stat(join(folder, name))).mode & 0o077, 0, `others may enter ${name}`);
  });

  it("stops with all its children on disposal, and reports its exit", async () => {
    const server = await start(folder);
    const all = [server.pid, ...childrenOf(server.pid)];
    assert.ok(all.length > 1);
    await server[Symbol.asyncDispose]();
    assert.deepEqual(await server.exited, { code: 0, signal: null });
    assert.deepEqual(
      all.map(running),
      all.map(() => undefined),
    );
    assert.deepEqual(await readdir(folder), ["postgres", "postgres.socket"]);
  });

  it("restarts a killed server, three times within a minute, and then reports its end", async () => {
    await using server = await start(folder);
    await query(server.socket, "CREATE TABLE kept (id INT)");
    for (let round = 1; round <= 3; round++) {
      await query(server.socket, `INSERT INTO kept VALUES (${round})`);
      process.kill(server.pid, "SIGKILL");
      await until(() => said.filter((message) => message === "the database is there again").length === round);
      assert.deepEqual(await query(server.socket, "SELECT count(*)::int AS n FROM kept"), [{ n: round }]);
    }
    assert.ok(said.includes("the database repairs itself after a crash"), said.join("; "));
    process.kill(server.pid, "SIGKILL");
    assert.equal((await server.exited).signal, "SIGKILL");
    assert.equal(said.at(-1), "the database is not restarted any more");
  });

  it("stops when its process is killed by kill -9, and loses no committed row (F1)", async () => {
    for (let round = 1; round <= 3; round++) {
      await using parent = await elsewhere(folder);
      await query(parent.socket, "CREATE TABLE IF NOT EXISTS kept (id INT)", `INSERT INTO kept VALUES (${round})`);
      parent.child.kill("SIGKILL");
      await once(parent.child, "exit");
      await using server = await start(folder);
      const [row] = await query(server.socket, "SELECT count(*)::int AS n FROM kept");
      assert.equal(row?.["n"], round);
    }
  });

  it("ends an earlier server that outlived its process", async () => {
    await using parent = await elsewhere(folder);
    process.kill(parent.pid, "SIGSTOP");
    parent.child.kill("SIGKILL");
    await once(parent.child, "exit");
    await using server = await start(folder);
    assert.ok(server.pid !== parent.pid);
    assert.equal(running(parent.pid), undefined);
    assert.ok(said.includes("ending a database server that outlived its Kinora"), said.join("; "));
  });

  it("starts even if a zombie has the process id of the last server (R4)", async () => {
    await using zombie = await aZombie();
    await writeFile(join(folder, "postgres/postmaster.pid"), `${zombie.pid}\n${folder}/postgres\n1\n5432\n\n\n`);
    await using server = await start(folder);
    assert.ok(server.pid > 1);
    assert.ok(said.includes("removed the lock file of a database server that is gone"), said.join("; "));
  });

  it("starts even if another program has the process id of the last server", async () => {
    await writeFile(join(folder, "postgres/postmaster.pid"), `${process.pid}\n${folder}/postgres\n1\n5432\n\n\n`);
    await using server = await start(folder);
    assert.ok(isServerOf(server.pid, join(folder, "postgres")));
  });

  it("refuses a second start on the folder, and names the holder (F20)", async () => {
    await using parent = await elsewhere(folder);
    await assert.rejects(start(folder), { reason: "in_use", holderPid: parent.child.pid });
    assert.deepEqual(await query(parent.socket, "SELECT 1 AS one"), [{ one: 1 }]);
  });

  it("gives the folder to one of several concurrent starters", async () => {
    const outcomes = await Promise.allSettled([start(folder), start(folder), start(folder)]);
    const started = outcomes.filter((outcome) => outcome.status === "fulfilled");
    assert.equal(started.length, 1);
    for (const { value } of started) await value[Symbol.asyncDispose]();
  });

  it("creates the database again after an interrupted creation", async () => {
    let fresh = "";
    let names: readonly string[] = ["postgres"];
    // On a busy machine it can be made between the look and the kill.
    for (let n = 1; n <= 10 && names.includes("postgres"); n++) {
      fresh = join(root, `fresh-${n}`);
      const child = program(`await startPostgres(${JSON.stringify(fresh)});`);
      await until(async () => (await readdir(fresh).catch(() => [])).some((name) => name.startsWith("postgres.new-")));
      child.kill("SIGKILL");
      await once(child, "exit");
      names = await readdir(fresh);
    }
    assert.ok(!names.includes("postgres"));
    await using server = await start(fresh);
    assert.deepEqual(await query(server.socket, "SELECT 1 AS one"), [{ one: 1 }]);
    assert.ok(said.includes("removed a database whose making was interrupted"), said.join("; "));
  });

  it("works under a path too long for a socket, and cleans up, even after a crash", async () => {
    const deep = join(root, "d".repeat(60), "e".repeat(60));
    await cp(folder, deep, { recursive: true });
    await using parent = await elsewhere(deep);
    assert.ok(!parent.socket.startsWith(root) && parent.socket.length < 90, parent.socket);
    parent.child.kill("SIGKILL");
    await once(parent.child, "exit");
    const server = await start(deep);
    assert.deepEqual(await query(server.socket, "SELECT 1 AS one"), [{ one: 1 }]);
    await server[Symbol.asyncDispose]();
    for (const folder of [parent.socket, server.socket]) await assert.rejects(readdir(folder), { code: "ENOENT" });
  });

  it("refuses the files of a newer version, and names that version (F19)", async () => {
    await writeFile(join(folder, "postgres/PG_VERSION"), "99\n");
    await assert.rejects(start(folder), { reason: "newer_version", message: /written by PostgreSQL 99/ });
    assert.equal(await readFile(join(folder, "postgres/PG_VERSION"), "utf8"), "99\n");
  });

  it("refuses damaged files and never initializes over them (F19)", async () => {
    const faults: (() => Promise<unknown>)[] = [
      () => rm(join(folder, "postgres/PG_VERSION")),
      () => writeFile(join(folder, "postgres/PG_VERSION"), "not a number"),
      () => rm(join(folder, "postgres/global"), { recursive: true }),
      () => writeFile(join(folder, "postgres/global/pg_control"), "short"),
      () => rm(join(folder, "postgres/pg_wal"), { recursive: true }).then(() => mkdir(join(folder, "postgres/pg_wal"))),
      () => rm(join(folder, "postgres"), { recursive: true }).then(() => mkdir(join(folder, "postgres"))),
    ];
    for (const [n, fault] of faults.entries()) {
      await rm(folder, { recursive: true });
      await cp(join(root, "made"), folder, { recursive: true });
      await fault();
      await assert.rejects(start(folder), { reason: "damaged" }, `fault ${n}`);
      assert.deepEqual(
        (await readdir(folder)).filter((name) => name.includes("new") || name.includes("lock")),
        [],
      );
    }
  });

  it("runs as another user under a folder that only root may read", asRoot, async () => {
    const nobody = 65_534;
    await chmod(root, 0o711);
    await run("chown", ["-R", String(nobody), join(folder, "postgres")]);
    await mkdir(join(folder, "secrets"), { mode: 0o700 });
    await chmod(folder, 0o700);
    await using server = await start(folder);
    assert.deepEqual(await query(server.socket, "SELECT 1 AS one"), [{ one: 1 }]);
    assert.equal((await stat(`/proc/${server.pid}`)).uid, nobody);
    const modes = await Promise.all([folder, join(folder, "secrets")].map(async (path) => (await stat(path)).mode));
    assert.deepEqual(
      modes.map((mode) => mode & 0o777),
      [0o711, 0o700],
    );
  });

  it("refuses to start when that user cannot reach the folder", asRoot, async () => {
    await chmod(root, 0o700);
    await run("chown", ["-R", "65534", join(folder, "postgres")]);
    await assert.rejects(start(folder), { reason: "not_isolated", message: /cannot come to .* choose another/ });
  });

  it("refuses a folder held by a process with another database, and vice versa (F20)", async () => {
    const hold = await holdFolder(folder, () => {});
    await assert.rejects(start(folder), { reason: "in_use", holderPid: process.pid });
    await hold.release();
    await using _ = await start(folder);
    await assert.rejects(
      holdFolder(folder, () => {}),
      { reason: "in_use", holderPid: process.pid },
    );
  });

  it("refuses a data folder that is a file", async () => {
    const file = join(root, "file");
    await writeFile(file, "");
    await assert.rejects(start(file), (error) => error instanceof PostgresError && error.reason === "read_only");
  });
});

const run = promisify(execFile);
let root: string;
let folder: string;
let cases = 0;
const said: string[] = [];
const start = (path: string, settings: Record<string, string> = {}) =>
  startPostgres(path, settings, (message) => void said.push(message));

async function query(host: string, ...texts: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ host, user: "kinora", database: "postgres" });
  client.on("error", () => undefined); // Cases kill the server under an open connection.
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of texts) rows = (await client.query<Record<string, unknown>>(text)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** A Node process of its own that knows `startPostgres`. */
function program(code: string): ChildProcess & { stdout: NonNullable<ChildProcess["stdout"]> } {
  const url = JSON.stringify(new URL("./postgres.ts", import.meta.url).href);
  const text = `const { startPostgres } = await import(${url}); ${code}`;
  return spawn(process.execPath, ["--input-type=module", "--eval", text], { stdio: ["ignore", "pipe", "inherit"] });
}

/** A server started by another process. */
async function elsewhere(path: string) {
  const child = program(
    `const { pid, socket } = await startPostgres(${JSON.stringify(path)}); console.log(pid + " " + socket); setInterval(() => {}, 1e9);`,
  );
  const [line] = (await once(createInterface(child.stdout), "line")) as [string]; // The event carries one line.
  const [pid = "", socket = ""] = line.split(" ");
  return {
    child,
    pid: Number(pid),
    socket,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
      await until(() => running(Number(pid)) === undefined);
    },
  };
}

/** A process that has ended and that its parent never asks about. */
async function aZombie() {
  // It ends once its parent is a program that asks about nobody; the shell before it may.
  const child = "while read name < /proc/$PPID/comm && [ $name != sleep ]; do :; done";
  const parent = `sh -c '${child}' & echo $!; exec sleep 300`;
  const sleeping = spawn("sh", ["-c", parent], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(sleeping.stdout), "line")) as [string]; // The event carries one line.
  const pid = Number(line);
  await until(() => running(pid) === undefined);
  process.kill(pid, 0);
  return { pid, [Symbol.asyncDispose]: async () => void sleeping.kill("SIGKILL") };
}
