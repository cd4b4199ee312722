import { userErased } from "#events/auth";
import {
  captionsAdded,
  captionsRemoved,
  mediaDeleted,
  mediaFailed,
  mediaReady,
  transcodeCancelled,
  transcodeRequested,
} from "#events/media";
import { audited, plugin, handlersOf, joinHandlers } from "#kernel";
import { deletedUsers } from "#policy/copies/deleted-users";
import { upload } from "#services/upload/contract";
import { createCaptionHandlers, captionSubscriptions, createMediaCaptions } from "./captions/captions.ts";
import { media } from "./contract.ts";
import { createFormatSwitches } from "./format-switches.ts";
import { Formats } from "./formats.ts";
import { createMediaLookup } from "./lookup.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createMediaCreation } from "./lifecycle/creation.ts";
import { createMediaDeletion } from "./lifecycle/deletion.ts";
import { createObjectReferences, verifyObjects } from "./objects/references.ts";
import { createRecordedMedia } from "./lifecycle/recorded.ts";
import { createMediaRelease } from "./lifecycle/release.ts";
import { createMediaUploads } from "./lifecycle/uploads.ts";
import { type MediaHost, Settings } from "./settings.ts";
import { damagedOutputs } from "./transcoding/damaged-outputs.ts";
import { createLevelRepair } from "./transcoding/levels.ts";
import { createRelease } from "./transcoding/release.ts";
import { createTranscodeTasks } from "./transcoding/tasks.ts";
import { createTranscoderEvents } from "./transcoding/transcoder-events.ts";
import * as usageStore from "./usage-store.ts";

export const mediaPlugin = plugin({
  contract: media,
  needs: [upload],
  migrations,
  partitionKeys,
  copies: [deletedUsers],
  events: [
    audited,
    userErased,
    transcodeRequested,
    transcodeCancelled,
    mediaReady,
    mediaFailed,
    captionsAdded,
    captionsRemoved,
    mediaDeleted,
  ],
  settings: Settings,
  start(host: MediaHost) {
    const { graceMs, adoptAfterMs, ladder } = host.settings;
    const formats = new Formats(host.db, host.now);
    const captions = createMediaCaptions(host);
    const { handlers: lookup, ownMedia, withRenditions } = createMediaLookup(host);
    const deletion = createMediaDeletion(host, graceMs);
    const creation = createMediaCreation(host, { formats, hide: deletion.hide });
    const release = createRelease(host, graceMs);
    const levels = createLevelRepair(host, release);
    const uploads = createMediaUploads(host, { ...creation, withRenditions, adoptAfterMs });

    return {
      handlers: joinHandlers(
        uploads.handlers,
        lookup,
        createTranscodeTasks(host, { ownMedia, ladder }),
        createCaptionHandlers(host, captions, ownMedia),
        createObjectReferences(host),
        createMediaRelease(host),
        createFormatSwitches(host, formats),
        createRecordedMedia(host, creation),
        handlersOf(media, {
          usage: () => usageStore.usage(host.db),
        }),
      ),
      subscriptions: [
        ...uploads.subscriptions,
        ...createTranscoderEvents(host, { captions, release, graceMs }),
        ...damagedOutputs(host, release),
        ...captionSubscriptions(captions),
        ...deletion.subscriptions,
      ],
      jobs: [...uploads.jobs, ...deletion.jobs, ...levels.jobs, release.job],
      verify: (scrutiny) => verifyObjects(host, graceMs, scrutiny),
      schedules: [...deletion.schedules, ...levels.schedules],
    };
  },
});
