import type { Call } from "#kernel";
import type { Live } from "./contract.ts";
import type { Row } from "./room/rooms/room-store.ts";
import { pictureLifeMs } from "./stage/streams/drawn-pictures.ts";

interface Presented {
  readonly nowMs: number;
  readonly pushUrl: string;
  /** The stream key, where it was just made. */
  readonly newKey?: string | undefined;
}

/** A live room as the caller sees it. Pure. */
export function presentLive(row: Row, { userId }: Pick<Call, "userId">, { nowMs, pushUrl, newKey }: Presented): Live {
  const isMine = row.ownerId === userId;
  const {
    passwordHash: _,
    keyHint,
    version: ___,
    generation: _____,
    notifiesFollowers: ____,
    gate,
    teaser,
    ...shown
  } = row;
  return {
    ...shown,
    pictureUrl: pictureOf(row, nowMs),
    roomId: row.id,
    isPrivate: row.visibility === "private",
    hasProducts: row.productCount > 0,
    isMine,
    durationMs: row.startedAtMs === null ? 0 : Math.max(0, (row.endedAtMs ?? nowMs) - row.startedAtMs),
    ...(isMine && gate && { gate, teaser }),
    ...(isMine && { streamKey: newKey ?? `…${keyHint}`, pushUrl }),
  };
}

/** Its address changes as often as the picture does. */
function pictureOf({ id, status, visibility, isRemoved }: Row, nowMs: number): string | null {
  const isOnAir = status === "live" || status === "paused";
  const isOpen = (visibility === "public" || visibility === "unlisted") && !isRemoved;
  if (!isOnAir || !isOpen) return null;
  return `/api/v1/lives/${id}/hls/picture.jpg?at=${Math.floor(nowMs / pictureLifeMs)}`;
}
