import type { Id } from "#kernel";
import type { InitEvent, LiveEvent, OpenedEvent } from "#media/live/events";
import { RecordingLayout, type RecordedSegment, recordingTrailer } from "#media/live/recording/recording-layout";
import type { LiveHost } from "../../settings.ts";
import type { LiveStream } from "../streams/live-stream.ts";
import { readHeader, writeHeader } from "./header.ts";
import { openFile, type RecordingFile } from "./recording-file.ts";
import * as store from "./recording-store.ts";

/** A recorder follows its stream to the end. */
const forever = new AbortController().signal;

interface OpenRecording {
  readonly id: Id;
  readonly init: InitEvent;
  readonly layout: RecordingLayout;
  readonly file: RecordingFile;
  readonly segments: RecordedSegment[];
}

interface RecorderParts {
  readonly stream: LiveStream;
  readonly ownerId: Id;
  readonly title: string;
  /** Segments before this one are not recorded: the room was not open yet. */
  readonly fromMsn: number;
}

/**
 * Writes the stream of a room into files while it is live. Each set of headers has a file of its own: an encoder that
 * comes back with other settings begins another recording. A fault ends the recording with what is stored; viewers do not
 * notice it.
 */
export class Recorder {
  readonly #host: LiveHost;
  readonly #parts: RecorderParts;
  readonly #done: Promise<void>;
  #open: OpenRecording | undefined;
  #init: InitEvent | undefined;
  #hasFailed = false;

  constructor(host: LiveHost, parts: RecorderParts) {
    this.#host = host;
    this.#parts = parts;
    this.#done = this.#run();
  }

  /** Settles when everything that the stream had is stored, after its end. */
  get done(): Promise<void> {
    return this.#done;
  }

  async #run(): Promise<void> {
    const { liveId, log } = this.#parts.stream;
    try {
      for await (const { event } of log.follow(forever)) await this.#take(event);
    } catch (error) {
      this.#hasFailed = true;
      this.#parts.stream.isRecordingLost = true;
      this.#host.log.warn("a recording ended early", { liveId, err: error });
    }
    await this.#close().catch((error: unknown) => {
      this.#host.log.warn("a recording was not closed", { liveId, err: error });
    });
  }

  async #take(event: LiveEvent): Promise<void> {
    if (event.kind === "init") {
      if (!this.#open || !hasSameHeaders(this.#open.init, event)) {
        await this.#close();
        this.#init = event;
      } else this.#init = undefined;
      return;
    }
    if (this.#hasFailed || ("msn" in event && event.msn < this.#parts.fromMsn)) return;
    if (event.kind === "opened" && this.#init) await this.#begin(this.#init, event);
    const { layout, file, segments, id } = this.#open ?? {};
    const recorded = layout?.append(event);
    if (!recorded || !layout || !file || !segments || id === undefined) return;
    const spans = await file.append(recorded.bytes);
    segments.push(recorded.segment);
    await this.#host.db.tx((tx) => store.addSegment(tx, id, { ...recorded.segment, spans }, layout.sizeBytes));
  }

  /** Continues the recording of a process that has ended if it has the same headers, else begins one. */
  async #begin(init: InitEvent, { startTicks }: OpenedEvent): Promise<void> {
    const { stream, ownerId, title } = this.#parts;
    const { db } = this.#host;
    this.#init = undefined;
    const former = (await store.openOf(db, stream.liveId)).at(-1);
    const isSame = former !== undefined && hasSameHeaders(readHeader(former.header), init);
    const file = await openFile(this.#host, {
      ownerId,
      name: `${title}.mp4`,
      ...(isSame && { uploadId: former.uploadId }),
    });
    if (isSame && file.sizeBytes > 0) {
      const layout = new RecordingLayout(init, { sizeBytes: file.sizeBytes });
      this.#open = { id: former.id, init, layout, file, segments: await store.segmentsOf(db, former.id) };
      return;
    }
    const layout = new RecordingLayout(init, { startTicks });
    const id = isSame ? former.id : this.#host.nextId();
    this.#open = { id, init, layout, file, segments: [] };
    if (!isSame) await store.insert(db, this.#rowOf(id, init, file.uploadId));
    await file.append([layout.header]);
  }

  #rowOf(id: Id, init: InitEvent, uploadId: Id) {
    const { stream, ownerId } = this.#parts;
    return {
      id,
      live_id: stream.liveId,
      owner_id: ownerId,
      upload_id: uploadId,
      state: "open" as const,
      header: writeHeader(init),
      size_bytes: 0,
      sha256: null,
      error: null,
      video_id: null,
      created_at_ms: this.#host.now(),
    };
  }

  /** Ends the file that is open; one that could not be written to its end has what is stored. */
  async #close(): Promise<void> {
    const recording = this.#open;
    this.#open = undefined;
    if (!recording) return;
    const { id, init, layout, file, segments } = recording;
    let isWhole = !this.#hasFailed;
    let sizeBytes = layout.sizeBytes;
    if (isWhole && segments.length > 0) {
      const trailer = recordingTrailer(init, segments);
      isWhole = await file.append([trailer]).then(
        () => true,
        () => false,
      );
      sizeBytes += trailer.length;
    }
    const sha256 = await file.close();
    if (isWhole) await this.#host.db.tx((tx) => store.close(tx, id, sizeBytes, sha256 ?? null));
  }
}

/** True if segments with these headers can follow each other in one file. */
function hasSameHeaders(header: InitEvent, otherHeader: InitEvent): boolean {
  return (
    header.tracks.length === otherHeader.tracks.length &&
    header.tracks.every(
      ({ init, track }, n) => otherHeader.tracks[n]?.track === track && otherHeader.tracks[n].init.equals(init),
    )
  );
}
