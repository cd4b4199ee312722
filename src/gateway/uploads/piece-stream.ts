import type { Hash } from "node:crypto";
import { KinoraError } from "#kernel";
import type { Piece, PieceWriter } from "#kernel/blob/port";
import { UploadInterrupted, UploadTooLarge } from "#services/upload/contract";
import type { Incoming } from "./form.ts";
import type { MediaCheck } from "./media-check.ts";

/** Received bytes are made durable and reported at this interval, so a writer soon learns that another waits. */
const reportMs = 1_000;
/** A store in which each time makes a new piece stores bytes only with every tenth report. */
const reportsPerPiece = 10;
/** A client that sends nothing for this long has disconnected. */
const idleMsMax = 60_000;

/** Checks the bytes of one request as a whole; none of them counts unless it passes. */
export interface Checksum {
  update(bytes: Buffer): void;
  /** @throws when the bytes differ from the client's checksum */
  verify(): void;
}

/** The bytes of one request, and all that looks at them on their way. */
export interface CheckedBody {
  readonly bytes: Incoming;
  /** Takes the memory of used bytes back, where nobody else has them. */
  readonly release: (bytes: Buffer) => void;
  /** Rejects the bytes by their first ones. */
  readonly check: MediaCheck | undefined;
  readonly checksum: Checksum | undefined;
  readonly hash: Hash | undefined;
}

/** The end of an upload, from where bytes are appended. */
export interface UploadEnd {
  /** The offset of the next byte. */
  readonly at: number;
  /** The piece to append to; a new one is begun where there is none. */
  readonly last: Piece | undefined;
  /** The place of that piece, or of the next. */
  readonly position: number;
  /** Further bytes that the upload may have. */
  readonly bytesMax: number;
}

/** Durable bytes of an upload; the last report releases its lease. */
export interface Report {
  readonly pieces: (Piece & { readonly position: number })[];
  readonly receivedBytes: number;
  readonly isLast: boolean;
}

interface PieceStreamParts {
  readonly open: () => Promise<PieceWriter>;
  /** Rejects where the lease is lost; `isWanted` is true where another writer waits for it. */
  readonly report: (report: Report) => Promise<{ readonly isWanted: boolean }>;
}

export interface Written {
  /** The end of the bytes that were received. */
  readonly offset: number;
  /** False where a checksum of the whole body was not reached or did not match: then none of its bytes counts. */
  readonly isStored: boolean;
  /** Ended the body early. */
  readonly failure: KinoraError | undefined;
}

/**
 * Appends the body of one request to an upload, under a lease that its caller holds.
 *
 * - An interruption is UploadInterrupted, and the bytes received before it are stored. The causes: the client disconnects;
 *   it sends nothing for a minute; another process waits for the lease; `interrupt()` is called.
 * - A body that is too large, no media or unlike its checksum fails with that error. Bytes before it are stored, unless there
 *   is a checksum.
 * - A full store is StorageFull. Bytes that the store has are reported.
 * - A lost lease fails with the error of the last report. The next holder counts the bytes.
 *
 * The last report releases the lease in each case.
 */
export class PieceStream {
  readonly #parts: PieceStreamParts;
  readonly #end: UploadEnd;
  readonly #body: CheckedBody;
  /** Calls of a writer that does not grow in place, one after the other. */
  readonly #writes = new Sequence();
  readonly #reports = new Sequence();
  readonly #interruption = Promise.withResolvers<"interrupted">();
  #state: "receiving" | "interrupted" | "settling" = "receiving";
  #writer: PieceWriter | undefined;
  #offset: number;
  /** Bytes of the upload that are durable. */
  #storedBytes: number;
  #receivedAtMs = performance.now();
  #skippedReports = 0;

  constructor(parts: PieceStreamParts, end: UploadEnd, body: CheckedBody) {
    this.#parts = parts;
    this.#end = end;
    this.#body = body;
    this.#offset = end.at;
    this.#storedBytes = end.at;
  }

  /** Ends the body; bytes that arrived before are stored. After the body's end it changes nothing. */
  interrupt(): void {
    if (this.#state !== "receiving") return;
    this.#state = "interrupted";
    this.#interruption.resolve("interrupted");
  }

  /** Receives the body, then releases the lease. @throws only where the bytes or the release could not be reported */
  async write(): Promise<Written> {
    const timer = setInterval(() => this.#reportProgress(), reportMs);
    const failure = await this.#receive().then(() => undefined, asFailure);
    clearInterval(timer);
    this.#state = "settling";
    const isStored = failure === undefined || this.#body.checksum === undefined;
    try {
      await this.#reports.next(() => this.#settle(isStored));
    } finally {
      await this.#writer?.close();
    }
    return { offset: this.#offset, isStored, failure };
  }

  async #receive(): Promise<void> {
    const writer = await this.#parts.open();
    this.#writer = writer;
    const source = this.#body.bytes[Symbol.asyncIterator]();
    while (this.#state === "receiving") {
      const next = await Promise.race([source.next(), this.#interruption.promise]);
      if (next === "interrupted") break;
      if (next.done === true) return this.#body.checksum?.verify();
      await this.#append(writer, next.value);
    }
    throw UploadInterrupted({});
  }

  async #append(writer: PieceWriter, bytes: Buffer): Promise<void> {
    const { check, checksum, hash, release } = this.#body;
    const { at, bytesMax } = this.#end;
    this.#receivedAtMs = performance.now();
    if (this.#offset - at + bytes.byteLength > bytesMax) throw UploadTooLarge({ bytesMax: at + bytesMax });
    check?.inspect(bytes);
    checksum?.update(bytes);
    await this.#writes.next(() => writer.write(bytes));
    hash?.update(bytes);
    this.#offset += bytes.byteLength;
    release(bytes);
  }

  /** Reports between the chunks of a body; a report that fails interrupts it. */
  #reportProgress(): void {
    const isIdle = performance.now() - this.#receivedAtMs > idleMsMax;
    const isDue = this.#writer?.isGrowing === true || ++this.#skippedReports % reportsPerPiece === 0;
    const isStored = isDue && this.#body.checksum === undefined;
    this.#reports
      .next(() => this.#report({ isStored, isLast: false }))
      .then(
        (isWanted) => (isWanted || isIdle) && this.interrupt(),
        () => this.interrupt(),
      );
  }

  /**
   * Stores the received bytes and reports them. Bytes that the store lost do not count, and the lease is released in
   * either case.
   */
  async #settle(isStored: boolean): Promise<void> {
    try {
      await this.#report({ isStored: isStored && this.#writer !== undefined, isLast: true });
    } catch (error) {
      await this.#report({ isStored: false, isLast: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Reports the durable bytes, after it made the others durable where `isStored`; true where another writer waits. */
  async #report({ isStored, isLast }: { readonly isStored: boolean; readonly isLast: boolean }): Promise<boolean> {
    const { at, last, position } = this.#end;
    // An empty piece would have no row, and would stay in the store.
    const pieces = isStored && this.#offset > at ? addPositions(await this.#store(), last, position) : [];
    const countedBefore = last?.sizeBytes ?? 0;
    if (pieces.length > 0)
      this.#storedBytes = at + pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, -countedBefore);
    const { isWanted } = await this.#parts.report({ pieces, receivedBytes: this.#storedBytes, isLast });
    return isWanted;
  }

  async #store(): Promise<readonly Piece[]> {
    const writer = this.#writer;
    if (!writer) return [];
    return writer.isGrowing ? writer.keep() : this.#writes.next(() => writer.keep());
  }
}

/** Failures of the connection, which are no KinoraError, interrupt the upload. */
const asFailure = (error: unknown): KinoraError =>
  error instanceof KinoraError ? error : UploadInterrupted({}, error);

/** The pieces of a writer in their places, the one it appended to among them. */
const addPositions = (pieces: readonly Piece[], last: Piece | undefined, position: number): Report["pieces"] =>
  pieces
    .filter(({ name, sizeBytes }) => sizeBytes > 0 || name === last?.name)
    .map(({ name, sizeBytes }, index) => ({ name, sizeBytes, position: position + index }));

/** Runs one task after the other, whether or not the one before failed. */
class Sequence {
  #last: Promise<unknown> = Promise.resolve();

  next<R>(task: () => Promise<R>): Promise<R> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
