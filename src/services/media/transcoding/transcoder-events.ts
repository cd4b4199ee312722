import {
  transcodeProgress,
  transcodingCompleted,
  transcodingExtras,
  transcodingFailed,
  transcodingStarted,
} from "#events/transcoder";
import { mediaReady } from "#events/media";
import { type Host, type Id, on, type Subscription, type Tx } from "#kernel";
import type { z } from "zod";
import type { MediaCaptions } from "../captions/captions.ts";
import { recordedProfile } from "../contract.ts";
import * as store from "../store.ts";
import { failMedia, isPermanent } from "./failure.ts";
import type { Release } from "./release.ts";
import * as outputStore from "./output-store.ts";
import * as taskStore from "./task-store.ts";

interface Parts {
  readonly captions: Pick<MediaCaptions, "addFromFile">;
  readonly release: Pick<Release, "later">;
  readonly graceMs: number;
}
type Completed = Omit<z.output<typeof transcodingCompleted.payload>, "taskId" | "mediaId" | "isLast" | "dropped">;

/** Records how far the transcoder is, and what it made. */
export function createTranscoderEvents(
  host: Pick<Host<store.Tables>, "emit" | "jobs" | "now">,
  { captions, release, graceMs }: Parts,
): Subscription<store.Tables>[] {
  const { emit, jobs, now } = host;

  /** Publishes that a media object can be played, again only where its looks have changed. */
  async function publishReady(tx: Tx<store.Tables>, mediaId: Id, before: store.Row, completed: Completed) {
    const { kind, width, height, durationMs, fps, cover, chapters } = completed;
    const hadCover = before.coverKey !== null;
    const hasCover = cover !== null || hadCover;
    const isSameSize = before.width === width && before.height === height;
    const hasSameChapters = outputStore.chaptersJson(chapters) === before.chapters;
    if (before.status === "ready" && isSameSize && hasSameChapters && hasCover === hadCover) return;
    const { userId, sizeBytes } = before;
    const facts = { kind, width, height, durationMs, fps, chapters };
    await emit(tx, mediaReady, mediaId, { mediaId, userId, sizeBytes, hasCover, ...facts });
  }

  return [
    on(transcodingStarted, async (tx: Tx<store.Tables>, task) => {
      await taskStore.advance(tx, task, { progress: 0, step: "probe", endsAtMs: null });
    }),
    on(transcodeProgress, async (tx: Tx<store.Tables>, { progress, step, secondsLeft, ...task }) => {
      const endsAtMs = secondsLeft === null ? null : now() + secondsLeft * 1_000;
      await taskStore.advance(tx, task, { progress, step, endsAtMs });
    }),
    on(transcodingCompleted, async (tx: Tx<store.Tables>, { taskId, mediaId, isLast, dropped, ...completed }) => {
      const before = await store.lock(tx, mediaId);
      if (isLast) await taskStore.endTask(tx, { taskId, mediaId }, "completed", null);
      if (!before) return;
      await outputStore.addOutputs(tx, mediaId, completed);
      // The recording of a live stream plays by itself until there is something else.
      const replaced = completed.renditions.length > 0 ? [...dropped, recordedProfile] : dropped;
      for (const profile of replaced) {
        const keys = await outputStore.dropRendition(tx, mediaId, profile, now());
        if (keys.length > 0) await release.later(tx, { mediaId, keys, profile });
      }
      await captions.addFromFile(tx, { mediaId, userId: before.userId }, completed.captions);
      await publishReady(tx, mediaId, before, completed);
    }),
    on(transcodingExtras, async (tx: Tx<store.Tables>, { mediaId, ...extras }) => {
      if (await store.lock(tx, mediaId)) await outputStore.setExtras(tx, mediaId, extras);
    }),
    on(transcodingFailed, async (tx: Tx<store.Tables>, { taskId, mediaId, error, message }) => {
      const row = await store.lock(tx, mediaId);
      const ended = await taskStore.endTask(tx, { taskId, mediaId }, "failed", error);
      // A media object that can be played stays so: only other renditions could not be made. A task that was over before
      // says nothing about the one that came after it.
      if (row?.status !== "processing" || !ended) return;
      await failMedia(host, tx, row, error, message);
      if (isPermanent(error))
        await jobs.add(tx, "drop", { payload: { mediaId }, uniqueKey: String(mediaId), delayMs: graceMs });
    }),
  ];
}
