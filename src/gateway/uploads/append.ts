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
import { containersOff, mediaOnly } from "./media-only.ts";

interface AppendParts {
  readonly blob: BlobStore;
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
  /** Names this life of this process, for leases. */
  readonly life: string;
}

/** How often what has arrived is made durable and counted, and how soon a writer hears that another wants to write. */
const beatMs = 1_000;
/** The same where each time makes a piece of its own. */
const beatsPerPiece = 10;
/** A client that sends nothing for this long has gone. */
const idleMsMax = 60_000;
const leaseWaitMs = 12_000;
const askAgainMs = 100;
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
  /** Of the whole upload, where all of it passed through this process in order. */
  readonly sha256: string | undefined;
}

type Given = Awaited<ReturnType<Client<typeof upload>["write"]>>;

export interface Received {
  readonly bytes: Incoming;
  /** Takes the memory of used bytes back, where they are nobody else's. */
  readonly spent: (bytes: Buffer) => void;
}

/** Bytes whose first tell whether the rest is wanted. */
interface Looked extends Received {
  readonly look: ReturnType<typeof mediaOnly> | undefined;
}

interface Lease {
  readonly session: Session;
  readonly fence: number;
  /** Where the next byte goes. */
  readonly at: number;
  /** The piece to go on with; another one is begun where there is none. */
  readonly last: Piece | undefined;
  /** The place of that piece, or of the next. */
  readonly position: number;
  readonly bytesMax: number;
}

/**
 * Writes at the end of uploads, for one connection at a time: a new one takes over, in whichever process, and the older
 * keeps what it has received.
 */
export class Appending {
  readonly #parts: AppendParts;
  /** What is being written here. */
  readonly #writers = new Map<Id, { stop(): void; readonly ended: Promise<unknown> }>();
  /** The hash so far of uploads that were written here without a gap; the least recent go first. */
  readonly #hashes = new Map<Id, { readonly at: number; readonly hash: Hash }>();

  constructor(parts: AppendParts) {
    this.#parts = parts;
  }

  /**
   * Adds bytes at `offset`, which must be the end; as many of them as arrive are kept.
   * @throws WrongOffset, UploadBusy, UploadTooLarge, UploadInterrupted after what arrived was kept
   * @throws UnsupportedMedia where the first bytes of what is to be published are no media
   */
  async append(id: Id, offset: number, { bytes, spent }: Received, call: Call, checksum?: Checksum): Promise<Appended> {
    const off = offset === 0 ? await containersOff(this.#parts.media, call) : [];
    const lease = await this.#take(id, call, checksum !== undefined);
    if (lease.at !== offset) {
      await this.#release(id, lease, call);
      throw WrongOffset({ offset: lease.at });
    }
    const { purpose, isPartial } = lease.session;
    const look = offset === 0 && purpose === "media" && !isPartial ? mediaOnly(off) : undefined;
    const written = this.#write(id, lease, { bytes, spent, look }, call, checksum);
    return written.finally(() => this.#writers.delete(id));
  }

  /** The durable end of an upload that somebody holds; they let go, or are dead. */
  async settle(id: Id, call: Call): Promise<number | undefined> {
    const lease = await this.#take(id, call, false).catch((error: unknown) => {
      if (error instanceof KinoraError && error.code === UploadBusy.code) return undefined;
      throw error;
    });
    if (lease) await this.#release(id, lease, call);
    return lease?.at;
  }

  /** Settles when nothing is written any more; a stop waits for it. */
  async idle(): Promise<void> {
    const all = [...this.#writers.values()];
    for (const writer of all) writer.stop();
    await Promise.allSettled(all.map(({ ended }) => ended));
  }

  /** The one right to write, once whoever has it let go, and what a dead writer left. @throws UploadBusy after a while */
  async #take(id: Id, call: Call, isChecked: boolean): Promise<Lease> {
    const { upload: uploads, life } = this.#parts;
    const writer = isChecked ? `${life}#checked` : life;
    const until = performance.now() + leaseWaitMs;
    for (;;) {
      const given = await uploads.write({ id, door: "tus", writer }, call);
      if (given.isGranted) return this.#salvaged(id, given, call);
      const here = this.#writers.get(id);
      here?.stop();
      await here?.ended.catch(() => undefined);
      if (performance.now() > until || call.signal.aborted) throw UploadBusy({});
      if (!here) await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  }

  /** What was granted, with what a dead writer left. */
  async #salvaged(
    id: Id,
    { session, fence, last, bytesMax, isTorn, isSalvageable }: Given,
    call: Call,
  ): Promise<Lease> {
    const { blob, upload: uploads } = this.#parts;
    const at = session.receivedBytes;
    const position = last === null ? 0 : isTorn ? last.position + 1 : last.position;
    const lease = { session, fence, at, position, bytesMax, last: isTorn || last === null ? undefined : last };
    const found = isSalvageable && last ? await blob.salvage(last.name) : undefined;
    const more = last && found !== undefined ? Math.min(found - last.sizeBytes, bytesMax) : 0;
    if (!last || more <= 0) return lease;
    const whole = { ...last, sizeBytes: last.sizeBytes + more };
    const receivedBytes = at + more;
    await uploads.advance({ id, fence, pieces: [whole], receivedBytes, isLast: false }, call);
    return { ...lease, at: receivedBytes, last: whole, bytesMax: bytesMax - more };
  }

  async #release(id: Id, { fence, at }: Lease, call: Call): Promise<void> {
    await this.#parts.upload.advance({ id, fence, pieces: [], receivedBytes: at, isLast: true }, afterwards(call));
  }

  #write(id: Id, lease: Lease, bytes: Looked, call: Call, checksum: Checksum | undefined): Promise<Appended> {
    const stopped = new AbortController();
    const ended = this.#pour(id, lease, bytes, call, checksum, stopped.signal);
    this.#writers.set(id, { stop: () => stopped.abort(), ended });
    return ended;
  }

  async #pour(
    id: Id,
    { session, fence, at, last, position, bytesMax }: Lease,
    { bytes, spent, look }: Looked,
    call: Call,
    checksum: Checksum | undefined,
    stopped: AbortSignal,
  ): Promise<Appended> {
    const { upload: uploads, blob } = this.#parts;
    const hash = this.#hashOf(id, at);
    let writer: PieceWriter | undefined;
    /** What of the first piece was counted before. */
    const before = last?.sizeBytes ?? 0;
    let counting = at;
    let offset = at;
    let heardAt = performance.now();
    let wanted = false;
    let beats = 0;
    const steps = new Steps();
    const keeping = new Steps();
    const keep = () => (writer?.isGrowing ? writer.keep() : steps.next(async () => writer?.keep()));
    const count = async (isLast: boolean, isKept: boolean): Promise<void> => {
      // Of no bytes there would be a piece that nobody counts.
      const pieces = isKept && offset > at ? await keep() : undefined;
      const counted = placed(pieces ?? [], last, position);
      counting = counted.length > 0 ? at + counted.reduce((sum, piece) => sum + piece.sizeBytes, -before) : counting;
      const news = { pieces: counted, receivedBytes: counting, isLast };
      const answer = await uploads.advance({ id, fence, ...news }, afterwards(call));
      wanted ||= answer.isWanted;
    };
    const source = bytes[Symbol.asyncIterator]();
    const leave = Promise.withResolvers<"left">();
    const left = () => leave.resolve("left");
    stopped.addEventListener("abort", left, { once: true });
    const beat = setInterval(() => {
      const isIdle = performance.now() - heardAt > idleMsMax;
      const isTime = writer?.isGrowing === true || ++beats % beatsPerPiece === 0;
      const isKept = isTime && checksum === undefined;
      keeping.next(() => count(false, isKept)).then(() => (wanted || isIdle) && left(), left);
    }, beatMs);
    let failure: unknown;
    try {
      writer = await blob.piece(last, { store: blob.storeFor?.({ space: "upload", userId: call.userId }) });
      const to = writer;
      while (!stopped.aborted) {
        const next = await Promise.race([source.next(), leave.promise]);
        if (next === "left") throw UploadInterrupted({});
        if (next.done === true) break;
        heardAt = performance.now();
        if (offset - at + next.value.byteLength > bytesMax) throw UploadTooLarge({ bytesMax: at + bytesMax });
        look?.see(next.value);
        checksum?.update(next.value);
        await steps.next(() => to.write(next.value));
        hash?.update(next.value);
        offset += next.value.byteLength;
        spent(next.value);
      }
      if (stopped.aborted) throw UploadInterrupted({});
      checksum?.verify();
    } catch (error) {
      failure = error instanceof KinoraError ? error : UploadInterrupted({}, error);
    } finally {
      clearInterval(beat);
      stopped.removeEventListener("abort", left);
    }
    // What has arrived is kept also when the client went away, save where it was to be checked as a whole.
    const isKept = failure === undefined || checksum === undefined;
    try {
      const isThere = isKept && writer !== undefined;
      // What the store has lost does not count; whoever goes on need not wait for the lease to run out.
      await keeping.next(() => count(true, isThere).catch((error: unknown) => given(error, () => count(true, false))));
    } finally {
      await writer?.close();
    }
    if (isKept && hash) this.#remember(id, offset, hash);
    if (failure !== undefined) throw failure;
    return { session, offset, sha256: hash && offset === session.sizeBytes ? hash.copy().digest("hex") : undefined };
  }

  #hashOf(id: Id, at: number): Hash | undefined {
    if (at === 0) return createHash("sha256");
    const known = this.#hashes.get(id);
    return known?.at === at ? known.hash.copy() : undefined;
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

/** Does what is still to be done, and fails as it had failed. */
async function given(error: unknown, work: () => Promise<void>): Promise<void> {
  await work().catch(() => undefined);
  throw error;
}

/** One step after the other, whatever became of the one before. */
class Steps {
  #last: Promise<unknown> = Promise.resolve();

  next<R>(work: () => Promise<R>): Promise<R> {
    const step = this.#last.then(work);
    this.#last = step.catch(() => undefined);
    return step;
  }
}

/** Notes that must be made also when the client is gone. */
const afterwards = (call: Call): Call => ({ ...call, signal: AbortSignal.timeout(10_000) });

/** The pieces of a writer in their places, the one it went on with among them. */
const placed = (pieces: readonly Piece[], last: Piece | undefined, position: number) =>
  pieces
    .filter(({ name, sizeBytes }) => sizeBytes > 0 || name === last?.name)
    .map(({ name, sizeBytes }, index) => ({ name, sizeBytes, position: position + index }));
