import { createHash, type Hash } from "node:crypto";
import { type BlobStore, type Call, type Client, type Id, KinoraError } from "#kernel";
import type { media } from "#services/media/contract";
import { type Session, UploadBusy, type upload, WrongOffset } from "#services/upload/contract";
import { disabledContainers, createMediaCheck } from "./media-check.ts";
import { type CheckedBody, type Checksum, PieceStream, type UploadEnd } from "./piece-stream.ts";

interface AppenderParts {
  readonly blob: BlobStore;
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
  /** Names this life of this process, for leases. */
  readonly life: string;
}

const leaseWaitMs = 12_000;
const retryMs = 100;
const hashesMax = 200;

export interface Appended {
  readonly session: Session;
  /** Durable bytes of the upload. */
  readonly offset: number;
  /** The hash of the whole upload, where all of it passed through this process in order. */
  readonly sha256: string | undefined;
}

type Body = Pick<CheckedBody, "bytes" | "release">;

interface Lease extends UploadEnd {
  readonly session: Session;
  readonly fence: number;
}

type Grant = Awaited<ReturnType<Client<typeof upload>["write"]>>;

/**
 * Appends to uploads, for one connection at a time: a new one takes over, in whichever process, and the older keeps what it
 * has received.
 */
export class Appender {
  readonly #parts: AppenderParts;
  /** Writes under way in this process. */
  readonly #writers = new Map<Id, { stop(): void; readonly ended: Promise<unknown> }>();
  /** The hash so far of uploads that were written here without a gap; the least recent is evicted first. */
  readonly #hashes = new Map<Id, { readonly at: number; readonly hash: Hash }>();

  constructor(parts: AppenderParts) {
    this.#parts = parts;
  }

  /**
   * Appends bytes at `offset`, which must be the end; as many of them as arrive are stored.
   * @throws WrongOffset, UploadBusy, UploadTooLarge, UploadInterrupted after the bytes that arrived were stored
   * @throws UnsupportedMedia where the first bytes of a file for publication are no media
   */
  async append(id: Id, offset: number, body: Body, call: Call, checksum?: Checksum): Promise<Appended> {
    const disabled = offset === 0 ? await disabledContainers(this.#parts.media, call) : [];
    const lease = await this.#acquire(id, call, checksum !== undefined);
    if (lease.at !== offset) {
      await this.#release(id, lease, call);
      throw WrongOffset({ offset: lease.at });
    }
    const { purpose, isPartial } = lease.session;
    const check = offset === 0 && purpose === "media" && !isPartial ? createMediaCheck(disabled) : undefined;
    const hash = this.#hashOf(id, offset);
    const stream = this.#streamTo(id, lease, { ...body, check, checksum, hash }, call);
    const written = this.#write(id, lease, stream, hash);
    this.#writers.set(id, { stop: () => stream.interrupt(), ended: written });
    return written.finally(() => this.#writers.delete(id));
  }

  /** The durable end of an upload that another writer holds, once that writer released it or died. */
  async settle(id: Id, call: Call): Promise<number | undefined> {
    const lease = await this.#acquire(id, call, false).catch((error: unknown) => {
      if (error instanceof KinoraError && error.code === UploadBusy.code) return undefined;
      throw error;
    });
    if (lease) await this.#release(id, lease, call);
    return lease?.at;
  }

  /** Stops every write; settles when all ended. */
  async idle(): Promise<void> {
    const writers = [...this.#writers.values()];
    for (const writer of writers) writer.stop();
    await Promise.allSettled(writers.map(({ ended }) => ended));
  }

  /** Acquires the only right to write, once its holder released it, and adopts the bytes of a dead one. @throws UploadBusy */
  async #acquire(id: Id, call: Call, isChecked: boolean): Promise<Lease> {
    const { upload: uploads, life } = this.#parts;
    const writer = isChecked ? `${life}#checked` : life;
    const untilMs = performance.now() + leaseWaitMs;
    for (;;) {
      const grant = await uploads.write({ id, endpoint: "tus", writer }, call);
      if (grant.isGranted) return this.#salvage(id, grant, call);
      const here = this.#writers.get(id);
      here?.stop();
      await here?.ended.catch(() => undefined);
      if (performance.now() > untilMs || call.signal.aborted) throw UploadBusy({});
      if (!here) await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  /** The lease of a grant, with the bytes that a dead writer stored and did not count. */
  async #salvage(id: Id, { session, fence, last, bytesMax, isTorn, isSalvageable }: Grant, call: Call): Promise<Lease> {
    const { blob, upload: uploads } = this.#parts;
    const at = session.receivedBytes;
    const position = last === null ? 0 : isTorn ? last.position + 1 : last.position;
    const lease = { session, fence, at, position, bytesMax, last: isTorn || last === null ? undefined : last };
    const storedBytes = isSalvageable && last ? await blob.salvage(last.name) : undefined;
    const uncounted = last && storedBytes !== undefined ? Math.min(storedBytes - last.sizeBytes, bytesMax) : 0;
    if (!last || uncounted <= 0) return lease;
    const piece = { ...last, sizeBytes: last.sizeBytes + uncounted };
    const receivedBytes = at + uncounted;
    await uploads.advance({ id, fence, pieces: [piece], receivedBytes, isLast: false }, call);
    return { ...lease, at: receivedBytes, last: piece, bytesMax: bytesMax - uncounted };
  }

  async #release(id: Id, { fence, at }: Lease, call: Call): Promise<void> {
    const input = { id, fence, pieces: [], receivedBytes: at, isLast: true };
    await this.#parts.upload.advance(input, afterDisconnect(call));
  }

  async #write(id: Id, lease: Lease, stream: PieceStream, hash: Hash | undefined): Promise<Appended> {
    const { session } = lease;
    const { offset, isStored, failure } = await stream.write();
    if (isStored && hash) this.#remember(id, offset, hash);
    if (failure) throw failure;
    return { session, offset, sha256: hash && offset === session.sizeBytes ? hash.copy().digest("hex") : undefined };
  }

  #streamTo(id: Id, lease: Lease, body: CheckedBody, call: Call): PieceStream {
    const { upload: uploads, blob } = this.#parts;
    return new PieceStream(
      {
        open: async () => blob.piece(lease.last, { store: blob.storeFor?.({ space: "upload", userId: call.userId }) }),
        report: (report) => uploads.advance({ id, fence: lease.fence, ...report }, afterDisconnect(call)),
      },
      lease,
      body,
    );
  }

  #hashOf(id: Id, at: number): Hash | undefined {
    if (at === 0) return createHash("sha256");
    const remembered = this.#hashes.get(id);
    return remembered?.at === at ? remembered.hash.copy() : undefined;
  }

  #remember(id: Id, at: number, hash: Hash): void {
    this.#hashes.delete(id);
    this.#hashes.set(id, { at, hash });
    for (const oldest of this.#hashes.keys()) {
      if (this.#hashes.size <= hashesMax) return;
      this.#hashes.delete(oldest);
    }
  }
}

/** The same call with a deadline of its own: some steps must happen also after the client disconnected. */
const afterDisconnect = (call: Call): Call => ({ ...call, signal: AbortSignal.timeout(10_000) });
