import type { Id } from "#kernel";
import type { Row } from "../../room/rooms/room-store.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { LiveStream } from "../streams/live-stream.ts";
import { Recorder } from "./recorder.ts";

/** The recorders of this process: one for each room that is live, has a stream here and keeps its recording. */
export class Recorders {
  readonly #host: LiveHost;
  readonly #running = new Map<Id, Recorder>();

  constructor(host: LiveHost) {
    this.#host = host;
  }

  /** A stream begins: it is recorded from its first segment where the room is open. */
  async recordStream(stream: LiveStream): Promise<void> {
    const row = await rooms.byId(this.#host.db, stream.liveId);
    if (row) this.#begin(stream, row, 0);
  }

  /** A room was started or changed: what its publisher sends from the next segment on is recorded. */
  recordChanged(stream: LiveStream | undefined, row: Row): void {
    if (stream) this.#begin(stream, row, stream.reached.msn + 1);
  }

  /** Settles when everything is stored that a stream of the room had in this process until its end. */
  async waitForEnd(liveId: Id): Promise<void> {
    await this.#running.get(liveId)?.done;
  }

  /** Settles when everything is stored that streams had until their end. */
  async idle(): Promise<void> {
    await Promise.all(Array.from(this.#running.values(), ({ done }) => done));
  }

  #begin(stream: LiveStream, row: Row, fromMsn: number): void {
    const { id, ownerId, title, status, keepsRecording } = row;
    if (!keepsRecording || this.#running.has(id) || (status !== "live" && status !== "paused")) return;
    const recorder = new Recorder(this.#host, { stream, ownerId, title, fromMsn });
    this.#running.set(id, recorder);
    void recorder.done.finally(() => this.#running.delete(id));
  }
}
