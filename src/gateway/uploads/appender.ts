import { createHash, type Hash } from "node:crypto";
import { type BlobStore, type Call, type Client, type Id, KinoraError } from "#kernel";
import type { Piece, PieceWriter } from "#kernel/blob/port";
import type { media } from "#services/media/contract";
import {
  type Session,
  UploadBusy,
  UploadInterrupted,
  UploadTooLarge,
  type upload,
  WrongOffset,
} from "#services/upload/contract";
import type { Incoming } from "./form.ts";
import { disabledContainers, type MediaCheck, mediaCheck } from "./media-check.ts";

interface AppenderParts {
  readonly blob: BlobStore;
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
  /** Names this life of this process, for leases. */
  readonly life: string;
}

/** How often received bytes are made durable and counted, and how soon a writer learns that another waits. */
const beatMs = 1_000;
/** The same for a store where each time makes a piece of its own. */
const beatsPerPiece = 10;
/** A client that sends nothing for this long has disconnected. */
const idleMsMax = 60_000;
const leaseWaitMs = 12_000;
const retryMs = 100;
const hashesMax = 200;

/** Checks the bytes of one request as a whole; none of them counts unless it passes. */
export interface Checksum {
  update(bytes: Buffer): void;
  /** @throws when the bytes are not those the client meant */
  verify(): void;
}

export interface Appended {
  readonly session: Session;
  /** Durable bytes of the upload. */
  readonly offset: number;
  /** The hash of the whole upload, where all of it passed through this process in order. */
  readonly sha256: string | undefined;
}

interface Body {
  readonly bytes: Incoming;
  /** Takes the memory of used bytes back, where nobody else has them. */
  readonly release: (bytes: Buffer) => void;
}
interface CheckedBody extends Body {
  /** Rejects the bytes by their first ones. */
  readonly check: MediaCheck | undefined;
  readonly checksum: Checksum | undefined;
}

interface Lease {
  readonly session: Session;
  readonly fence: number;
  /** The offset of the next byte. */
  readonly at: number;
  /** The piece to append to; a new one is begun where there is none. */
  readonly last: Piece | undefined;
  /** The place of that piece, or of the next. */
  readonly position: number;
  readonly bytesMax: number;
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
    const check = offset === 0 && purpose === "media" && !isPartial ? mediaCheck(disabled) : undefined;
    const stopped = new AbortController();
    const written = this.#write(id, lease, { ...body, check, checksum }, call, stopped.signal);
    this.#writers.set(id, { stop: () => stopped.abort(), ended: written });
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

  async #write(id: Id, lease: Lease, body: CheckedBody, call: Call, stopped: AbortSignal): Promise<Appended> {
    const { upload: uploads, blob } = this.#parts;
    const { session, fence, at, last, position, bytesMax } = lease;
    const { bytes, release, check, checksum } = body;
    const hash = this.#hashOf(id, at);
    let writer: PieceWriter | undefined;
    /** The bytes of the first piece that were counted before. */
    const countedBefore = last?.sizeBytes ?? 0;
    let receivedBytes = at;
    let offset = at;
    let receivedAtMs = performance.now();
    let isWanted = false;
    let beats = 0;
    const writes = new Sequence();
    const counts = new Sequence();
    const store = () => (writer?.isGrowing ? writer.keep() : writes.next(async () => writer?.keep()));
    const count = async (isLast: boolean, isStored: boolean): Promise<void> => {
      // A piece of zero bytes would be counted by nobody.
      const pieces = addPositions((isStored && offset > at ? await store() : undefined) ?? [], last, position);
      if (pieces.length > 0) receivedBytes = at + pieces.reduce((sum, piece) => sum + piece.sizeBytes, -countedBefore);
      const answer = await uploads.advance({ id, fence, pieces, receivedBytes, isLast }, afterDisconnect(call));
      isWanted ||= answer.isWanted;
    };
    const source = bytes[Symbol.asyncIterator]();
    const interruption = Promise.withResolvers<"interrupted">();
    const interrupt = () => interruption.resolve("interrupted");
    stopped.addEventListener("abort", interrupt, { once: true });
    const beat = setInterval(() => {
      const isIdle = performance.now() - receivedAtMs > idleMsMax;
      const isDue = writer?.isGrowing === true || ++beats % beatsPerPiece === 0;
      const isStored = isDue && checksum === undefined;
      counts.next(() => count(false, isStored)).then(() => (isWanted || isIdle) && interrupt(), interrupt);
    }, beatMs);
    let failure: unknown;
    try {
      writer = await blob.piece(last, { store: blob.storeFor?.({ space: "upload", userId: call.userId }) });
      const target = writer;
      while (!stopped.aborted) {
        const next = await Promise.race([source.next(), interruption.promise]);
        if (next === "interrupted") throw UploadInterrupted({});
        if (next.done === true) break;
        receivedAtMs = performance.now();
        if (offset - at + next.value.byteLength > bytesMax) throw UploadTooLarge({ bytesMax: at + bytesMax });
        check?.inspect(next.value);
        checksum?.update(next.value);
        await writes.next(() => target.write(next.value));
        hash?.update(next.value);
        offset += next.value.byteLength;
        release(next.value);
      }
      if (stopped.aborted) throw UploadInterrupted({});
      checksum?.verify();
    } catch (error) {
      failure = error instanceof KinoraError ? error : UploadInterrupted({}, error);
    } finally {
      clearInterval(beat);
      stopped.removeEventListener("abort", interrupt);
    }
    // Received bytes are stored also after the client disconnected, except where they were to be checked as a whole.
    const isStored = failure === undefined || checksum === undefined;
    try {
      const hasPieces = isStored && writer !== undefined;
      // Bytes that the store lost do not count. The lease is released all the same, so that the next writer need not wait.
      await counts.next(() =>
        count(true, hasPieces).catch((error: unknown) => failAfter(() => count(true, false), error)),
      );
    } finally {
      await writer?.close();
    }
    if (isStored && hash) this.#remember(id, offset, hash);
    if (failure !== undefined) throw failure;
    return { session, offset, sha256: hash && offset === session.sizeBytes ? hash.copy().digest("hex") : undefined };
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

/** Does the work, whatever comes of it, and fails with `error`. */
async function failAfter(work: () => Promise<void>, error: unknown): Promise<void> {
  await work().catch(() => undefined);
  throw error;
}

/** Runs one task after the other, whether or not the one before failed. */
class Sequence {
  #last: Promise<unknown> = Promise.resolve();

  next<R>(task: () => Promise<R>): Promise<R> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** The same call with a deadline of its own: some steps must happen also after the client disconnected. */
const afterDisconnect = (call: Call): Call => ({ ...call, signal: AbortSignal.timeout(10_000) });

/** The pieces of a writer in their places, the one it appended to among them. */
const addPositions = (pieces: readonly Piece[], last: Piece | undefined, position: number) =>
  pieces
    .filter(({ name, sizeBytes }) => sizeBytes > 0 || name === last?.name)
    .map(({ name, sizeBytes }, index) => ({ name, sizeBytes, position: position + index }));
