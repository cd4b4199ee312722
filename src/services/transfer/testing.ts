import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Call, contract, type Host, type Job, on, plugin } from "#kernel";
import { BlobStores, type MemberStore } from "#kernel/blob/stores";
import { type Made, onDisk } from "#kernel/blob/testing";
import type { Failpoint, Failpoints } from "#kernel/environment/failpoint";
import { callOf, TestHost } from "#kernel/host/testing";
import { fileReleased } from "#services/drive/contract";
import { mediaPlugin } from "#services/media/plugin";
import { type StoredFile, upload } from "#services/upload/contract";
import { uploadPlugin } from "#services/upload/plugin";
import { until } from "#test/until";
import { fileTransferred, type Transfer, transfer } from "./contract.ts";
import type { Clock } from "./worker/pace.ts";
import { transferOn, transferPlugin } from "./plugin.ts";

interface Wished {
  /** The store `far`; `near` is a disk and the default. */
  readonly far?: Made<MemberStore>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  /** The time of all services. */
  readonly now?: () => number;
}

type Given = Parameters<House["begin"]>[0];

/** Upload, media and transfer over two stores, `near` and `far`, and a neighbour that deletes files and hears of moves. */
export class House implements AsyncDisposable {
  readonly near: Awaited<ReturnType<typeof onDisk>>;
  readonly far: Made<MemberStore>;
  readonly stores: BlobStores;
  readonly host: TestHost;
  /** What was told of moves: `<from>><to>:<hash>`. */
  readonly told: string[] = [];
  /** What ended the runs of transfers that did not end well. */
  readonly broken: unknown[] = [];
  /** Waited for at each failpoint. */
  at: (name: Failpoint) => Promise<void> = async () => undefined;
  #other: Host | undefined;
  #started: ReturnType<typeof transferPlugin.start> | undefined;

  private constructor(near: House["near"], far: Made<MemberStore>, { settings, clock, now }: Wished) {
    this.near = near;
    this.far = far;
    this.stores = new BlobStores({
      stores: new Map<string, MemberStore>([
        ["near", near.store],
        ["far", far.store],
      ]),
      places: {},
    });
    const failpoints: Failpoints = { hit: (name) => this.at(name) };
    this.host = new TestHost({
      environment: { failpoints, ...(now && { now }) },
      settings: { upload: { graceMs: 0 }, transfer: { graceMs: 0, againMs: 20, awayMs: 50, ...settings } },
      parts: { blob: this.stores },
    });
    const given = clock ? transferOn(clock) : transferPlugin;
    this.#plugin = { ...given, start: (host) => (this.#started = this.#watched(given.start(host))) };
  }
  readonly #plugin: typeof transferPlugin;

  static async open(wished: Wished = {}): Promise<House> {
    const house = new House(await onDisk(), wished.far ?? (await onDisk()), wished);
    const { told } = house;
    const neighbour = plugin({
      contract: contract("neighbour", 1, {}),
      needs: [],
      migrations: [],
      start(given: Host) {
        house.#other = given;
        return {
          handlers: {},
          subscriptions: [
            on(fileTransferred, async (_, { from, to, hash }) => void told.push(`${from}>${to}:${hash}`)),
          ],
        };
      },
    });
    for (const one of [uploadPlugin, mediaPlugin, house.#plugin]) await house.host.add(one as typeof uploadPlugin); // Each is added as it is.
    await house.host.add(neighbour);
    return house;
  }

  /** A stored file, in `near`. */
  async put(bytes: string | Buffer, userId = 11): Promise<StoredFile> {
    const writer = await this.stores.piece();
    await writer.write(Buffer.from(bytes));
    const pieces = await writer.keep();
    await writer.close();
    const files = this.host.client(upload);
    const given = { name: "a.bin", sizeBytes: Buffer.byteLength(bytes), door: "form", purpose: "drive" } as const;
    const { session } = await files.open(given, callOf(userId));
    return files.finish({ id: session.id, pieces: [...pieces] }, callOf(userId));
  }

  /** Deletes a file; its bytes go at once. */
  async drop({ id: fileId, userId }: StoredFile): Promise<void> {
    const other = this.#other;
    assert.ok(other);
    await other.db.tx((tx) => other.emit(tx, fileReleased, fileId, { fileId, userId }));
    const gone = async () => (await this.#count("files", fileId)) === 0 || undefined;
    await until(gone);
  }

  get nearFolder(): string {
    return this.near.folder;
  }

  /** Where `near` has an object. */
  pathInNear(key: string): string {
    const [space = "", sha256 = ""] = key.split("/");
    return join(this.near.folder, space, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  /** Does what a schedule does when its time has come, in as many processes at once. */
  async tick(schedule: string, times = 1): Promise<void> {
    const found = (await this.#started)?.schedules?.find(({ name }) => name === schedule);
    assert.ok(found, `there is no schedule ${schedule}`);
    await Promise.all(Array.from({ length: times }, () => found.run(new AbortController().signal)));
  }

  begin(given: Parameters<House["client"]["start"]>[0]): Promise<Transfer> {
    return this.client.start(given, admin());
  }

  /** The transfer once it is over. */
  async run(given: Given): Promise<Transfer> {
    const { id } = await this.begin(given);
    return this.over(id);
  }

  async over(id: number): Promise<Transfer> {
    return this.becomes(id, ({ status }) => !["queued", "running"].includes(status));
  }

  async becomes(id: number, is: (now: Transfer) => boolean): Promise<Transfer> {
    let last: unknown;
    return until(
      async () => {
        const { failures: _, ...now } = await this.client.get({ id }, admin());
        last = now;
        return is(now) ? now : undefined;
      },
      { said: () => JSON.stringify(last) },
    );
  }

  get client() {
    return this.host.client(transfer);
  }

  /** The stores that have these bytes, whole. */
  async placesOf(key: string): Promise<string[]> {
    const found = [];
    for (const name of this.stores.names) {
      const soundness = await this.stores.soundness(name, key);
      if (soundness !== undefined) found.push(soundness === "sound" ? name : `${name}!`);
    }
    return found;
  }

  async clear(): Promise<void> {
    this.at = async () => undefined;
    await this.host.clear();
    this.told.length = 0;
    this.broken.length = 0;
    for (const { store } of [this.near, this.far])
      for (const space of ["upload", "media"])
        for (const found of [store.list(space), store.quarantine.list(space)])
          for await (const { key } of found) await store.remove(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await this.near[Symbol.asyncDispose]();
    await this.far[Symbol.asyncDispose]();
  }

  async #watched(starting: ReturnType<typeof transferPlugin.start>): Promise<Awaited<typeof starting>> {
    const { jobs = [], ...started } = await starting;
    const watched = jobs.map((kind) => ({
      ...kind,
      run: (job: Job) =>
        kind.run(job).catch((error: unknown) => {
          this.broken.push(error);
          throw error;
        }),
    }));
    return { ...started, jobs: watched };
  }

  async #count(table: "files", id: number): Promise<number> {
    const db = this.host.database<{ files: { id: number } }>("upload");
    return (await db.selectFrom(table).select("id").where("id", "=", id).execute()).length;
  }
}

export const admin = (): Call => callOf(1, { role: "admin" });
export const hashOf = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");
