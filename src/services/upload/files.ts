import { fileReleased } from "#events/drive";
import { mediaDeleted } from "#events/media";
import { callerOf, type Handlers, type Id, job, on, type Tx } from "#kernel";
import { erase } from "#policy/copies/deleted-users";
import { fileNameOf } from "#policy/file-name";
import { digestsOf } from "./completion/digests.ts";
import type { MakeFile } from "./completion/new-file.ts";
import { FileNotFound, QuotaExceeded, type upload } from "./contract.ts";
import * as contentStore from "./completion/content-store.ts";
import { bytesLeft } from "./sessions/quota.ts";
import type { UploadHost } from "./settings.ts";
import { purgeFile } from "./storage/release.ts";
import * as store from "./store.ts";

/** Stored files, for the services they belong to. */
export function createFiles(
  { db, settings }: UploadHost,
  make: MakeFile,
): Pick<Handlers<typeof upload>, "file" | "digests" | "copy" | "usage"> {
  const { quotaBytes, fileBytesMax } = settings;
  return {
    async file({ id }) {
      const file = await store.file(db, id);
      if (!file) throw FileNotFound({});
      return file;
    },

    digests: async ({ ids }) => ({ items: await contentStore.digests(db, ids) }),

    async copy({ fileId, name, purpose, folderId, conflict }, call) {
      const userId = callerOf(call);
      return db.tx(async (tx) => {
        const space = await store.lockSpace(tx, userId);
        const file = await store.file(tx, fileId);
        if (!space || file?.userId !== userId) throw FileNotFound({});
        const freeBytes = bytesLeft(space, settings);
        if (file.sizeBytes > freeBytes) throw QuotaExceeded({ bytesLeft: freeBytes });
        const { key, sha256, sizeBytes, mime, kind } = file;
        const [content] = await contentStore.contentsOf(tx, { kind: "sha256", hex: sha256 });
        return make(tx, {
          userId,
          name: name === undefined ? file.name : fileNameOf(name),
          purpose,
          folderId: folderId ?? null,
          conflict,
          mime,
          kind,
          stored: {
            key,
            sha256,
            sizeBytes,
            ...(content?.md5 && { md5: content.md5 }),
            ...(content?.sha1 && { sha1: content.sha1 }),
          },
        });
      });
    },

    usage: async (_, call) => ({ ...(await store.spaceOf(db, callerOf(call))), quotaBytes, fileBytesMax }),
  };
}

/** Files whose owners released them: hidden immediately, their bytes removed after the grace time. */
export function createFileDeletion(host: UploadHost) {
  const { emit, now, jobs } = host;
  const { graceMs } = host.settings;

  async function hide(tx: Tx<store.Tables>, by: { readonly id: Id } | { readonly userId: Id }): Promise<void> {
    for (const { id } of await store.hide(tx, by, now()))
      await jobs.add(tx, "purge", { payload: { fileId: id }, uniqueKey: String(id), delayMs: graceMs });
  }

  return {
    subscriptions: [
      on(mediaDeleted, (tx: Tx<store.Tables>, { fileId }) => hide(tx, { id: fileId })),
      on(fileReleased, (tx: Tx<store.Tables>, { fileId }) => hide(tx, { id: fileId })),
      erase("upload", emit, async (tx: Tx<store.Tables>, { userId }) => {
        await store.closeSpace(tx, userId);
        await hide(tx, { userId });
        await store.forgetNames(tx, userId);
      }),
    ],

    job: job<{ fileId: Id }>({
      kind: "purge",
      concurrency: 2,
      attemptsMax: 8,
      leaseMs: 30_000,
      run: (running) =>
        running.finish<store.Tables>(async (tx) => {
          await purgeFile(host, tx, running.payload.fileId, now() - graceMs);
        }),
    }),
  };
}

/** The job that computes MD5 and SHA-1 of content that arrived without them. */
export const createDigestJob = ({ blob }: UploadHost) =>
  job<{ key: string }>({
    kind: "digest",
    concurrency: 1,
    attemptsMax: 5,
    leaseMs: 60_000,
    async run(running) {
      const { key } = running.payload;
      const digests = await digestsOf(blob, key, running.signal);
      await running.finish<store.Tables>(async (tx) => {
        if (digests) await contentStore.setDigests(tx, key, digests.md5, digests.sha1);
      });
    },
  });
