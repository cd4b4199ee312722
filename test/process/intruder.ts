/*
 * A decoder that was taken over, for tests: tries things it must not do, one after the other, and prints as JSON whether
 * it could do each. It runs by itself inside the sandbox, so it imports nothing of ours.
 */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { connect } from "node:net";

/** The bait that the test placed. */
export interface Bait {
  readonly file: string;
  /** A folder that it is not given. */
  readonly folder: string;
  readonly outputFolder: string;
  readonly tcp: readonly { readonly host: string; readonly port: number }[];
  readonly udp: { readonly host: string; readonly port: number };
  readonly socket: string;
  readonly processes: number;
  /** How long each of them sleeps, which is what they are found by. */
  readonly nap: string;
  readonly memoryBytes: number;
  readonly fileBytes: number;
  /** A process of the test that may be ended, and the test itself. */
  readonly pid: number;
  readonly server: number;
  readonly secret: string;
  /** Variables of the server's environment. */
  readonly variables: readonly string[];
}

const connects = (to: { host: string; port: number } | { path: string }): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(to);
    socket.setTimeout(20_000, () => resolve(false));
    socket.once("connect", () => socket.end("knock", () => resolve(true))).once("error", () => resolve(false));
  });

const sends = (to: { host: string; port: number }): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.send("knock", to.port, to.host, (error) => {
      socket.close();
      resolve(error === null);
    });
  });

const can = (act: () => unknown): boolean => {
  try {
    return act() !== false;
  } catch {
    return false;
  }
};

const tries: Record<string, (bait: Bait) => boolean | Promise<boolean>> = {
  readFiles: ({ file, secret }) => can(() => readFileSync(file, "utf8").includes(secret)),
  writeFiles: ({ folder }) => can(() => writeFileSync(`${folder}/left-behind`, "here")),
  // The listeners report if anything came through.
  reachLoopback: async ({ tcp, udp }) =>
    (await Promise.all([...tcp.slice(0, 1).map(connects), sends(udp)])).includes(true),
  reachNetwork: async ({ tcp }) => (await Promise.all(tcp.slice(1).map(connects))).includes(true),
  reachSockets: ({ socket }) => connects({ path: socket }),
  // Each in a session of its own: a signal to the group alone would not reach them.
  startProcesses: async ({ processes, nap }) => {
    for (let started = 0; started < processes; started++) {
      const child = spawn("/bin/sleep", [nap], { detached: true, stdio: "ignore" });
      child.on("error", () => undefined);
      if (child.pid === undefined) return false;
    }
    // The counting process has to see them, also on a busy machine.
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    return true;
  },
  takeMemory: ({ memoryBytes }) => can(() => Buffer.allocUnsafeSlow(memoryBytes).length === memoryBytes),
  fillDisk: ({ outputFolder, fileBytes }) =>
    can(() => {
      const file = openSync(`${outputFolder}/large`, "w");
      const chunk = Buffer.alloc(2 ** 20);
      for (let written = 0; written < fileBytes; ) written += writeSync(file, chunk);
      closeSync(file);
    }),
  seeProcesses: ({ secret }) =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .some((pid) => can(() => readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(`${secret}-process`))),
  signalProcesses: ({ pid }) => can(() => process.kill(pid, "SIGUSR2")),
  readEnvironment: ({ variables }) => variables.some((name) => process.env[name] !== undefined),
  readOtherEnvironments: ({ server, secret }) =>
    can(() => readFileSync(`/proc/${server}/environ`, "latin1").includes(secret)),
};

const [names = "", written = "{}"] = process.argv.slice(2);
const bait = JSON.parse(written) as Bait; // The test wrote it.
const could: Record<string, boolean | undefined> = {};
for (const name of names.split(",")) could[name] = await tries[name]?.(bait);
process.stdout.write(JSON.stringify(could), () => process.exit(0));
