import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { schemaOf } from "#kernel/db/tables";
import { startPostgres } from "#kernel/postgres/postgres";
import { processTree } from "../../test/process/process-tree.ts";
import { freePorts } from "../../test/ports.ts";
import { cpuMs, median, wrk } from "../record.ts";
import { restServer, seedTags } from "./rest-child.ts";

const root = join(import.meta.dirname, "../..");

/** A server under load. */
export interface Measured {
  readonly url: string;
  /** CPU milliseconds so far, of the server and of every process of PostgreSQL. */
  readonly cpu: () => Promise<number>;
  /** A folder for files of the bench. */
  readonly folder: string;
}

/** A server with every service on a PostgreSQL of its own, with what a bench wants of both. */
export interface WholeServer extends Measured, AsyncDisposable {
  /** Plain Fastify on the same PostgreSQL, which reads twenty rows with one statement: what a read costs here at least. */
  readonly plain: () => Promise<Measured & AsyncDisposable>;
  /** The same services in two processes on the same PostgreSQL and the same files; the gateway's answers. */
  readonly apart: (env?: Readonly<Record<string, string>>) => Promise<Measured & AsyncDisposable>;
  /** The address of the tables of a service. */
  readonly address: { readonly host: string; readonly user: string; readonly database: string };
  /** A connection to them. */
  readonly open: (service: string) => Promise<pg.Client>;
}

export async function wholeServer(): Promise<WholeServer> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
  const postgres = await startPostgres(folder);
  const databases = `postgres://${postgres.user}@localhost/postgres?host=${encodeURIComponent(postgres.socket)}`;
  const data = join(folder, "server");
  await mkdir(data);
  const { url, child } = await serve(data, databases);
  const stopAll = async (...children: readonly ChildProcess[]) => {
    for (const child of children) child.removeAllListeners("exit").kill("SIGTERM");
    for (const child of children)
      if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  };
  const address = { host: postgres.socket, user: postgres.user, database: "postgres" };
  const connectTo = async (service: string) => {
    const client = new pg.Client({ ...address, options: `-c search_path=${schemaOf(service)}` });
    await client.connect();
    return client;
  };
  return {
    url,
    folder,
    cpu: () => cpuOf([child.pid ?? 0, postgres.pid]),
    async plain() {
      await seedTags(postgres.socket);
      const { url: address, child: plain } = await restServer("plain", folder, postgres.socket);
      return {
        url: address,
        folder,
        cpu: () => cpuOf([plain.pid ?? 0, postgres.pid]),
        [Symbol.asyncDispose]: () => stopAll(plain),
      };
    },
    async apart(env = {}) {
      const [accounts = 0, videos = 0] = await freePorts(2);
      const at = (names: readonly string[], port: number) => names.map((name) => `${name}=127.0.0.1:${port}`);
      const shared = {
        ...env,
        KINORA_REGISTRY_ADDRESS: [...at(accountServices, accounts), ...at(videoServices, videos)].join(),
        KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
        KINORA_BLOB_URL: pathToFileURL(join(data, "blobs")).href,
      };
      const part = async (services: readonly string[], port: number) => {
        const partFolder = await mkdtemp(join(folder, "part-"));
        await cp(join(data, "secrets"), join(partFolder, "secrets"), { recursive: true });
        return serve(partFolder, databases, shared, ["--services", services.join(), "--rpc-port", String(port)]);
      };
      const [first, second] = await Promise.all([part(accountServices, accounts), part(videoServices, videos)]);
      return {
        url: second.url,
        folder,
        cpu: () => cpuOf([first.child.pid ?? 0, second.child.pid ?? 0, postgres.pid]),
        [Symbol.asyncDispose]: () => stopAll(first.child, second.child),
      };
    },
    address,
    open: connectTo,
    async [Symbol.asyncDispose]() {
      await stopAll(child);
      await postgres[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As `test/deployment/two-processes.slow.test.ts` cuts them: half of what a page needs is asked of the other process. */
const accountServices =
  "auth,user,relation,interaction,message,hashtag,search,moderation,recommend,transfer,worker".split(",");
const videoServices = "gateway,upload,drive,media,transcoder,video,streaming".split(",");

function serve(
  data: string,
  url: string,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    [join(root, "cmd/start.ts"), "--data", data, "--port", "0", "--rtmp-port", "0", ...flags],
    {
      cwd: data,
      env: { ...process.env, KINORA_DB_URL: url, KINORA_RATE_LIMIT: "off", ...env },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  return new Promise((resolve, reject) => {
    let said = "";
    child.once("exit", () => reject(new Error(`the server ended: ${said}`)));
    child.stderr?.on("data", (more: Buffer) => {
      said += String(more);
      const address = said.match(/Kinora is ready at (\S+)/)?.[1];
      if (address !== undefined) resolve({ url: address, child });
      said = said.slice(-1_000);
    });
  });
}

/** CPU of these processes and of all that they began; of one that ended meanwhile its parent knows. */
async function cpuOf(pids: readonly number[]): Promise<number> {
  const all = new Set(pids.flatMap((pid) => processTree(pid).map((entry) => entry.pid)));
  const each = await Promise.all([...all].map((pid) => cpuMs(pid).catch(() => 0)));
  return each.reduce((sum, ms) => sum + ms, 0);
}

/** One request of many that are made in turn. */
export interface Asked {
  readonly path: string;
  readonly method?: "GET" | "POST";
  /** The token of the caller. */
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: object;
}

interface Load {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/** A server with nothing to do looks for work now and then: less CPU than this in a quarter of a second. */
const restingMs = 20;
/** Half as much again is used while code is still interpreted. */
const warmS = 5;

/** A server and what it is asked, which may be something else each round. */
export interface Place {
  readonly server: Measured;
  readonly askedIn: (round: number) => readonly Asked[];
}

/** CPU milliseconds per request: the median of the rounds, the least and the most; and requests a second. */
export interface Cost {
  readonly cpu: number;
  readonly least: number;
  readonly most: number;
  readonly speed: number;
}

/**
 * The cost of requests at each place. A round goes to one place after the other, so that all are asked in the same
 * minutes: the pace of a machine that others use changes. The five seconds before, in which a server becomes warm, are
 * not counted and are round -1.
 */
export async function costsOf(places: readonly Place[], { rounds, seconds, connections }: Load): Promise<Cost[]> {
  for (const place of places) await runLoad(place, -1, { seconds: warmS, connections });
  const samples = places.map(() => ({ costs: [] as number[], speeds: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const [n, place] of places.entries()) {
      const before = await atRest(place.server);
      const load = await runLoad(place, round, { seconds, connections });
      samples[n]?.costs.push(((await atRest(place.server)) - before) / load.requests);
      samples[n]?.speeds.push(load.requestsPerSecond);
    }
  return samples.map(({ costs, speeds }) => ({
    cpu: median(costs),
    least: Math.min(...costs),
    most: Math.max(...costs),
    speed: median(speeds),
  }));
}

/** Its CPU so far, once it rests: events after an answer are work of that answer too. */
async function atRest({ cpu }: Measured): Promise<number> {
  for (let before = await cpu(); ; ) {
    await later(250);
    const now = await cpu();
    if (now - before <= restingMs) return now;
    before = now;
  }
}

async function runLoad({ server, askedIn }: Place, round: number, load: Omit<Load, "rounds">) {
  const script = join(server.folder, "asked.lua");
  const spelt = askedIn(round).map(({ path, method = "GET", token, body }) => {
    const words = [method, path, token === undefined ? "" : `Bearer ${token}`, body ? JSON.stringify(body) : ""];
    return words.map((text) => JSON.stringify(text)).join();
  });
  await writeFile(
    script,
    `local r={${spelt.map((request) => `{${request}}`).join()}} local n=0
     request=function() n=n%#r+1 local a=r[n] wrk.headers["Authorization"]=a[3]~="" and a[3] or nil
     wrk.headers["Content-Type"]=a[4]~="" and "application/json" or nil
     return wrk.format(a[1],a[2],nil,a[4]~="" and a[4] or nil) end`,
  );
  return wrk(server.url, { ...load, script });
}
