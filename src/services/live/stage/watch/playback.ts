import type { Call, Handlers, Id, RotatingKey } from "#kernel";
import { BadPlaybackToken, LiveNotFound, streamAddresses, type live } from "../../contract.ts";
import { type Guest, guestById } from "../guests/guest-store.ts";
import { isOnAir } from "../../room/presence/room-admission.ts";
import type { RoomAccess } from "../../room/rooms/access.ts";
import * as store from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import { playbackLifeMs, readPlayback, writePlayback } from "./playback-token.ts";

interface Parts {
  readonly access: RoomAccess;
  /** Signs playback tokens. */
  readonly key: RotatingKey;
}

interface Watched {
  readonly row: store.Row | undefined;
  readonly guest: Guest | undefined;
}

const isOpen = (row: store.Row): boolean =>
  !row.isRemoved && (row.visibility === "public" || row.visibility === "unlisted");

interface PlaybackAddresses {
  readonly hlsUrl: string;
  readonly dvrUrl: string;
  readonly flvUrl: string;
  readonly webrtcUrl: string;
  /** Null where the addresses have no token. */
  readonly expiresAtMs: number | null;
}

/** Decides who may watch a room, and gives the addresses by which it is watched. */
export interface Playback {
  /** Addresses of a stream in a room that the caller may see; with a token where the room is not open to all. */
  readonly addressesFor: (row: store.Row, call: Call) => PlaybackAddresses;
  readonly handlers: Pick<Handlers<typeof live>, "playback" | "playbackAddress">;
}

export function createPlayback({ db, now }: LiveHost, { access, key }: Parts): Playback {
  /** Before a room starts, its owner alone sees what the publisher sends. A guest is there with the room alone. */
  function requireOnAir({ row, guest }: Watched & { readonly row: store.Row }, viewerId: Id | undefined): void {
    if (row.status === "waiting" && viewerId !== row.ownerId) throw LiveNotFound({});
    if (guest && (guest.status === "waiting" || !isOnAir(row))) throw LiveNotFound({});
  }

  /** The room or guest stream with this number; a guest stream is for the same viewers as its room. */
  async function findWatched(id: Id): Promise<Watched> {
    const row = await store.byId(db, id);
    const guest = row ? undefined : await guestById(db, id);
    return { row: guest ? await store.byId(db, guest.roomId) : row, guest };
  }

  function addressesFor(row: store.Row, call: Call, liveId: Id = row.id) {
    const { userId = 0 } = call;
    const isEverybodys = isOpen(row) && row.status !== "waiting";
    const endsAtMs = now() + playbackLifeMs;
    // A password is shown once; every other right is asked again.
    const isGranted = access.isUnlocked(row, call);
    const { generation } = row;
    const token = writePlayback(key, { liveId, viewerId: userId, isGranted, generation, endsAtMs });
    return {
      ...streamAddresses(liveId, isEverybodys ? undefined : token),
      expiresAtMs: isEverybodys ? null : endsAtMs,
    };
  }

  return {
    addressesFor,

    handlers: {
      async playback({ id, token }: { id: Id; token?: string | undefined }, call: Call) {
        const { row, guest } = await findWatched(id);
        if (token === undefined) {
          const seen = await access.requireVisible(row, call);
          requireOnAir({ row: seen, guest }, call.userId);
          return { isOpen: isOpen(seen) && seen.status !== "waiting", status: guest?.status ?? seen.status };
        }
        const grant = readPlayback(key, token);
        if (!row || grant?.liveId !== id) throw LiveNotFound({});
        if (grant.endsAtMs <= now() || grant.generation !== row.generation) throw BadPlaybackToken({});
        const { viewerId, isGranted } = grant;
        // A player may be signed out; it may not be signed in as another user.
        if (call.userId !== undefined && viewerId > 0 && call.userId !== viewerId) throw LiveNotFound({});
        const viewer = { isGranted, ...(viewerId > 0 && { userId: viewerId }) };
        const seen = await access.requireVisible(row, call, viewer);
        requireOnAir({ row: seen, guest }, viewer.userId);
        return { isOpen: false, status: guest?.status ?? seen.status };
      },

      async playbackAddress({ id }: { id: Id }, call: Call) {
        const { row: watchedRow, guest } = await findWatched(id);
        const row = await access.requireVisible(watchedRow, call);
        requireOnAir({ row, guest }, call.userId);
        return addressesFor(row, call, id);
      },
    },
  };
}
