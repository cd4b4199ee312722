import { type Handlers, handlersOf, type Host, joinHandlers } from "#kernel";
import type { GateCheck } from "#policy/gates/check";
import type { ViewerAccess } from "../access/viewer-access.ts";
import { video } from "../contract.ts";
import { createOwnMedia } from "../media/own-media.ts";
import type { PlaylistAccess } from "../playlists/playlist-access.ts";
import type { PostingPolicy } from "../posting-policy.ts";
import type { Tables } from "../store.ts";
import { createVideoAudit } from "./audit.ts";
import { createBackdate } from "./backdate.ts";
import { createChangesOfMany } from "./change-many.ts";
import { createVideoCreation } from "./creation.ts";
import { createMediaFetches } from "./fetch.ts";
import { createMediaReplacement, mediaSubscriptions } from "./media-replacement.ts";
import { createPublication } from "./publication.ts";
import { createVideoRemoval } from "./removal.ts";
import { createPublicationSchedule } from "./schedule.ts";
import { createVideoUpdate } from "./update.ts";

interface Parts extends ViewerAccess, Pick<Handlers<typeof video>, "addToPlaylist"> {
  readonly policy: PostingPolicy;
  readonly checkGate: GateCheck;
  readonly playlistAccess: Pick<PlaylistAccess, "own">;
}

/** Creation, changes, publication and removal of videos, with the jobs and subscriptions that finish them. */
export function createPublicationHandlers(
  host: Host<Tables>,
  { policy, checkGate, playlistAccess, addToPlaylist, ...access }: Parts,
) {
  const publication = createPublication(host);
  const ownFiles = createOwnMedia(host);
  const schedule = createPublicationSchedule(host, publication);
  const fetches = createMediaFetches(host, { ...publication, ownMedia: ownFiles.film });
  const note = createVideoAudit(host);
  const create = createVideoCreation(host, { ...publication, ownFiles, policy, schedule, fetches, checkGate });
  const removal = createVideoRemoval(host, { ...publication, ...access, note });
  const update = createVideoUpdate(host, {
    ...publication,
    ...access,
    ownFiles,
    policy,
    schedule,
    note,
    checkGate,
  });

  return {
    handlers: joinHandlers(
      update,
      createChangesOfMany({
        ...update,
        addToPlaylist,
        requirePlaylist: playlistAccess.own,
        removeOne: removal.removeOne,
      }),
      createMediaReplacement(host, { ...publication, ...access, ownFiles }),
      createBackdate(host, publication),
      removal.handlers,
      handlersOf(video, {
        create,
        post: (input, call) => create({ ...input, draft: false }, call),
      }),
    ),
    subscriptions: [...mediaSubscriptions(publication), ...removal.subscriptions],
    jobs: [fetches.job, schedule.job],
    schedule,
  };
}
