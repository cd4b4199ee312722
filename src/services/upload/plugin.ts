import { userErased } from "#events/auth";
import { fileDeleted, fileUploaded } from "#events/upload";
import { plugin, handlersOf, joinHandlers } from "#kernel";
import { uploadCompletion } from "./completion/completion.ts";
import { upload } from "./contract.ts";
import { digestJob, fileDeletion, files } from "./files.ts";
import { importJob } from "./imports/import-job.ts";
import { imports } from "./imports/imports.ts";
import { pictureImport } from "./imports/picture-import.ts";
import { instantUploads } from "./instant/instant.ts";
import { migrations } from "./migrations.ts";
import { nativeUploads } from "./handlers/native.ts";
import { sessionHandlers } from "./handlers/session-handlers.ts";
import { sessionsOf } from "./sessions/sessions.ts";
import { writerLease } from "./sessions/writer-lease.ts";
import { Settings, type UploadHost } from "./settings.ts";
import { fileRelease } from "./storage/purge.ts";
import { objectReferences } from "./storage/references.ts";
import { upkeep, verifyUploads } from "./storage/upkeep.ts";
import * as usageStore from "./usage-store.ts";

export const uploadPlugin = plugin({
  contract: upload,
  needs: [],
  migrations,
  events: [userErased, fileUploaded, fileDeleted],
  settings: Settings,
  start(host: UploadHost) {
    if (host.settings.instant === "anyone")
      host.log.warn("every account gets any stored file whose hash it knows", { setting: "KINORA_INSTANT_UPLOAD" });
    const sessions = sessionsOf(host);
    const completion = uploadCompletion(host);
    const instant = instantUploads(host, completion.make);
    const deletion = fileDeletion(host);

    return {
      handlers: joinHandlers(
        nativeUploads(host, { sessions, completion, instant }),
        sessionHandlers(host, sessions, completion),
        writerLease(host, sessions),
        objectReferences(host),
        fileRelease(host),
        imports(host, sessions),
        pictureImport(host, { sessions, completion }),
        files(host, completion.make),
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
      jobs: [deletion.job, importJob(host, { sessions, completion }), digestJob(host)],
      verify: (scrutiny) => verifyUploads(host, scrutiny),
      schedules: upkeep(host),
    };
  },
});
