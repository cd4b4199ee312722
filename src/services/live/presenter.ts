import type { Call } from "#kernel";
import type { Live } from "./contract.ts";
import type { Row } from "./rooms/room-store.ts";

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
    isRemoved: __,
    version: ___,
    generation: _____,
    notifiesFollowers: ____,
    ...shown
  } = row;
  return {
    ...shown,
    roomId: row.id,
    isPrivate: row.visibility === "private",
    hasProducts: row.productCount > 0,
    isMine,
    durationMs: row.startedAtMs === null ? 0 : Math.max(0, (row.endedAtMs ?? nowMs) - row.startedAtMs),
    ...(isMine && { streamKey: newKey ?? `…${keyHint}`, pushUrl }),
  };
}
