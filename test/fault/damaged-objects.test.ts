import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Instance } from "../e2e/instance.ts";
import { startOnTemplate } from "../template.ts";
import { until } from "../until.ts";
import { doctor } from "./doctor.ts";
import { unlimited } from "./folders.ts";
import { Person } from "./person.ts";
import { settled } from "./tables.ts";

/*
 * R5: a bit is flipped in every object of a running platform, 100 of them and what a video is made of. All are found, and
 * no entry point serves any; where another store has them whole, all are repaired.
 */
const administrator = { KINORA_ADMIN_USERNAME: "keeper", KINORA_ADMIN_PASSWORD: "blue bicycle" };
const count = 100;

describe("R5: a flipped bit in every stored object", () => {
  it("is found everywhere, and no entry point serves an object until its content is uploaded again", {
    timeout: 600_000,
  }, async () => {
    await using instance = await startOnTemplate({ env: { ...administrator, ...unlimited } });
    const shelf = await Shelf.fill(instance);
    const addresses = await shelf.addresses();
    for (const address of addresses) {
      assert.equal((await status(address)).code, 200, address);
      await fetch(address, { headers: { range } });
    }
    const flipped = await flipAll(join(instance.data, "blobs"));
    assert.ok(flipped > count, `${flipped} objects`);

    const over = await shelf.run({ kind: "repair", from: "default" });
    assert.deepEqual([over["objects_damaged"], over["objects_failed"]], [flipped, flipped]);

    for (const address of addresses)
      await until(
        async () => {
          const { code, error } = await status(address);
          return code === 503 && error === "kernel.object_damaged";
        },
        { said: () => `memory keeps what is damaged: ${address}` },
      );
    for (const address of addresses) {
      const ranged = await fetch(address, { headers: { ...shelf.asKeeper, range } });
      assert.equal(ranged.status, 503, address);
      assert.equal((await fetch(address, { method: "HEAD", headers: shelf.asKeeper })).status, 503, address);
    }
    const listed = (await shelf.person.get("/transfer/damaged"))["list"] as { object: string }[]; // A list of objects.
    assert.equal(listed.length, flipped);

    const [first] = shelf.files;
    assert.ok(first);
    const again = await shelf.send(first.bytes);
    assert.deepEqual(await bytesOf(again.url, shelf), first.bytes);
    assert.deepEqual(await bytesOf(first.url, shelf), first.bytes);

    await instance.stop();
    const { text } = await doctor(["--verify", "--data", instance.data]);
    assert.equal(text.match(/damaged and in quarantine/g)?.length, flipped - 1);
  });

  it("is repaired in every object from an intact copy in another store", {
    timeout: 600_000,
  }, async () => {
    const spare = await mkdtemp(join(tmpdir(), "kinora-spare-"));
    try {
      const env = { ...administrator, ...unlimited, KINORA_BLOB_STORES: `spare=file:${spare}` };
      await using instance = await startOnTemplate({ env });
      const shelf = await Shelf.fill(instance);
      const addresses = await shelf.addresses();
      const before = await Promise.all(addresses.map((address) => bytesOf(address, shelf)));
      const copied = await shelf.run({ kind: "copy", from: "default", to: "spare" });
      const flipped = await flipAll(join(instance.data, "blobs"));
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

  static async fill(instance: Instance): Promise<Shelf> {
    const shelf = new Shelf(new Person(instance.url, administrator.KINORA_ADMIN_USERNAME));
    await shelf.person.signIn();
    for (let n = 0; n < count; n += 1) shelf.files.push(await shelf.send(randomBytes(2_000 + n)));
    const clip = await readFile(join(import.meta.dirname, "../media/quiet-audio.mp4"));
    const { data } = await shelf.person.upload(clip);
    const response = await shelf.person.ask("POST", "/videos", { body: { title: "Sea", media_id: data["id"] } });
    assert.ok(response.status < 300, response.error);
    shelf.#video = await until(
      async () => {
        const now = await shelf.person.get(`/videos/${Number(response.data["id"])}`);
        const task = await shelf.person.get(`/media/${Number(data["id"])}/transcode`);
        const isWhole = now["status"] === 1 && now["cover_url"] !== "" && task["status"] === "completed";
        return isWhole ? now : undefined;
      },
      { waitMs: 60_000 },
    );
    // Storyboard, preview and waveform come last.
    await settled(instance, 60_000);
    return shelf;
  }

  get asKeeper() {
    return { authorization: `Bearer ${this.person.token}` };
  }

  async send(bytes: Buffer): Promise<Sent> {
    const path = `/upload?name=${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}.bin&purpose=drive&conflict=rename`;
    const { status, error, data } = await this.person.ask("POST", path, {
      raw: { type: "application/octet-stream", bytes },
    });
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
    const master = await (await fetch(hls)).text();
    const playlists = master.split("\n").filter((line) => /^[^#].*index\.m3u8/.test(line));
    assert.ok(playlists.length > 0, master);
    const segments = [];
    for (const playlist of playlists) {
      const at = new URL(playlist, hls);
      const [first = ""] = (await (await fetch(at)).text()).split("\n").filter((line) => /^[^#]/.test(line));
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
      { said: () => JSON.stringify(now), waitMs: 60_000 },
    );
  }
}

async function status(url: string): Promise<{ code: number; error: string }> {
  const answer = await fetch(url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true;
  const envelope = isJson ? (JSON.parse(bytes.toString()) as { error?: string }) : {}; // The envelope of a refusal.
  return { code: answer.status, error: envelope.error ?? "" };
}

async function bytesOf(url: string, { asKeeper: headers }: Shelf): Promise<Buffer> {
  const answer = await fetch(url, { headers });
  assert.equal(answer.status, 200, url);
  return Buffer.from(await answer.arrayBuffer());
}

const objectsIn = (folder: string) => Array.fromAsync(glob("{upload,media}/??/??/*", { cwd: folder }));

async function flipAll(folder: string): Promise<number> {
  const paths = await objectsIn(folder);
  for (const path of paths) {
    const bytes = await readFile(join(folder, path));
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(join(folder, path), bytes);
  }
  return paths.length;
}

/** Objects whose bytes are not those of their names. */
async function damagedIn(folder: string): Promise<string[]> {
  const damaged = [];
  for (const path of await objectsIn(folder)) {
    const bytes = await readFile(join(folder, path));
    if (!path.endsWith(createHash("sha256").update(bytes).digest("hex"))) damaged.push(path);
  }
  return damaged;
}
