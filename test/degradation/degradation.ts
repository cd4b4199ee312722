import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../instance/database-server.ts";
import { Instance } from "../instance/instance.ts";
import { administrator } from "../instance/template.ts";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";
import { Person } from "../users/person.ts";
import { published } from "../users/published.ts";
import { type EntryPoint, entryPoints, type Seen, type World } from "./entry-points.ts";

/** The answers of all entry points without each of the services, whose processes are killed in turn. */
export async function measureDegradation(): Promise<Matrix> {
  const services = roleNames.filter((name) => name !== "gateway");
  await using fleet = await Fleet.start(services);
  const matrix = new Map<string, readonly Cell[]>();
  for (const service of services) matrix.set(service, await fleet.without(service));
  return matrix;
}

/** Each process has a few connections to the database, which has a hundred. */
const connections = "3";
/** Sessions, blocks and rights are known for so long after their service is away. */
const cachedMs = 12_000;
const password = administrator.password;

/** The answer of an entry point while a service is away: `yes` as usual, `less`, or the status or code of a refusal. */
export type Cell = string;

/** The answers of all entry points, in their order, for each service. */
export type Matrix = ReadonlyMap<string, readonly Cell[]>;

/** The services that run in processes of their own: those, one gateway, and one process with all other services. */
class Fleet implements AsyncDisposable {
  readonly #instances = new Map<string, Instance>();
  #database: SharedDatabase | undefined;
  #blobs = "";
  #world: World | undefined;
  #usual: readonly Seen[] = [];

  static async start(alone: readonly string[]): Promise<Fleet> {
    const fleet = new Fleet();
    fleet.#database = await startSharedDatabase();
    fleet.#blobs = await mkdtemp(join(tmpdir(), "kinora-degradation-"));
    const services = roleNames.filter((name) => name !== "gateway");
    const joint = services.filter((name) => !alone.includes(name));
    const processes = [["gateway"], ...alone.map((name) => [name]), ...(joint.length > 0 ? [joint] : [])];
    const ports = await freePorts(processes.length);
    const addresses = processes.flatMap((names, at) =>
      names.filter((name) => name !== "gateway").map((name) => `${name}=127.0.0.1:${ports[at]}`),
    );
    const env = {
      KINORA_DB_URL: fleet.#database.url,
      KINORA_DB_CONNECTIONS: connections,
      KINORA_REGISTRY_ADDRESS: addresses.join(),
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(fleet.#blobs).href,
      KINORA_RATE_LIMIT: "off",
      KINORA_RTMP_PORT: "0",
      KINORA_ADMIN_USERNAME: administrator.username,
      KINORA_ADMIN_PASSWORD: password,
    };
    await Promise.all(
      processes.map(async (names, at) => {
        const flags = ["--services", names.join(), "--rpc-port", String(ports[at])];
        fleet.#instances.set(names.join(), await Instance.start({ flags, env }));
      }),
    );
    fleet.#world = await worldOf(fleet.#instance("gateway").url, `http://127.0.0.1:${ports[0]}`);
    // The second round has what the first one wrote: later ones have the same.
    await fleet.#ask();
    fleet.#usual = await fleet.#settled();
    return fleet;
  }

  /** Kills the process of a service, asks everything, and starts the process again. */
  async without(service: string): Promise<readonly Cell[]> {
    const instance = this.#instance(service);
    await instance.kill();
    await sleep(cachedMs);
    const answers = await this.#ask();
    const before = this.#usual;
    await instance.restart();
    this.#usual = await this.#settled();
    // A list may have filled its first page meanwhile.
    return answers.map((seen, at) => {
      const cells = [before, this.#usual].map((usual) => cellOf(seen, usual[at]));
      return cells.find((cell) => cell === "yes") ?? cells[1] ?? "";
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#instances.values(), (instance) => instance[Symbol.asyncDispose]()));
    await this.#database?.[Symbol.asyncDispose]();
    await rm(this.#blobs, { recursive: true, force: true });
  }

  /** One after another: each answer depends on the service that is away alone. */
  async #ask(): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (const entryPoint of entryPoints) seen.push(await this.#askOne(entryPoint));
    return seen;
  }

  async #askOne({ group, name, ask }: EntryPoint): Promise<Seen> {
    if (!this.#world) throw new Error("the fleet is not started");
    try {
      return await ask(this.#world);
    } catch (cause) {
      throw new Error(`${group} ${name} had no answer`, { cause });
    }
  }

  /** The answers when none is a refusal any more, and two rounds are the same. */
  async #settled(): Promise<Seen[]> {
    let last: readonly Seen[] = [];
    let changed: readonly string[] = [];
    return until(
      async () => {
        const seen = await this.#ask();
        changed = seen.flatMap(({ status, shape }, at) =>
          status >= 400 || shape !== last[at]?.shape ? [`${entryPoints[at]?.name} ${status} ${shape}`] : [],
        );
        last = seen;
        return changed.length === 0 ? seen : undefined;
      },
      { said: () => changed.join("\n") },
    );
  }

  #instance(name: string): Instance {
    const instance = this.#instances.get(name);
    if (!instance) throw new Error(`${name} has no process of its own`);
    return instance;
  }
}

function cellOf({ status, code, shape }: Seen, usual: Seen | undefined): Cell {
  if (shape === "cut") return "cut";
  if (status !== usual?.status) return String(status);
  if (code !== usual.code) return `code ${code ?? 0}`;
  return shape === usual.shape ? "yes" : "less";
}

async function worldOf(url: string, rpcUrl: string): Promise<World> {
  const [author, viewer, owner] = [new Person(url), new Person(url), new Person(url, administrator.username)];
  for (const person of [author, viewer]) await person.signUp();
  await owner.signIn();
  const videoId = await published(author);
  const { media_id } = await author.get(`/videos/${videoId}`);
  const { id: authorId } = await author.get("/users/me");
  const { data: room } = await author.ask("POST", "/lives", { body: { title: "Harbour" } });
  await author.ask("POST", `/lives/${String(room["id"])}/start`);
  await author.ask("POST", `/videos/${videoId}/comments`, { body: { content: "Calm" } });
  const form = { username: viewer.username, password };
  const tokenOf = async (path: string, field: string, asJson = false): Promise<string> => {
    const answer = await fetch(url + path, {
      method: "POST",
      ...(asJson
        ? { headers: { "content-type": "application/json" }, body: JSON.stringify(form) }
        : { body: new URLSearchParams(form) }),
    });
    const body = (await answer.json()) as Record<string, unknown> & { data?: Record<string, unknown> }; // An envelope.
    return String(body[field] ?? body.data?.[field]);
  };
  return {
    url,
    rpcUrl,
    author,
    viewer,
    administrator: owner,
    authorId: Number(authorId),
    videoId,
    mediaId: Number(media_id),
    liveId: Number(room["id"]),
    douyinToken: await tokenOf("/douyin/user/login", "token"),
    cloudToken: await tokenOf("/user/signin", "Token"),
    resumableToken: await tokenOf("/api/login", "token", true),
  };
}
