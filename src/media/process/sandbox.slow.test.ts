import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import type { Bait } from "#test/process/intruder";
import { processesNamed } from "#test/process/processes";
import { until } from "#test/until";
import { systemChildren } from "./children.ts";
import { allAttempts, type Attempt, attempts, denials, type SandboxLevel, sandboxLevels } from "./denials.ts";
import { processesMax, run, RunFailed } from "./run.ts";
import { type Sandbox, waysTo } from "./sandbox.ts";
import { folder } from "../testing.ts";

describe("a compromised decoder", { skip: process.platform === "linux" ? false : "Linux only" }, () => {
  before(listen);
  after(() => servers.forEach((server) => void server.close()));

  it("succeeds in every attempt when no sandbox holds it", async (t) => {
    const bait = await baitFor(t);
    for (const attempts of turns())
      assert.deepEqual(await successes(attempts, bait, () => bare(attempts, bait)), attempts);
  });

  for (const person of testUsers())
    for (const level of sandboxLevels)
      it(`is denied exactly the attempts listed for the level ${level}, as ${person.name} (S4.3)`, async (t) => {
        let seen = 0;
        for (const sandbox of waysTo(level)) {
          if (!(await isThere(sandbox, person))) continue;
          seen += 1;
          const bait = await baitFor(t, person);
          const done: Attempt[] = [];
          for (const attempts of turns())
            done.push(...(await successes(attempts, bait, () => held(sandbox, attempts, bait, person))));
          const denied = tried().filter((attempt) => !done.includes(attempt));
          const isBare = person.uid !== 0 || !sandbox.isRoot;
          const row = [...denials[level], ...(isBare ? [] : (more[level] ?? []))];
          const expected = new Set(row.filter((attempt) => tried().includes(attempt)));
          assert.deepEqual(new Set(denied), expected);
        }
        // Levels a machine does not have are not counted as tried; the lower two are everywhere.
        if (seen === 0) t.diagnostic(`this machine has no ${level} for ${person.name}`);
        if (level === "none") assert.ok(seen > 0);
      });

  it("has the abilities that docs/media.md lists for each level", async () => {
    const cells = (attempt: Attempt) => sandboxLevels.map((level) => (denials[level].includes(attempt) ? "no" : "yes"));
    const rows = allAttempts.map((attempt) => `| ${[attempts[attempt], ...cells(attempt)].join(" | ")} |`);
    const text = await readFile(join(import.meta.dirname, "../../../docs/media.md"), "utf8");
    assert.ok(
      text.includes([`| it can | ${sandboxLevels.join(" | ")} |`, "|---|---|---|---|---|---|", ...rows].join("\n")),
    );
  });

  it("is denied at least as much by a stronger level", () => {
    for (const [at, level] of sandboxLevels.entries())
      for (const weaker of sandboxLevels.slice(at))
        assert.deepEqual(
          denials[weaker].filter((attempt) => !denials[level].includes(attempt)),
          [],
        );
  });
});

/** Denials of root's way to a level alone: a server that kept its powers is not open to one that gave them up. */
const more: Partial<Record<SandboxLevel, readonly Attempt[]>> = { limits: ["readOtherEnvironments"] };

interface Person {
  readonly name: string;
  readonly uid: number;
  /** The prefix that runs a command as this user. */
  readonly become: readonly string[];
}

/** The user that runs the tests, and where that is root, also an unprivileged user. */
function testUsers(): Person[] {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return [{ name: "an ordinary user", uid, become: [] }];
  const become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
  return [
    { name: "root", uid, become: [] },
    { name: "an ordinary user", uid: 65_534, become },
  ];
}

const secret = `secret-${process.pid}-${Date.now()}`;
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
const servers: Server[] = [];
const knocks = new Map<string, number>();
const knocked = (where: string): void => void knocks.set(where, (knocks.get(where) ?? 0) + 1);
const tcp: { host: string; port: number }[] = [];
const udp = { host: "127.0.0.1", port: 0 };

/** Without another address than its own loopback, a machine has no network to be reached. */
const tried = (): Attempt[] => allAttempts.filter((attempt) => attempt !== "reachNetwork" || outside !== undefined);

/** A limit ends the process that passes it: each of these has one of its own. */
const ending: readonly Attempt[] = ["startProcesses", "takeMemory", "fillDisk"];

/** Attempts by the process that makes them. The attempt that ends the bait comes after those that look for it. */
function turns(): Attempt[][] {
  const last = "signalProcesses";
  const others = tried().filter((attempt) => !ending.includes(attempt) && attempt !== last);
  return [[...others, last], ...ending.map((attempt) => [attempt])];
}

async function listen(): Promise<void> {
  for (const host of outside === undefined ? ["127.0.0.1"] : ["127.0.0.1", outside]) {
    const where = host === outside ? "reachNetwork" : "reachLoopback";
    const server = createServer((socket) => {
      knocked(where);
      socket.on("error", () => undefined).end();
    });
    await once(server.listen(0, host), "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    tcp.push({ host, port: address.port });
    servers.push(server);
  }
  const datagrams = createSocket("udp4", () => knocked("reachLoopback")).unref();
  await new Promise<void>((resolve) => datagrams.bind(0, udp.host, resolve));
  udp.port = datagrams.address().port;
}

/** A process, files and sockets for every attempt to reach. */
async function baitFor(t: TestContext, { uid }: Pick<Person, "uid"> = { uid: process.getuid?.() ?? 0 }) {
  const at = await folder(t);
  await chmod(at, 0o755);
  const own = async (name: string): Promise<string> => {
    const path = join(at, name);
    await mkdir(path);
    if (uid !== process.getuid?.()) await chown(path, uid, uid);
    return path;
  };
  // Its types are taken out once, not at each of its starts.
  const program = join(at, "intruder.mjs");
  const typed = await readFile(join(import.meta.dirname, "../../../test/process/intruder.ts"), "utf8");
  await writeFile(program, stripTypeScriptTypes(typed), { mode: 0o644 });
  await chmod(program, 0o644);
  const file = join(at, "canary");
  await writeFile(file, secret, { mode: 0o644 });
  const socket = join(at, "socket");
  const server = createServer((caller) => {
    knocked("reachSockets");
    caller.on("error", () => undefined).end();
  });
  await once(server.listen(socket), "listening");
  t.after(() => server.close());
  await chmod(socket, 0o777);
  const neighbour = new Neighbour(uid);
  t.after(() => neighbour.end());
  return {
    program,
    neighbour,
    file,
    folder: await own("elsewhere"),
    outputFolder: await own("output"),
    tcp,
    udp,
    socket,
    processes: processesMax + 30,
    nap: `600.${process.pid}`,
    memoryBytes: 5 * 2 ** 30,
    fileBytes: 2 * fileBytesMax,
    secret,
    variables: Object.keys(process.env).filter((name) => !plain.includes(name)),
  };
}
/** Variables that every process has, or a shell gives it. */
const plain = ["PATH", "HOME", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_"];
type Fixture = Awaited<ReturnType<typeof baitFor>>;

const fileBytesMax = 4 * 2 ** 20;

/** Another user's process, with a secret in its environment. */
class Neighbour {
  readonly #uid: number;
  #child: ChildProcess | undefined;

  constructor(uid: number) {
    this.#uid = uid;
  }

  async pid(): Promise<number> {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) return this.#child.pid ?? 0;
    const script = "echo up; while :; do sleep 1; done";
    this.#child = spawn("/bin/sh", ["-c", script, `${secret}-process`], {
      env: { PATH: "/usr/bin:/bin", KINORA_SECRET: secret },
      ...(this.#uid !== process.getuid?.() && { uid: this.#uid, gid: this.#uid }),
      stdio: ["ignore", "pipe", "ignore"],
    });
    assert.ok(this.#child.stdout);
    await once(this.#child.stdout, "data");
    return this.#child.pid ?? 0;
  }

  end(): void {
    this.#child?.kill("SIGKILL");
  }
}

async function wordsOf(made: readonly Attempt[], { program, neighbour, ...fixture }: Fixture): Promise<string[]> {
  const pid = await neighbour.pid();
  const bait: Bait = { ...fixture, pid, server: pid };
  return [process.execPath, "--no-warnings", program, made.join(","), JSON.stringify(bait)];
}

/** True for each attempt that succeeded, as reported by the process that made it. */
type Report = Partial<Readonly<Record<Attempt, boolean>>>;

/** Its own report without a sandbox, a watch or a clean environment. */
async function bare(made: readonly Attempt[], fixture: Fixture): Promise<Report> {
  const [program = "", ...args] = await wordsOf(made, fixture);
  const child = spawn(program, args, {
    env: { ...process.env, KINORA_SECRET: secret },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  let said = "";
  child.stdout.on("data", (text: Buffer) => (said += text.toString()));
  if (made.includes("startProcesses")) {
    const all = async () => (await processesNamed(`/bin/sleep ${fixture.nap}`)) === fixture.processes;
    await until(all);
    systemChildren.endGroup(child.pid ?? 0);
    await until(async () => !(await all()));
    return { startProcesses: true };
  }
  await once(child, "close");
  return reportOf(made, said);
}

/** Its own report in this sandbox, run as a decoder is. */
async function held(sandbox: Sandbox, made: readonly Attempt[], fixture: Fixture, { become }: Person): Promise<Report> {
  const limits = { cpuSeconds: 30, fileBytes: fileBytesMax };
  const reach = { inputs: [fixture.program], outputFolder: fixture.outputFolder };
  const command = [...become, ...sandbox.wrap(await wordsOf(made, fixture), limits, reach)];
  try {
    const { output } = await run(systemChildren, { command, deadlineMs: 90_000 });
    return reportOf(made, output);
  } catch (error) {
    // The kernel or the watch ended it; anything else would be a test that tried nothing.
    if (error instanceof RunFailed && error.reason === "limit" && made.every((attempt) => ending.includes(attempt)))
      return {};
    throw error;
  }
}

function reportOf(made: readonly Attempt[], text: string): Report {
  const report = JSON.parse(text) as Report; // As the intruder writes it; looked at below.
  assert.deepEqual(Object.keys(report), made);
  for (const could of Object.values(report)) assert.equal(typeof could, "boolean", text);
  return report;
}

/** The attempts that came to something, by what was seen of each where that can be. */
async function successes(
  made: readonly Attempt[],
  fixture: Fixture,
  attack: () => Promise<Report>,
): Promise<Attempt[]> {
  const before = new Map(knocks);
  const report = await attack();
  const done: Attempt[] = [];
  for (const attempt of made) {
    const isReached = () => (knocks.get(attempt) ?? 0) > (before.get(attempt) ?? 0);
    if (await isDone(attempt, fixture, report[attempt] === true, isReached)) done.push(attempt);
  }
  return done;
}

async function isDone(attempt: Attempt, fixture: Fixture, said: boolean, isReached: () => boolean): Promise<boolean> {
  if (attempt === "startProcesses") await until(async () => (await processesNamed(`/bin/sleep ${fixture.nap}`)) === 0);
  if (attempt === "writeFiles")
    assert.equal(await readFile(join(fixture.folder, "left-behind")).then(Boolean, () => false), said);
  if (!attempt.startsWith("reach")) return said;
  const wasReached = isReached();
  // A connection that claims to have come through arrives soon.
  if (said && attempt !== "reachLoopback") await until(isReached);
  return wasReached || isReached();
}

async function isThere(sandbox: Sandbox, { become }: Person): Promise<boolean> {
  const program = [process.execPath, "-e", "0"];
  const command = [...become, ...sandbox.wrap(program, { cpuSeconds: 10, fileBytes: 1000 }, { inputs: [] })];
  return run(systemChildren, { command, deadlineMs: 90_000 }).then(
    () => true,
    () => false,
  );
}
