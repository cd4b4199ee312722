import type { Call, Id } from "#kernel";
import { BadPlaybackToken, LiveNotFound } from "../contract.ts";
import type { RoomStanding } from "../room-moderation/room-state.ts";
import type { RoomAccess } from "../rooms/access.ts";
import * as store from "../rooms/room-store.ts";
import type { LiveHost } from "../settings.ts";
import { playbackLifeMs, readPlayback, writePlayback } from "./playback-token.ts";

interface Parts {
  readonly standing: Pick<RoomStanding, "requireNotBanned">;
  readonly access: RoomAccess;
  /** Signs playback tokens. */
  readonly key: string;
}

const isOpen = (row: store.Row): boolean =>
  !row.isRemoved && (row.visibility === "public" || row.visibility === "unlisted");

/** Decides who may watch a room, and gives the addresses by which it is watched. */
export function playback({ db, now }: LiveHost, { access, key, standing }: Parts) {
  /** Before it starts, its owner alone sees what the publisher sends. */
  const requireOnAir = (row: store.Row, viewerId: Id | undefined): void => {
    if (row.status === "waiting" && viewerId !== row.ownerId) throw LiveNotFound({});
  };

  /** Addresses of a room that the caller may see; with a token where it is not open to all. */
  function addressesFor(row: store.Row, { userId = 0 }: Call) {
    const base = `/api/v1/lives/${row.id}`;
    const isEverybodys = isOpen(row) && row.status !== "waiting";
    const endsAtMs = now() + playbackLifeMs;
    // Who is let in by a password or as a moderator has no right of their own that could be asked for again.
    const isGranted = userId !== row.ownerId && row.visibility !== "followers";
    const { id: liveId, generation } = row;
    const token = writePlayback(key, { liveId, viewerId: userId, isGranted, generation, endsAtMs });
    const query = isEverybodys ? "" : `?token=${token}`;
    return {
      hlsUrl: `${base}/${isEverybodys ? "" : `t/${token}/`}hls/master.m3u8`,
      flvUrl: `${base}/stream.flv${query}`,
      webrtcUrl: `${base}/whep${query}`,
      expiresAtMs: isEverybodys ? null : endsAtMs,
    };
  }

  return {
    addressesFor,

    handlers: {
      async playback({ id, token }: { id: Id; token?: string | undefined }, call: Call) {
        const row = await store.byId(db, id);
        if (token === undefined) {
          const seen = await access.requireVisible(row, call);
          requireOnAir(seen, call.userId);
          await standing.requireNotBanned(seen, call.userId);
          return { isOpen: isOpen(seen) && seen.status !== "waiting", status: seen.status };
        }
        const grant = readPlayback(key, token);
        if (!row || grant?.liveId !== id) throw LiveNotFound({});
        if (grant.endsAtMs <= now() || grant.generation !== row.generation) throw BadPlaybackToken({});
        const { viewerId, isGranted } = grant;
        // A player may be signed out; it may not be signed in as another user.
        if (call.userId !== undefined && viewerId > 0 && call.userId !== viewerId) throw LiveNotFound({});
        const viewer = { isGranted, ...(viewerId > 0 && { userId: viewerId }) };
        const seen = await access.requireVisible(row, call, viewer);
        requireOnAir(seen, viewer.userId);
        await standing.requireNotBanned(seen, viewer.userId);
        return { isOpen: false, status: seen.status };
      },

      async playbackAddress({ id }: { id: Id }, call: Call) {
        const row = await access.requireVisible(await store.byId(db, id), call);
        requireOnAir(row, call.userId);
        await standing.requireNotBanned(row, call.userId);
        return addressesFor(row, call);
      },
    },
  };
}
