import { userErased } from "#events/auth";
import { fileDeleted, fileUploaded } from "#events/upload";
import { plugin, handlersOf, joinHandlers } from "#kernel";
import { createCompletion } from "./completion/completion.ts";
import { upload } from "./contract.ts";
import { createDigestJob, createFileDeletion, createFiles } from "./files.ts";
import { createImportJob } from "./imports/import-job.ts";
import { createImports } from "./imports/imports.ts";
import { createPictureImport } from "./imports/picture-import.ts";
import { createInstantUploads } from "./instant/instant.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createNativeUploads } from "./handlers/native.ts";
import { createSessionHandlers } from "./handlers/session-handlers.ts";
import { createSessions } from "./sessions/sessions.ts";
import { createWriterLease } from "./sessions/writer-lease.ts";
import { Settings, type UploadHost } from "./settings.ts";
import { createFileRelease } from "./storage/release.ts";
import { createObjectReferences } from "./storage/references.ts";
import { createUpkeep, verifyUploads } from "./storage/upkeep.ts";
import * as usageStore from "./usage-store.ts";

export const uploadPlugin = plugin({
  contract: upload,
  needs: [],
  migrations,
  partitionKeys,
  events: [userErased, fileUploaded, fileDeleted],
  settings: Settings,
  start(host: UploadHost) {
    if (host.settings.instant === "anyone")
      host.log.warn("every account gets any stored file whose hash it knows", { setting: "KINORA_INSTANT_UPLOAD" });
    const sessions = createSessions(host);
    const completion = createCompletion(host);
    const instant = createInstantUploads(host, completion.make);
    const deletion = createFileDeletion(host);

    return {
      handlers: joinHandlers(
        createNativeUploads(host, { sessions, completion, instant }),
        createSessionHandlers(host, sessions, completion),
        createWriterLease(host, sessions),
        createObjectReferences(host),
        createFileRelease(host),
        createImports(host, sessions),
        createPictureImport(host, { sessions, completion }),
        createFiles(host, completion.make),
        handlersOf(upload, {
          prove: instant.prove,
          instant: instant.instant,
          async contentUsage({ sinceMs }) {
            const items = await usageStore.usage(host.db, sinceMs);
            return {
              items: items.map(({ kind, bytes }) => ({ kind, bytes })),
              recentBytes: items.reduce((sum, { recentBytes }) => sum + recentBytes, 0),
            };
          },
        }),
      ),
      subscriptions: deletion.subscriptions,
      jobs: [deletion.job, createImportJob(host, { sessions, completion }), createDigestJob(host)],
      verify: (scrutiny) => verifyUploads(host, scrutiny),
      schedules: createUpkeep(host),
    };
  },
});
