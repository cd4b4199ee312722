import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../../instance/database-server.ts";
import { Instance } from "../../instance/instance.ts";
import { freePorts } from "../../ports.ts";
import { until } from "../../until.ts";
import { distinctClip } from "../../uploads/distinct-clip.ts";
import { type Answer, Person, Unanswered } from "../../users/person.ts";

const edge = ["gateway", "upload", "drive", "media", "transcoder", "video", "streaming"];
const discovery = ["search", "recommend", "message"];
const social = roleNames.filter((name) => ![...edge, ...discovery].includes(name));
/** The first is the process of the gateway, in each cut. */
export const ofTwo = [edge, [...social, ...discovery]];
export const ofThree = [edge, social, discovery];
const metadata = ["video", "interaction", "hashtag", "search", "recommend", "message", "live", "moderation"];
const accounts = ["auth", "user", "relation"];
export const ofNine = [
  ["gateway"],
  ["upload", "drive", "transfer"],
  ["media", "transcoder"],
  ["streaming"],
  metadata,
  accounts,
  ["cache"],
  ["worker"],
  ["monitor"],
];

/**
 * Kills each process of a fleet in turn while users upload, like and comment (D1, D2, R6): acknowledged writes stay,
 * nothing happens twice, and what a process missed reaches it when it is back.
 */
export function fleetConformance(
  name: string,
  processes: readonly (readonly string[])[],
  env: () => Record<string, string> = () => ({}),
) {
  describe(`a fleet of ${name} under kills`, () => {
    const fleet = new Fleet(processes, env);
    before(() => fleet.open());
    after(() => fleet.close());

    for (const [place, services] of processes.entries())
      it(`completes uploads, likes and comments again after a kill of ${services.slice(0, 3).join(", ")} …`, async () => {
        const load = fleet.load();
        await fleet.act();
        await fleet.kill(place);
        // A process that only discovers is missed by nobody who uploads.
        if (services === discovery) await fleet.publish("while discovery is dead");
        else await new Promise((resolve) => setTimeout(resolve, 500));
        await fleet.restart(place);
        await fleet.act();
        await load.end();
      });

    it("completes uploads, likes and comments again after a kill of the database", async () => {
      const load = fleet.load();
      await fleet.act();
      await fleet.killDatabase();
      await fleet.act();
      await load.end();
    });

    it("loses and duplicates no acknowledged write, and delivers delayed events (D2, D3)", () => fleet.assertWhole());
  });
}

/** The recoveries of all kills, and the reads beside them. */
export interface Kills {
  readonly count: number;
  /** From the start of the process that was killed until a film is published, liked and commented on; ascending. */
  readonly recoveriesMs: readonly number[];
  /** Reads of films and comments during kills of processes that serve none of them. */
  readonly reads: { readonly asked: number; readonly failed: number };
}

export interface KillOptions {
  /** Called with a line for each process. */
  readonly report?: (line: string) => void;
  /** Only processes of these services are killed; all where it is empty. */
  readonly services?: readonly string[];
}

/**
 * Kills each process so many times under load, one after the other. In the end nothing that was acknowledged is lost or
 * done twice (R6, D1, D2, D3).
 */
export async function killEach(
  processes: readonly (readonly string[])[],
  rounds: number,
  { report = () => undefined, services: chosen = [] }: KillOptions = {},
): Promise<Kills> {
  const fleet = new Fleet(processes, () => ({}));
  const recoveriesMs: number[] = [];
  const reads = { asked: 0, failed: 0 };
  try {
    await fleet.open();
    const load = fleet.load();
    for (const [place, services] of processes.entries()) {
      if (chosen.length > 0 && !chosen.some((name) => services.includes(name))) continue;
      const isRead = !["gateway", ...metadata, ...accounts].some((name) => services.includes(name));
      for (let round = 0; round < rounds; round++) {
        await fleet.keepSignedIn();
        const readers = isRead ? fleet.read() : undefined;
        await fleet.kill(place);
        await new Promise((resolve) => setTimeout(resolve, 500));
        const startedMs = performance.now();
        await fleet.restart(place);
        await fleet.act();
        recoveriesMs.push(performance.now() - startedMs);
        const tally = (await readers?.end()) ?? { asked: 0, failed: 0 };
        reads.asked += tally.asked;
        reads.failed += tally.failed;
      }
      report(
        `${services.join(", ")}: ${rounds} kills; ${reads.failed} of ${reads.asked} reads beside kills failed so far`,
      );
    }
    await load.end();
    await fleet.assertWhole();
  } finally {
    await fleet.close();
  }
  return { count: recoveriesMs.length, recoveriesMs: recoveriesMs.toSorted((a, b) => a - b), reads };
}

/** Access tokens live three times as long. */
const signedInMsMax = 300_000;

class Fleet {
  readonly #processes: readonly (readonly string[])[];
  readonly #env: () => Record<string, string>;
  readonly #folders: string[] = [];
  #database: SharedDatabase | undefined;
  #instances: Instance[] = [];
  #people: Person[] = [];
  #clip: Buffer = Buffer.alloc(0);
  #names = 0;
  #signedInMs = 0;
  /** Ids of published videos, by title. */
  readonly #videos = new Map<string, number>();
  /** The users whose like of a video was acknowledged. */
  readonly #likes = new Set<string>();
  /** Texts of comments, as acknowledged. */
  readonly #comments = new Set<string>();

  constructor(processes: readonly (readonly string[])[], env: () => Record<string, string>) {
    this.#processes = processes;
    this.#env = env;
  }

  async open(): Promise<void> {
    const blobs = await mkdtemp(join(tmpdir(), "kinora-fleet-"));
    this.#folders.push(blobs);
    const ports = await freePorts(this.#processes.length);
    const addresses = this.#processes.flatMap((services, at) =>
      services.map((service) => `${service}=127.0.0.1:${ports[at] ?? 0}`),
    );
    this.#database = await startSharedDatabase();
    const env = {
      KINORA_DB_URL: this.#database.url,
      KINORA_REGISTRY_ADDRESS: addresses.join(","),
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
      ...this.#env(),
    };
    this.#instances = await Promise.all(
      this.#processes.map((services, at) =>
        Instance.start({ flags: ["--services", services.join(","), "--rpc-port", String(ports[at] ?? 0)], env }),
      ),
    );
    this.#clip = await readFile(join(import.meta.dirname, "../../media/one-frame.mp4"));
    const url = this.#instances[0]?.url ?? "";
    this.#people = Array.from({ length: 3 }, () => new Person(url));
    for (const person of this.#people) await person.signUp();
    this.#signedInMs = performance.now();
    await this.publish("the first");
  }

  async close(): Promise<void> {
    for (const instance of this.#instances) await instance[Symbol.asyncDispose]();
    await this.#database?.[Symbol.asyncDispose]();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }

  kill(place: number): Promise<void> {
    return this.#at(place).kill();
  }

  async killDatabase(): Promise<void> {
    assert.ok(this.#database);
    await this.#database.kill();
  }

  async restart(place: number): Promise<void> {
    await this.#at(place).restart();
    // Connections to the gateway that was killed are of no use.
    if (this.#processes[place]?.includes("gateway")) for (const person of this.#people) person.hangUp();
  }

  /** Signs everybody in again before their tokens expire. */
  async keepSignedIn(): Promise<void> {
    if (performance.now() - this.#signedInMs < signedInMsMax) return;
    this.#signedInMs = performance.now();
    for (const person of this.#people) await person.signIn();
  }

  /** Uploads a film and publishes it; settles when it can be watched. */
  async publish(title: string): Promise<void> {
    const [owner] = this.#people;
    assert.ok(owner);
    // Each upload is another file.
    const film = distinctClip(this.#clip, title);
    const key = `${title} ${++this.#names}`;
    const media = await insistently(() => owner.upload(film, key));
    const body = { title, media_id: media.data["id"] };
    const { data } = await insistently(() => owner.ask("POST", "/videos", { key: `publish ${key}`, body }));
    const id = Number(data["id"]);
    await until(async () => (await owner.ask("GET", `/videos/${id}`)).data["status"] === 1);
    this.#videos.set(title, id);
  }

  /** Likes and comments without an end, also while a process is away. */
  load(): { end(): Promise<void> } {
    const stopping = new AbortController();
    const loads = this.#people.map(async (person, at) => {
      for (let n = 0; !stopping.signal.aborted; n++) {
        await this.#likeAndComment(person, `load ${at} ${n} ${++this.#names}`);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    });
    return {
      async end() {
        stopping.abort();
        await Promise.all(loads);
      },
    };
  }

  /** Reads a film, its comments and a profile without an end, once each: nothing is asked again after a failure. */
  read(): { end(): Promise<{ asked: number; failed: number }> } {
    const stopping = new AbortController();
    const tally = { asked: 0, failed: 0 };
    const id = [...this.#videos.values()].at(-1) ?? 0;
    const readers = this.#people.map(async (person) => {
      while (!stopping.signal.aborted)
        for (const path of [`/videos/${id}`, `/videos/${id}/comments`, "/users/me"]) {
          const answer = await person.ask("GET", path).catch(() => undefined);
          tally.asked += 1;
          if (answer?.status !== 200) tally.failed += 1;
        }
    });
    return {
      async end() {
        stopping.abort();
        await Promise.all(readers);
        return tally;
      },
    };
  }

  /** A film is published, liked and commented on by everybody. */
  async act(): Promise<void> {
    await this.publish(`film ${++this.#names}`);
    await Promise.all(this.#people.map((person) => this.#likeAndComment(person, `act ${++this.#names}`)));
  }

  async #likeAndComment(person: Person, text: string): Promise<void> {
    const [title, id] = [...this.#videos].at(-1) ?? ["", 0];
    await insistently(() => person.ask("POST", `/videos/${id}/like`));
    this.#likes.add(`${title} ${person.username}`);
    await insistently(() => person.ask("POST", `/videos/${id}/comments`, { key: text, body: { content: text } }));
    this.#comments.add(text);
  }

  async assertWhole(): Promise<void> {
    const [owner] = this.#people;
    assert.ok(owner);
    for (const [title, id] of this.#videos) {
      const likes = [...this.#likes].filter((like) => like.startsWith(`${title} p`)).length;
      await until(async () => (await owner.get(`/videos/${id}`))["like_count"] === likes);
    }
    const titles = async () =>
      (await everything(owner, (cursor) => `/recommend/feed?page_size=50${cursor}`)).map(({ title }) => String(title));
    await until(async () => (await titles()).length >= this.#videos.size);
    assert.deepEqual((await titles()).toSorted(), [...this.#videos.keys()].toSorted());
    const comments: string[] = [];
    for (const id of this.#videos.values())
      for (const comment of await everything(owner, (cursor) => `/videos/${id}/comments?page_size=50${cursor}`))
        comments.push(String(comment["content"]));
    assert.deepEqual(comments.toSorted(), [...this.#comments].toSorted());
    for (const title of this.#videos.keys())
      await until(async () => {
        const { list } = await owner.get(`/search/videos?q=${encodeURIComponent(title)}`);
        return (list as { title: string }[]).filter((video) => video.title === title).length === 1; // The contract's rows.
      });
  }

  #at(place: number): Instance {
    const instance = this.#instances[place];
    assert.ok(instance);
    return instance;
  }
}

/** Every row of a list. */
async function everything(person: Person, path: (cursor: string) => string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let cursor = ""; ; ) {
    const page = await person.get(path(cursor));
    rows.push(...(page["list"] as Record<string, unknown>[])); // A list of the contract.
    const next = page["next_cursor"];
    if (typeof next !== "string") return rows;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

const patienceMs = 120_000;

/** Asks with the same key until it is answered with success, as a careful client does. */
async function insistently(ask: () => Promise<Answer>): Promise<Answer> {
  for (const patientUntil = performance.now() + patienceMs; ; ) {
    const answer = await ask().catch((error: unknown) => {
      if (!(error instanceof Unanswered)) throw error;
    });
    if (answer && answer.status < 300) return answer;
    assert.ok(
      answer === undefined || answer.status >= 500 || answer.status === 409,
      `${answer?.status} ${answer?.error} ${answer?.message}`,
    );
    assert.ok(
      performance.now() < patientUntil,
      `no success within ${patienceMs} ms: ${answer?.status} ${answer?.error}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
