import { fileUploaded } from "#events/upload";
import { type Handlers, type Host, type Id, job, on, type Tx } from "#kernel";
import { FormatOff, type Media, type media, MediaNotFound, UnreadablePicture } from "../contract.ts";
import * as store from "../store.ts";
import type { MediaCreation } from "./creation.ts";

interface Parts extends MediaCreation {
  readonly withRenditions: (row: store.Row) => Promise<Media>;
  /** A stored file for which no command has made a media object by then becomes one all the same. */
  readonly adoptAfterMs: number;
}

/** Uploaded files become media objects, by the command that follows an upload or else by the event. */
export function createMediaUploads(
  { db, jobs }: Pick<Host<store.Tables>, "db" | "jobs">,
  { fileOf, create, repurpose, withRenditions, adoptAfterMs }: Parts,
) {
  const handlers: Pick<Handlers<typeof media>, "upload"> = {
    async upload({ fileId, purpose }, call) {
      const existing = await store.byFile(db, fileId);
      const file = existing ? undefined : await fileOf(fileId, call);
      if ((existing ?? file)?.userId !== call.userId) throw MediaNotFound({});
      const created = existing ?? (file && (await create(file, purpose)));
      // The file may have become a video before, which serves as no picture.
      if (created && purpose !== undefined && purpose !== "video" && created.purpose === "video")
        throw UnreadablePicture({});
      const row = created && (await repurpose(created, purpose, call));
      if (row?.error === UnreadablePicture.code) throw UnreadablePicture({});
      if (row?.error === FormatOff.code && row.deletedAtMs !== null) throw FormatOff({});
      if (!row || row.deletedAtMs !== null) throw MediaNotFound({});
      return withRenditions(row);
    },
  };

  return {
    handlers,

    subscriptions: [
      // The command makes the object, for it alone knows the purpose and its caller waits for the id. The event is the
      // safety net: when the gateway died between storing the file and the command, the file still gets its object.
      on(fileUploaded, async (tx: Tx<store.Tables>, { fileId, kind, purpose }) => {
        if (purpose === "media" && kind !== "other")
          await jobs.add(tx, "adopt", { payload: { fileId }, uniqueKey: String(fileId), delayMs: adoptAfterMs });
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
          if (file) await create(file, undefined);
        },
      }),
    ],
  };
}
