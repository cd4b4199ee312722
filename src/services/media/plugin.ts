import assert from "node:assert/strict";
import {
  audited,
  type Call,
  callerOf,
  Gather,
  type Host,
  type Id,
  inOrderOf,
  job,
  KinoraError,
  on,
  plugin,
  type Tx,
} from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import { setAside } from "#kernel/blob/set-aside";
import { damageOf, forgotten } from "#kernel/blob/verify";
import { rejections } from "#media/rejection";
import { limitsOf, profileNames, usualProfiles } from "#media/rung";
import { mustBeThere } from "#services/auth/contract";
import { erase, userErased } from "#policy/deleted-users";
import {
  transcodeProgress,
  transcodingCompleted,
  transcodingExtras,
  transcodingFailed,
  transcodingStarted,
} from "#services/transcoder/contract";
import { fileUploaded, type StoredFile, upload } from "#services/upload/contract";
import { videoDeleted, videoMediaReleased, videoMediaReplaced } from "#services/video/contract";
import { z } from "zod";
import { captionsOf } from "./caption-store.ts";
import { captioning, shownCaptions } from "./captions.ts";
import {
  FormatOff,
  type Media,
  MediaNotFound,
  media,
  captionsRemoved,
  mediaDeleted,
  mediaFailed,
  mediaReady,
  NoCaptionsForPictures,
  NotTranscodable,
  type Task,
  TaskNotFound,
  TaskOver,
  TranscodeCancelled,
  transcodeCancelled,
  transcodeRequested,
  UnknownProfile,
  UnreadablePicture,
  UnsupportedMedia,
} from "./contract.ts";
import { Formats } from "./formats.ts";
import { deletedUsers } from "#policy/deleted-users";
import { migrations } from "./migrations.ts";
import { sweepObjects } from "./orphans.ts";
import { drawPicture, pictureMime } from "./pictures.ts";
import { unknownProfile } from "./profiles.ts";
import { destinyOf, isPublicPurpose, sizeFor } from "./purposes.ts";
import * as madeStore from "./made-store.ts";
import * as objectStore from "./object-store.ts";
import * as taskStore from "./task-store.ts";
import * as store from "./store.ts";
import { brief, playableOf, shown, shownTask } from "./presenter.ts";

const dayMs = 24 * 3_600_000;
const Settings = z.object({
  /** How long the bytes of what was deleted, and of what can never be played, are kept. */
  graceMs: z.int().nonnegative().default(dayMs),
  /** A stored file nobody asked to become media by then becomes it all the same. */
  adoptAfterMs: z.int().nonnegative().default(60_000),
  /** The renditions a video gets by itself. */
  ladder: z.array(z.string()).default([...usualProfiles]),
});
/** Hidden rows stay this long after their bytes, so that what happened can still be explained. */
const hiddenKeptMs = 30 * dayMs;

/** Trying again may help with these; all other reasons lie in the file itself. */
const mayPass = new Set<string>(["media.format_off", "media.failed", "media.too_slow", "media.too_costly"]);
const isFinal = (error: string): boolean => error in rejections && !mayPass.has(error);

type Purpose = Media["purpose"];

export const mediaPlugin = plugin({
  contract: media,
  needs: [upload],
  migrations,
  copies: [deletedUsers],
  events: [
    audited,
    userErased,
    transcodeRequested,
    transcodeCancelled,
    mediaReady,
    mediaFailed,
    captionsRemoved,
    mediaDeleted,
  ],
  settings: Settings,
  start({
    db,
    emit,
    nextId,
    now,
    blob,
    jobs,
    settings,
    client,
    call,
    log,
    environment,
  }: Host<store.Tables, z.output<typeof Settings>>) {
    const { graceMs, adoptAfterMs } = settings;
    const formats = new Formats(db, now);
    const captions = captioning({ db, emit, blob, nextId, now });
    const briefs = new Gather(db, async (reader, ids: readonly Id[]) =>
      inOrderOf(ids, await store.briefs(reader, ids), ({ id }) => id),
    );

    async function fileOf(fileId: Id, asked: Pick<Call, "traceId" | "signal">): Promise<StoredFile | undefined> {
      const { traceId, signal } = asked;
      return client(upload)
        .file({ id: fileId }, call({ traceId, signal }))
        .catch((error: unknown) => {
          if (error instanceof KinoraError && error.kind === "not_found") return undefined;
          throw error;
        });
    }

    async function request(
      tx: Tx<store.Tables>,
      { id: mediaId, userId }: { id: Id; userId: Id },
      profiles: string[],
      isFirst: boolean,
    ): Promise<Task> {
      const row = { id: nextId(), media_id: mediaId, user_id: userId, created_at_ms: now() };
      const task = await taskStore.insertTask(tx, row);
      await emit(tx, transcodeRequested, mediaId, { taskId: task.taskId, mediaId, userId, profiles, isFirst });
      return shownTask(task, now());
    }

    /** Makes the media object of a file, once, however often and by whomever it is asked for. */
    async function make(file: StoredFile, purpose: Purpose | undefined): Promise<store.Row> {
      const destiny = destinyOf(file, purpose);
      if (destiny === "unsupported") throw UnsupportedMedia({});
      const isTaken = destiny === "not_a_picture" || destiny.kind === "image" || (await formats.takes(file.mime));
      const isPicture = destiny === "not_a_picture" || destiny.kind === "image";
      const picture =
        destiny !== "not_a_picture" && destiny.kind === "image"
          ? await drawPicture(blob, file, sizeFor(destiny.purpose))
          : undefined;
      await db.tx(async (tx) => {
        await mustBeThere(tx, file.userId);
        const id = nextId();
        const isNew = await store.insert(tx, {
          id,
          user_id: file.userId,
          file_id: file.id,
          source_key: file.key,
          sha256: file.sha256,
          size_bytes: file.sizeBytes,
          name: file.name,
          mime: file.mime,
          kind: isPicture ? "image" : destiny.kind,
          purpose: destiny === "not_a_picture" ? (purpose ?? "picture") : destiny.purpose,
          status: picture ? "ready" : isPicture || !isTaken ? "failed" : "processing",
          created_at_ms: now(),
          ...(picture && {
            picture_key: picture.key,
            picture_bytes: picture.sizeBytes,
            width: picture.width,
            height: picture.height,
          }),
        });
        if (!isNew) return;
        if (picture) await objectStore.refer(tx, id, [picture.key]);
        else if (isPicture) {
          // It can never be shown, so neither the object nor its file is kept.
          await store.fail(tx, id, UnreadablePicture.code, UnreadablePicture.text);
          await hide(tx, { id });
        } else if (!isTaken) {
          // Whoever sent it is told so at once, and sends it again when it is taken again.
          await store.fail(tx, id, FormatOff.code, FormatOff.text);
          await hide(tx, { id });
        } else await request(tx, { id, userId: file.userId }, [], true);
      });
      const made = await store.byFile(db, file.id);
      assert.ok(made, "a media object that was just made is not there");
      return made;
    }

    /** A picture of no purpose that is wanted for one after all is drawn again for it; what has a purpose keeps it. */
    async function serving(row: store.Row, purpose: Purpose | undefined, asked: Call): Promise<store.Row> {
      const isFree = row.purpose === "picture" && row.status === "ready" && row.deletedAtMs === null;
      if (!isFree || purpose === undefined || purpose === "video" || purpose === "picture") return row;
      const file = await fileOf(row.fileId, asked);
      const picture = file && (await drawPicture(blob, file, sizeFor(purpose)));
      if (!picture) return row;
      await db.tx((tx) => store.repurpose(tx, row.id, purpose, picture));
      return (await store.byFile(db, row.fileId)) ?? row;
    }

    /** Hides media objects at once; their bytes and their files go after the grace time (reliability D6). */
    async function hide(tx: Tx<store.Tables>, by: { readonly id: Id } | { readonly userId: Id }): Promise<void> {
      for (const { id: mediaId, fileId, userId } of await store.hide(tx, by, now())) {
        await emit(tx, mediaDeleted, mediaId, { mediaId, fileId, userId });
        await jobs.add(tx, "purge", { payload: { mediaId }, uniqueKey: String(mediaId), delayMs: graceMs });
      }
    }

    async function mine(id: Id, { userId }: Call): Promise<store.Row> {
      const row = await store.byId(db, id);
      if (!row || row.userId !== userId) throw MediaNotFound({});
      return row;
    }

    async function myTask(id: Id, asked: Call): Promise<taskStore.TaskRow> {
      const found = await taskStore.taskOf(db, callerOf(asked), id);
      if (!found) throw TaskNotFound({});
      return found;
    }

    async function transcode(id: Id, profiles: string[], asked: Call): Promise<Task> {
      const { kind, userId } = await mine(id, asked);
      const unknown = unknownProfile(profiles);
      if (unknown !== undefined) throw UnknownProfile({ profile: unknown });
      if (kind === "image") throw NotTranscodable({});
      return db.tx(async (tx) => {
        const row = await store.lock(tx, id);
        if (!row) throw MediaNotFound({});
        const latest = await taskStore.latestTask(tx, id);
        if (latest?.status === "queued" || latest?.status === "running") return shownTask(latest, now());
        const isFirst = row.status !== "ready";
        if (isFirst) await store.processing(tx, id);
        return request(tx, { id, userId }, profiles, isFirst);
      });
    }

    async function fail(tx: Tx<store.Tables>, row: store.Row, error: string, message: string): Promise<void> {
      await store.fail(tx, row.id, error, message);
      await emit(tx, mediaFailed, row.id, { mediaId: row.id, userId: row.userId, error, message });
    }

    const whole = async (row: store.Row): Promise<Media> => shown(row, await madeStore.renditions(db, row.id));

    return {
      handlers: {
        async upload({ fileId, purpose }, asked) {
          const known = await store.byFile(db, fileId);
          const file = known ? undefined : await fileOf(fileId, asked);
          if ((known ?? file)?.userId !== asked.userId) throw MediaNotFound({});
          const made = known ?? (file && (await make(file, purpose)));
          // Somebody may have made a film of the same file before, which serves as no picture.
          if (made && purpose !== undefined && purpose !== "video" && made.purpose === "video")
            throw UnreadablePicture({});
          const row = made && (await serving(made, purpose, asked));
          if (row?.error === UnreadablePicture.code) throw UnreadablePicture({});
          if (row?.error === FormatOff.code && row.deletedAtMs !== null) throw FormatOff({});
          if (!row || row.deletedAtMs !== null) throw MediaNotFound({});
          return whole(row);
        },

        get: async ({ id }, asked) => whole(await mine(id, asked)),

        transcode: ({ id, profiles = [] }, asked) => transcode(id, profiles, asked),

        submit: ({ mediaId, profiles = [] }, asked) => transcode(mediaId, profiles, asked),

        status: async ({ id }, asked) => shownTask(await myTask(id, asked), now()),

        async cancel({ id }, asked) {
          const { mediaId } = await myTask(id, asked);
          return db.tx(async (tx) => {
            const row = await store.lock(tx, mediaId);
            if (!row) throw TaskNotFound({});
            const ended = await taskStore.endTask(tx, id, "cancelled", null);
            const found = ended ?? (await taskStore.taskOf(tx, row.userId, id));
            if (found?.status !== "cancelled") throw TaskOver({});
            if (!ended) return shownTask(found, now());
            await emit(tx, transcodeCancelled, mediaId, { taskId: id, mediaId, userId: row.userId });
            if (row.status === "processing") await fail(tx, row, TranscodeCancelled.code, TranscodeCancelled.text);
            return shownTask(ended, now());
          });
        },

        async tasks(page, asked) {
          const { items, ...rest } = await taskStore.listTasks(db, callerOf(asked), page);
          return { ...rest, items: items.map((row) => shownTask(row, now())) };
        },

        async profiles() {
          const usual = new Set(settings.ladder);
          const items = profileNames.map((profile) => {
            const { shortSide, maxrateBps } = limitsOf(profile);
            return { profile, shortSide, bitrateMax: maxrateBps, isUsual: usual.has(profile) };
          });
          return { items };
        },

        async task({ id }, asked) {
          const { id: mediaId } = await mine(id, asked);
          const found = await taskStore.latestTask(db, mediaId);
          if (!found) throw MediaNotFound({});
          return shownTask(found, now());
        },

        async addCaptions({ id, ...given }, asked) {
          const { kind } = await mine(id, asked);
          if (kind === "image") throw NoCaptionsForPictures({});
          return shownCaptions(await captions.add(id, given));
        },

        async captions({ id }, asked) {
          await mine(id, asked);
          return { items: (await captionsOf(db, id)).map(shownCaptions) };
        },

        async removeCaptions({ id, captions: captionsId }, asked) {
          await mine(id, asked);
          await captions.remove(id, captionsId);
          return {};
        },

        playable: ({ id, evenHidden }) =>
          db.moment(async (reader) => {
            const row = await (evenHidden ? store.everById(reader, id) : store.byId(reader, id));
            if (!row) throw MediaNotFound({});
            const renditions = await madeStore.renditions(reader, id);
            const files = await madeStore.extras(reader, [id]);
            const captions = await captionsOf(reader, id);
            return playableOf(row, renditions, files, captions, await madeStore.otherSounds(reader, id));
          }),

        async briefs({ ids }) {
          return { items: (await briefs.all(ids)).flatMap((row) => (row ? [brief(row)] : [])) };
        },

        async picture({ id }, { userId }) {
          const row = await store.byId(db, id);
          const { pictureKey: key, pictureBytes: sizeBytes } = row ?? {};
          if (!row || !key || !sizeBytes) throw MediaNotFound({});
          const isPublic = isPublicPurpose(row.purpose);
          if (!isPublic && row.userId !== userId) throw MediaNotFound({});
          return { key, sizeBytes, mime: pictureMime, isPublic };
        },

        async ofContent({ sha256 }, { userId }) {
          const row = userId === undefined ? undefined : await store.ofContent(db, userId, sha256);
          if (!row) throw MediaNotFound({});
          return whole(row);
        },

        original: async ({ id }, asked) => ({ fileId: (await mine(id, asked)).fileId }),

        held: async ({ keys }) => ({ keys: [...(await objectStore.referred(db, keys))] }),

        objectsOf: async ({ userId, after, limit }) => ({ keys: await objectStore.keysOf(db, userId, after, limit) }),

        ownersOf: async ({ keys }) => ({ items: await objectStore.ownersOf(db, keys) }),

        async setAside(given) {
          return db.tx(async (tx) => {
            await objectStore.lockKey(tx, given.key);
            return { isAside: await setAside(blob, given) };
          });
        },

        async prune({ key, writtenBeforeMs }) {
          return db.tx(async (tx) => {
            await objectStore.lockKey(tx, key);
            const isHeld = (await objectStore.referred(tx, [key])).has(key);
            if (!isHeld) await removeOld(blob, key, writtenBeforeMs);
            return { isHeld };
          });
        },

        formats: async () => ({ items: await formats.all() }),

        formatsOff: () => formats.off(),

        async switchFormat(given, { userId }) {
          const format = await formats.set(given, (tx) =>
            emit(tx, audited, 1, {
              act: given.isOn ? "format.switched_on" : "format.switched_off",
              detail: `${given.kind} ${given.name}`,
              atMs: now(),
              ...(userId !== undefined && { actorId: userId }),
            }),
          );
          log.info(format.isOn ? "files of a format are taken again" : "files of a format are not taken any more", {
            kind: format.kind,
            name: format.name,
            userId,
          });
          return format;
        },

        async source({ id }) {
          const row = await store.byId(db, id);
          if (!row || row.kind === "image") throw MediaNotFound({});
          const { userId, sourceKey: key, sizeBytes, mime, name } = row;
          return { mediaId: id, userId, key, sizeBytes, mime, name };
        },
      },

      subscriptions: [
        // The command makes the object, for it alone knows the purpose and has somebody waiting for the id. The event is
        // the net below: when whoever took the file died before asking, the file does not stay without an owner.
        on(fileUploaded, async (tx, { fileId, kind, purpose }) => {
          if (purpose === "media" && kind !== "other")
            await jobs.add(tx, "adopt", { payload: { fileId }, uniqueKey: String(fileId), delayMs: adoptAfterMs });
        }),

        on(
          transcodingStarted,
          async (tx: Tx<store.Tables>, { taskId }) => void (await taskStore.advance(tx, taskId, 0, "probe", null)),
        ),
        on(transcodeProgress, async (tx: Tx<store.Tables>, { taskId, progress, step, secondsLeft }) => {
          await taskStore.advance(
            tx,
            taskId,
            progress,
            step,
            secondsLeft === null ? null : now() + secondsLeft * 1_000,
          );
        }),
        on(transcodingCompleted, async (tx: Tx<store.Tables>, { taskId, mediaId, isLast, ...done }) => {
          const before = await store.lock(tx, mediaId);
          if (isLast) await taskStore.endTask(tx, taskId, "completed", null);
          if (!before) return;
          await madeStore.addFinished(tx, mediaId, done);
          await captions.keep(tx, mediaId, done.captions);
          const { kind, width, height, durationMs, fps } = done;
          const hasCover = done.cover !== null || before.coverKey !== null;
          const isNews =
            before.status !== "ready" ||
            before.width !== width ||
            before.height !== height ||
            hasCover !== (before.coverKey !== null);
          const { userId, sizeBytes } = before;
          if (isNews)
            await emit(tx, mediaReady, mediaId, {
              mediaId,
              userId,
              sizeBytes,
              hasCover,
              kind,
              width,
              height,
              durationMs,
              fps,
            });
        }),
        on(transcodingExtras, async (tx: Tx<store.Tables>, { mediaId, ...extras }) => {
          if (await store.lock(tx, mediaId)) await madeStore.setExtras(tx, mediaId, extras);
        }),
        on(transcodingFailed, async (tx: Tx<store.Tables>, { taskId, mediaId, error, message }) => {
          const row = await store.lock(tx, mediaId);
          const ended = await taskStore.endTask(tx, taskId, "failed", error);
          // What can be played stays so: only other renditions could not be made. A task that was over says nothing about
          // the one that came after it.
          if (row?.status !== "processing" || !ended) return;
          await fail(tx, row, error, message);
          if (isFinal(error))
            await jobs.add(tx, "drop", { payload: { mediaId }, uniqueKey: String(mediaId), delayMs: graceMs });
        }),

        on(videoDeleted, async (tx: Tx<store.Tables>, { mediaId, isLastOfMedia }) => {
          if (isLastOfMedia) await hide(tx, { id: mediaId });
        }),
        // Told before the former one is released, of the same video.
        on(videoMediaReplaced, (tx: Tx<store.Tables>, { mediaId, formerMediaId }) =>
          captions.carryOver(tx, formerMediaId, mediaId),
        ),
        on(videoMediaReleased, (tx: Tx<store.Tables>, { mediaId }) => hide(tx, { id: mediaId })),
        erase("media", emit, async (tx: Tx<store.Tables>, { userId }) => {
          await hide(tx, { userId });
          await store.forgetWords(tx, userId);
        }),
      ],

      jobs: [
        job<{ fileId: Id }>({
          kind: "adopt",
          concurrency: 2,
          attemptsMax: 8,
          leaseMs: 30_000,
          async run({ payload: { fileId }, signal, traceId }) {
            if (await store.byFile(db, fileId)) return;
            const file = await fileOf(fileId, { traceId, signal });
            if (file) await make(file, undefined);
          },
        }),
        job<{ mediaId: Id }>({
          kind: "drop",
          concurrency: 1,
          attemptsMax: 8,
          leaseMs: 30_000,
          run: (running) =>
            running.finish<store.Tables>(async (tx) => {
              const { mediaId } = running.payload;
              const row = await store.lock(tx, mediaId);
              if (row?.status === "failed" && isFinal(row.error ?? "")) await hide(tx, { id: mediaId });
            }),
        }),
        job<{ mediaId: Id }>({
          kind: "purge",
          concurrency: 2,
          attemptsMax: 8,
          leaseMs: 30_000,
          run: (running) =>
            running.finish<store.Tables>(async (tx) => {
              const { mediaId } = running.payload;
              for (const { key } of await objectStore.objectsOfHidden(tx, mediaId)) {
                await objectStore.lockKey(tx, key);
                await objectStore.unrefer(tx, mediaId, key);
                // Before the commit: if this fails or the process dies, the row is still there and the job comes again.
                if (!(await objectStore.referred(tx, [key])).has(key)) await removeOld(blob, key, now() - graceMs);
                await environment.failpoints.hit("purge.bytes_removed");
              }
            }),
        }),
      ],

      async *verify(scrutiny) {
        for (const { id, ...object } of await objectStore.objects(db)) {
          const damage = await damageOf(blob, object, scrutiny);
          if (damage !== undefined) yield `media object ${id}: ${damage}`;
        }
        yield* (await store.contradictions(db)).map(({ id, what }) => `media object ${id} ${what}`);
        yield* forgotten(blob, "media", { nowMs: now(), graceMs }, (keys) => objectStore.referred(db, keys));
      },

      schedules: [
        {
          name: "media.orphans",
          pattern: "43 * * * *",
          async run(signal) {
            const removed = await sweepObjects({ db, blob, signal, writtenBeforeMs: now() - graceMs });
            if (removed > 0) log.info("objects that belonged to no media were removed", { removed });
            await db.tx((tx) => store.forget(tx, now() - hiddenKeptMs));
          },
        },
      ],
    };
  },
});
