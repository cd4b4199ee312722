import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { S3Bucket } from "../../../src/kernel/blob/s3/bucket.ts";
import { s3Place } from "../../../src/kernel/blob/s3/place.ts";
import { s3Server } from "../../../src/kernel/blob/s3/testing.ts";
import { isNightly } from "../../depth.ts";
import type { Instance } from "../../instance/instance.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { doctorHere } from "../../instance/doctor.ts";
import { unlimited } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import { settled } from "../../instance/tables.ts";

/*
 * R5: every object of a running platform is damaged, many files and what a video is made of: by a flipped bit, by truncation
 * and by removal. Readers and repairs find all, and no entry point serves any; where another store has them whole, all are
 * repaired.
 */
const administrator = { KINORA_ADMIN_USERNAME: "keeper", KINORA_ADMIN_PASSWORD: "blue bicycle" };
const count = isNightly ? 100 : 6;

describe("R5: damage of every stored object", () => {
  it("is found everywhere, and no entry point serves an object until its content is uploaded again", {
    timeout: 600_000,
  }, async () => {
    await using instance = await startOnTemplate({ env: { ...administrator, ...unlimited } });
    const shelf = await Shelf.fill(instance);
    const addresses = await shelf.addresses();
    for (const address of addresses) await ask(address, { headers: { range } });
    const damaged = await readersFind(shelf, addresses, blobsOf(instance));
    assert.ok(damaged > count, `${damaged} objects`);

    const over = await shelf.run({ kind: "repair", from: "default" });
    assert.deepEqual([over["objects_damaged"], over["objects_failed"]], [damaged, damaged]);

    for (const address of addresses)
      await until(
        async () => {
          const { code, error } = await status(address);
          return code === 503 && error === "kernel.object_damaged";
        },
        { said: () => `memory keeps what is damaged: ${address}` },
      );
    for (const address of addresses) {
      const ranged = await ask(address, { headers: { ...shelf.asAdministrator, range } });
      assert.equal(ranged.status, 503, address);
      assert.equal((await ask(address, { method: "HEAD", headers: shelf.asAdministrator })).status, 503, address);
    }
    const listed = (await shelf.person.get("/transfer/damaged"))["list"] as { object: string }[]; // A list of objects.
    assert.equal(listed.length, damaged);

    const [first] = shelf.files;
    assert.ok(first);
    const again = await shelf.send(first.bytes);
    assert.deepEqual(await bytesOf(again.url, shelf), first.bytes);
    assert.deepEqual(await bytesOf(first.url, shelf), first.bytes);

    await instance.stop();
    const { text } = await doctorHere(["--verify", "--data", instance.data]);
    assert.equal(text.match(/damaged and in quarantine/g)?.length, damaged - 1);
  });

  it("is found by the readers of an S3 store, which receive no wrong byte", {
    timeout: 600_000,
  }, async () => {
    await using server = await s3Server();
    const place = `s3://S3RVER:S3RVER@films/k?endpoint=${server.url}`;
    const env = { ...administrator, ...unlimited, KINORA_BLOB_URL: place };
    await using instance = await startOnTemplate({ env });
    // Fewer objects of a film than on a disk: readers take the same way to each.
    const shelf = await Shelf.fill(instance, "one-frame.mp4");
    await readersFind(shelf, await shelf.addresses(), bucketAt(place));
  });

  it("is repaired in every object from an intact copy in another store", {
    timeout: 600_000,
  }, async () => {
    const spare = await mkdtemp(join(tmpdir(), "kinora-spare-"));
    try {
      const env = { ...administrator, ...unlimited, KINORA_BLOB_STORES: `spare=file:${spare}` };
      await using instance = await startOnTemplate({ env });
      // One object is copied and repaired as another: a film of few will do.
      const shelf = await Shelf.fill(instance, "one-frame.mp4");
      const addresses = await shelf.addresses();
      const before = await Promise.all(addresses.map((address) => bytesOf(address, shelf)));
      const copied = await shelf.run({ kind: "copy", from: "default", to: "spare" });
      const flipped = await damageAll(blobsOf(instance), () => [flip]);
      assert.equal(copied["objects_done"], flipped);

      const over = await shelf.run({ kind: "repair", from: "default" });
      assert.deepEqual([over["objects_repaired"], over["objects_failed"]], [flipped, 0]);
      assert.deepEqual(await damagedIn(join(instance.data, "blobs")), []);
      for (const { url, bytes } of shelf.files) assert.deepEqual(await bytesOf(url, shelf), bytes);
      for (const [n, address] of addresses.entries())
        if (!address.includes("/zip")) assert.deepEqual(await bytesOf(address, shelf), before[n], address);
    } finally {
      await rm(spare, { recursive: true, force: true });
    }
  });
});

const range = "bytes=10-20";

/**
 * As `fetch`, over a connection of its own. The server closes a kept one after a cut-off answer and after a long wait,
 * and the next request may be on it already.
 */
const ask = (url: string | URL, { headers, ...init }: { method?: string; headers?: Record<string, string> } = {}) =>
  fetch(url, { ...init, headers: { ...headers, connection: "close" } });

interface Sent {
  readonly id: number;
  readonly url: string;
  readonly bytes: Buffer;
}

/** Files and a published video on a platform, all the administrator's. */
class Shelf {
  readonly person: Person;
  readonly files: Sent[] = [];
  #video: Record<string, unknown> = {};

  private constructor(person: Person) {
    this.person = person;
  }

  static async fill(instance: Instance, film = "quiet-audio.mp4"): Promise<Shelf> {
    const shelf = new Shelf(new Person(instance.url, administrator.KINORA_ADMIN_USERNAME));
    await shelf.person.signIn();
    for (let n = 0; n < count; n += 1) shelf.files.push(await shelf.send(randomBytes(2_000 + n)));
    const clip = await readFile(join(import.meta.dirname, "../../media", film));
    const { data } = await shelf.person.upload(clip);
    const response = await shelf.person.ask("POST", "/videos", { body: { title: "Sea", media_id: data["id"] } });
    assert.ok(response.status < 300, response.error);
    shelf.#video = await until(async () => {
      const now = await shelf.person.get(`/videos/${Number(response.data["id"])}`);
      const task = await shelf.person.get(`/media/${Number(data["id"])}/transcode`);
      const isWhole = now["status"] === 1 && now["cover_url"] !== "" && task["status"] === "completed";
      return isWhole ? now : undefined;
    });
    // Storyboard, preview and waveform come last.
    await settled(instance);
    return shelf;
  }

  get asAdministrator() {
    return { authorization: `Bearer ${this.person.token}` };
  }

  async send(bytes: Buffer): Promise<Sent> {
    const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}.bin`;
    const { status, error, data } = await this.person.keep(bytes, name);
    assert.equal(status, 200, error);
    const id = Number(data["entry_id"]);
    const link = await this.person.ask("POST", `/drive/${id}/link`, { body: {} });
    return { id, url: new URL(String(link.data["url"]), this.person.url).href, bytes };
  }

  /** Addresses of everything that is made of stored bytes: files, an archive, a shared file, a cover, renditions. */
  async addresses(): Promise<string[]> {
    const [file, other] = this.files;
    assert.ok(file && other);
    const absolute = (url: unknown) => new URL(String(url), this.person.url).href;
    const shared = await this.person.ask("POST", `/drive/${other.id}/shares`, { body: {} });
    const visit = await this.person.ask("POST", "/shares/open", { body: { token: shared.data["token"] } });
    const ticket = String(visit.data["ticket"]);
    const zip = await this.person.ask("POST", "/drive/zip", { body: { ids: [file.id, other.id] } });
    const hls = absolute(this.#video["hls_url"]);
    const master = await (await ask(hls)).text();
    const playlists = master.split("\n").filter((line) => /^[^#].*index\.m3u8/.test(line));
    assert.ok(playlists.length > 0, master);
    const segments = [];
    for (const playlist of playlists) {
      const at = new URL(playlist, hls);
      const [first = ""] = (await (await ask(at)).text()).split("\n").filter((line) => /^[^#]/.test(line));
      segments.push(new URL(first, at).href);
    }
    return [
      ...this.files.map(({ url }) => url),
      `${this.person.url}/api/v1/drive/${other.id}/content?ticket=${ticket}`,
      absolute(zip.data["url"]),
      absolute(this.#video["cover_url"]),
      ...segments,
    ];
  }

  async run(body: object): Promise<Record<string, unknown>> {
    const begun = await this.person.ask("POST", "/transfer", { body });
    assert.ok(begun.status < 300, begun.error);
    const path = `/transfer/${Number(begun.data["id"])}`;
    let now: Record<string, unknown> = {};
    return until(
      async () => {
        now = await this.person.get(path);
        return now["status"] === "done" ? now : undefined;
      },
      { said: () => JSON.stringify(now) },
    );
  }
}

/** The places of a platform's bytes, by their keys. */
interface Storage {
  keys(): Promise<string[]>;
  read(key: string): Promise<Buffer>;
  write(key: string, bytes: Buffer): Promise<void>;
  remove(key: string): Promise<void>;
}

function blobsOf(instance: Instance): Storage {
  const folder = join(instance.data, "blobs");
  const pathOf = (key: string) => {
    const [space = "", sha256 = ""] = key.split("/");
    return join(folder, space, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  };
  return {
    keys: async () => (await objectsIn(folder)).map((path) => path.replace(/\/..\/..\//, "/")),
    read: (key) => readFile(pathOf(key)),
    write: (key, bytes) => writeFile(pathOf(key), bytes),
    remove: (key) => rm(pathOf(key)),
  };
}

function bucketAt(url: string): Storage {
  const place = s3Place(url);
  assert.ok(typeof place !== "string");
  const bucket = new S3Bucket(place);
  return {
    async keys() {
      const keys = [];
      for (const space of ["upload", "media"]) for await (const { key } of bucket.list(`${space}/`)) keys.push(key);
      return keys;
    },
    async read(key) {
      const head = await bucket.head(key);
      assert.ok(head);
      const bytes = Buffer.alloc(head.sizeBytes);
      await bucket.read({ key, from: 0, length: bytes.byteLength }, bytes);
      return bytes;
    },
    write: (key, bytes) => bucket.put(key, bytes),
    remove: (key) => bucket.remove(key),
  };
}

type Damage = (storage: Storage, key: string) => Promise<void>;

const flip: Damage = async (storage, key) => {
  const bytes = await storage.read(key);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await storage.write(key, bytes);
};
const truncate: Damage = async (storage, key) => storage.write(key, (await storage.read(key)).subarray(0, -1));
const remove: Damage = (storage, key) => storage.remove(key);

/** Damages every object, each in one of its ways by turns; yields how many there are. */
async function damageAll(storage: Storage, waysOf: (key: string) => readonly Damage[]): Promise<number> {
  const keys = await storage.keys();
  for (const [n, key] of keys.entries()) {
    const ways = waysOf(key);
    await ways[n % ways.length]?.(storage, key);
  }
  return keys.length;
}

/**
 * Damages all objects and reads each address: what is received is right or refused, and the damage of each file is found,
 * counted and set aside without a scrub. Yields how many objects were damaged.
 */
async function readersFind(shelf: Shelf, addresses: readonly string[], storage: Storage): Promise<number> {
  const before = await Promise.all(addresses.map(received));
  for (const [n, bytes] of before.entries()) assert.ok(bytes, addresses[n]);
  const keys = new Map(shelf.files.map(({ url, bytes }) => [url, keyOf(bytes)]));
  // Removal is found where the object is read, or by a scrub: a repair on request looks at what is there. The first two
  // files have several addresses, so memory may serve them and no reader asks for their objects.
  const removable = new Set([...keys.values()].slice(2));
  const damaged = await damageAll(storage, (key) => [flip, truncate, ...(removable.has(key) ? [remove] : [])]);
  const served = new Set<string>();
  for (const [n, address] of addresses.entries()) {
    const bytes = await received(address);
    if (!bytes) continue;
    served.add(address);
    if (!address.includes("/zip")) assert.deepEqual(bytes, before[n], address);
  }
  const refused = shelf.files.filter(({ url }) => !served.has(url));
  assert.ok(refused.length >= shelf.files.length - 2, `${served.size} addresses were served`);
  await until(async () => {
    // A list of a bucket whose objects are set aside meanwhile may be refused.
    const found = await shelf.person.get("/transfer/damaged").catch(() => undefined);
    const listed = (found?.["list"] ?? []) as { object: string }[]; // A list of objects.
    const objects = new Set(listed.map(({ object }) => object));
    const transfers = (await shelf.person.get("/transfer"))["list"] as { status: string }[]; // A list of transfers.
    return (
      refused.every(({ url }) => objects.has(keys.get(url) ?? "")) && transfers.every(({ status }) => status === "done")
    );
  });
  const metrics = await (await ask(`${shelf.person.url}/metrics`)).text();
  const counted = /^kinora_blob_objects_damaged_total\{store="default"\} (\d+)/m.exec(metrics)?.[1];
  assert.ok(Number(counted) >= refused.length, `${counted} were counted`);
  return damaged;
}

const keyOf = (bytes: Buffer): string => `upload/${createHash("sha256").update(bytes).digest("hex")}`;

/** The body of an answer; undefined where it was refused or cut off, which may be before its head has left. */
async function received(url: string): Promise<Buffer | undefined> {
  const answer = await ask(url).catch(() => undefined);
  if (answer === undefined) return undefined;
  const body = await answer.arrayBuffer().catch(() => undefined);
  return answer.status === 200 || answer.status === 206 ? body && Buffer.from(body) : undefined;
}

async function status(url: string): Promise<{ code: number; error: string }> {
  const answer = await ask(url).catch(() => undefined);
  const bytes = Buffer.from((await answer?.arrayBuffer().catch(() => undefined)) ?? new ArrayBuffer(0));
  if (answer === undefined) return { code: 0, error: "" };
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true;
  const envelope = isJson ? (JSON.parse(bytes.toString()) as { error?: string }) : {}; // The envelope of a refusal.
  return { code: answer.status, error: envelope.error ?? "" };
}

async function bytesOf(url: string, { asAdministrator: headers }: Shelf): Promise<Buffer> {
  const answer = await ask(url, { headers });
  assert.equal(answer.status, 200, url);
  return Buffer.from(await answer.arrayBuffer());
}

const objectsIn = (folder: string) => Array.fromAsync(glob("{upload,media}/??/??/*", { cwd: folder }));

/** Objects whose bytes are not those of their names. */
async function damagedIn(folder: string): Promise<string[]> {
  const damaged = [];
  for (const path of await objectsIn(folder)) {
    const bytes = await readFile(join(folder, path));
    if (!path.endsWith(createHash("sha256").update(bytes).digest("hex"))) damaged.push(path);
  }
  return damaged;
}
