import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileReleased } from "#events/drive";
import { fileTransferred } from "#events/transfer";
import { type Call, contract, type Host, type Job, on, plugin } from "#kernel";
import { BlobStores, type MemberStore } from "#kernel/blob/stores/stores";
import { type Made, onDisk } from "#kernel/blob/testing";
import type { Failpoint, Failpoints } from "#kernel/environment/failpoint";
import { callOf, TestHost } from "#kernel/host/testing";
import { mediaPlugin } from "#services/media/plugin";
import { type StoredFile, upload } from "#services/upload/contract";
import { uploadPlugin } from "#services/upload/plugin";
import { until } from "#test/until";
import { type Transfer, transfer } from "./contract.ts";
import type { Clock } from "./worker/pace.ts";
import { transferOn, transferPlugin } from "./plugin.ts";

interface FixtureParts {
  /** The store `far`; `near` is a disk and the default. */
  readonly far?: Made<MemberStore>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  /** The time of all services. */
  readonly now?: () => number;
  /** How long deleted files keep their bytes; 0 by default. */
  readonly graceMs?: number;
}

type Start = Parameters<TransferFixture["begin"]>[0];

/** Upload, media and transfer over two stores, `near` and `far`, and a service that deletes files and consumes moves. */
export class TransferFixture implements AsyncDisposable {
  readonly near: Awaited<ReturnType<typeof onDisk>>;
  readonly far: Made<MemberStore>;
  readonly stores: BlobStores;
  readonly host: TestHost;
  /** Published moves: `<from>><to>:<hash>`. */
  readonly published: string[] = [];
  /** The errors of failed jobs. */
  readonly jobErrors: unknown[] = [];
  /** Awaited at each failpoint. */
  onFailpoint: (name: Failpoint) => Promise<void> = async () => undefined;
  #neighbour: Host | undefined;
  #started: ReturnType<typeof transferPlugin.start> | undefined;

  private constructor(near: TransferFixture["near"], far: Made<MemberStore>, parts: FixtureParts) {
    const { settings, clock, now, graceMs = 0 } = parts;
    this.near = near;
    this.far = far;
    this.stores = new BlobStores({
      stores: new Map<string, MemberStore>([
        ["near", near.store],
        ["far", far.store],
      ]),
      places: {},
    });
    const failpoints: Failpoints = { hit: (name) => this.onFailpoint(name) };
    this.host = new TestHost({
      environment: { failpoints, ...(now && { now }) },
      settings: {
        upload: { graceMs, openMax: 1_000, instant: "anyone" },
        transfer: { graceMs: 0, againMs: 20, awayMs: 50, ...settings },
      },
      parts: { blob: this.stores },
    });
    const service = clock ? transferOn(clock) : transferPlugin;
    this.#plugin = { ...service, start: (host) => (this.#started = this.#withJobErrors(service.start(host))) };
  }
  readonly #plugin: typeof transferPlugin;

  static async open(parts: FixtureParts = {}): Promise<TransferFixture> {
    const fixture = new TransferFixture(await onDisk(), parts.far ?? (await onDisk()), parts);
    const { published } = fixture;
    const neighbour = plugin({
      contract: contract("neighbour", 1, {}),
      needs: [],
      migrations: [],
      start(host: Host) {
        fixture.#neighbour = host;
        return {
          handlers: {},
          subscriptions: [
            on(fileTransferred, async (_, { from, to, hash }) => void published.push(`${from}>${to}:${hash}`)),
          ],
        };
      },
    });
    for (const service of [uploadPlugin, mediaPlugin, fixture.#plugin])
      await fixture.host.add(service as typeof uploadPlugin); // Each is added as it is.
    await fixture.host.add(neighbour);
    return fixture;
  }

  /** A stored file, in `near`. */
  async put(bytes: string | Buffer, userId = 11): Promise<StoredFile> {
    const writer = await this.stores.piece();
    await writer.write(Buffer.from(bytes));
    const pieces = await writer.keep();
    await writer.close();
    const files = this.host.client(upload);
    const input = { name: "a.bin", sizeBytes: Buffer.byteLength(bytes), endpoint: "form", purpose: "drive" } as const;
    const { session } = await files.open(input, callOf(userId));
    return files.finish({ id: session.id, pieces: [...pieces] }, callOf(userId));
  }

  /** Deletes a file and its bytes. */
  async deleteFile(file: StoredFile): Promise<void> {
    await this.hideFile(file);
    await until(async () => !(await this.#file(file.id)));
  }

  /** Deletes a file, whose bytes stay for their grace time. */
  async hideFile({ id: fileId, userId }: StoredFile): Promise<void> {
    const neighbour = this.#neighbour;
    assert.ok(neighbour);
    await neighbour.db.tx((tx) => neighbour.emit(tx, fileReleased, fileId, { fileId, userId }));
    await until(async () => {
      const file = await this.#file(fileId);
      return !file || file.deleted_at_ms !== null;
    });
  }

  get nearFolder(): string {
    return this.near.folder;
  }

  /** The path of an object in `near`. */
  pathInNear(key: string): string {
    const [space = "", sha256 = ""] = key.split("/");
    return join(this.near.folder, space, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  /** Runs a schedule as so many processes at the same time. */
  async tick(schedule: string, times = 1): Promise<void> {
    const due = (await this.#started)?.schedules?.find(({ name }) => name === schedule);
    assert.ok(due, `there is no schedule ${schedule}`);
    await Promise.all(Array.from({ length: times }, () => due.run(new AbortController().signal)));
  }

  begin(input: Parameters<TransferFixture["client"]["start"]>[0]): Promise<Transfer> {
    return this.client.start(input, admin());
  }

  /** The transfer once it is over. */
  async run(input: Start): Promise<Transfer> {
    const { id } = await this.begin(input);
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

  /** The stores that have an object; `!` marks a damaged one. */
  async placesOf(key: string): Promise<string[]> {
    const places = [];
    for (const name of this.stores.names) {
      const soundness = await this.stores.soundness(name, key);
      if (soundness !== undefined) places.push(soundness === "sound" ? name : `${name}!`);
    }
    return places;
  }

  async clear(): Promise<void> {
    this.onFailpoint = async () => undefined;
    await this.host.clear();
    this.published.length = 0;
    this.jobErrors.length = 0;
    for (const { store } of [this.near, this.far])
      for (const space of ["upload", "media"])
        for (const objects of [store.list(space), store.quarantine.list(space)])
          for await (const { key } of objects) await store.remove(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await this.near[Symbol.asyncDispose]();
    await this.far[Symbol.asyncDispose]();
  }

  async #withJobErrors(starting: ReturnType<typeof transferPlugin.start>): Promise<Awaited<typeof starting>> {
    const { jobs = [], ...started } = await starting;
    const recorded = jobs.map((kind) => ({
      ...kind,
      run: (job: Job) =>
        kind.run(job).catch((error: unknown) => {
          this.jobErrors.push(error);
          throw error;
        }),
    }));
    return { ...started, jobs: recorded };
  }

  #file(fileId: number) {
    const db = this.host.database<{ files: { id: number; deleted_at_ms: number | null } }>("upload");
    return db.selectFrom("files").select("deleted_at_ms").where("id", "=", fileId).executeTakeFirst();
  }
}

export const admin = (): Call => callOf(1, { role: "admin" });
export const hashOf = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");
