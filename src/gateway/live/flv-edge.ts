import { type Id, KinoraError, type Log, newCall } from "#kernel";
import { flvHeader, flvMetadata, FlvWriter } from "#media/flv/writer";
import type { Format } from "#media/frames/frame";
import { type FrameEvent, live } from "#services/live/contract";
import type { z } from "zod";
import type { ClientOf } from "../client-of.ts";

/** Tags since the newest key frame; a group that is larger is not begun with. */
const keptBytesMax = 16 * 2 ** 20;
const beginMs = 3_000;
/** A publisher that has stated one format is given this long for the other: the header says what follows. */
const otherFormatMs = 300;
const followMs = 24 * 3_600_000;

type Event = z.output<typeof FrameEvent>;

export interface FlvViewer {
  send(bytes: Buffer): void;
  end(): void;
}

interface EdgeParts {
  readonly id: Id;
  readonly client: ClientOf;
  readonly log: Log;
  /** The stream has ended, or no viewer is left. */
  readonly ended: () => void;
}

/** The frames of one room as tags, made once for all its viewers in this process. */
export class FlvEdge {
  readonly #parts: EdgeParts;
  readonly #end = new AbortController();
  readonly #viewers = new Set<FlvViewer>();
  readonly #writer = new FlvWriter();
  readonly #formats = new Map<Format["kind"], { readonly format: Format; readonly tag: Buffer }>();
  readonly #begun = Promise.withResolvers<void>();
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #hasLead = false;

  constructor(parts: EdgeParts) {
    this.#parts = parts;
    void this.#follow();
  }

  /** True if the stream has formats to send, after a short wait. */
  async hasBegun(): Promise<boolean> {
    const timer = setTimeout(() => this.#begun.resolve(), beginMs).unref();
    await this.#begun.promise;
    clearTimeout(timer);
    const isThere = this.#formats.size > 0;
    if (!isThere && this.#viewers.size === 0) this.close();
    return isThere;
  }

  /** Sends the header, the formats and everything since the newest key frame, then what comes. */
  enter(viewer: FlvViewer): () => void {
    const begun = [...this.#formats.values()];
    const metadata = flvMetadata(begun.map(({ format }) => format));
    viewer.send(Buffer.concat([this.#header(), metadata, ...begun.map(({ tag }) => tag), ...this.#kept]));
    this.#viewers.add(viewer);
    return () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.close();
    };
  }

  close(): void {
    this.#end.abort();
    this.#begun.resolve();
    this.#parts.ended();
    for (const viewer of this.#viewers) viewer.end();
  }

  #header(): Buffer {
    return flvHeader({ hasVideo: this.#formats.has("video"), hasAudio: this.#formats.has("audio") });
  }

  async #follow(): Promise<void> {
    const { client, id, log } = this.#parts;
    const { signal } = this.#end;
    try {
      for await (const { event } of client(live).frames({ id }, newCall({ waitMs: followMs, signal }))) {
        if (event.kind === "end") break;
        this.#take(event);
      }
    } catch (error) {
      if (!signal.aborted && !(error instanceof KinoraError)) throw error;
      if (!signal.aborted) log.debug("the frames of a live stream broke off", { liveId: id, err: error });
    }
    this.close();
  }

  #take(event: Exclude<Event, { kind: "end" }>): void {
    if (event.kind === "restart") {
      this.#formats.clear();
      this.#forget();
      return;
    }
    if (event.kind === "format") {
      const config = bufferOf(event.format.config);
      this.#format({ ...event.format, config });
      return;
    }
    const frame = { ...event, bytes: bufferOf(event.bytes) };
    const isStart = frame.kind === "video" ? frame.isKey : !this.#formats.has("video");
    if (isStart) this.#forget();
    this.#hasLead ||= isStart;
    this.#send(this.#writer.frame(frame));
    if (isStart) this.#begun.resolve();
  }

  #format(format: Format): void {
    this.#forget();
    const tag = this.#writer.format(format);
    this.#formats.set(format.kind, { format, tag });
    for (const viewer of this.#viewers) viewer.send(tag);
    setTimeout(() => this.#begun.resolve(), otherFormatMs).unref();
  }

  #send(tag: Buffer): void {
    if (this.#keptBytes > keptBytesMax) {
      this.#forget();
      this.#hasLead = false;
    }
    if (this.#hasLead) {
      this.#kept.push(tag);
      this.#keptBytes += tag.length;
    }
    for (const viewer of this.#viewers) viewer.send(tag);
  }

  #forget(): void {
    this.#kept = [];
    this.#keptBytes = 0;
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
