import type { Call, Id } from "#kernel";
import { z } from "zod";
import { RefusalReason } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import { lastRefusal, type Refusal, writeRefusal } from "./refusal-store.ts";

/** A wrong key names no room: who looks at their room from the same address within this time learns of it. */
const wrongKeyShownMs = 10 * 60_000;
const WrongKey = z.object({ atMs: z.int(), reason: RefusalReason, sentence: z.string() });
const cacheKey = (address: string): string => `live:wrong-key-at:${address}`;

/** Why publishers were refused, for the owners of their rooms: programs that publish seldom say it. */
export interface IngestRefusals {
  /** The sentence for a publisher of a room. It is sent whether or not this can be stored. */
  readonly write: (liveId: Id, reason: RefusalReason, sentence: string) => void;
  readonly writeWrongKey: (address: string, sentence: string) => Promise<void>;
  /** The last one of a room, or of a wrong key at the address of the caller. */
  readonly last: (liveId: Id, call: Call) => Promise<Refusal | null>;
}

export function createIngestRefusals({ db, cache, now, log }: LiveHost): IngestRefusals {
  return {
    write(liveId: Id, reason: RefusalReason, sentence: string): void {
      db.tx((tx) => writeRefusal(tx, liveId, { atMs: now(), reason, sentence })).catch((error: unknown) =>
        log.warn("a refusal of a publisher was not recorded", { liveId, err: error }),
      );
    },

    async writeWrongKey(address: string, sentence: string): Promise<void> {
      await cache.set(cacheKey(address), { atMs: now(), reason: "wrong_key", sentence }, wrongKeyShownMs);
    },

    async last(liveId: Id, { source }: Call): Promise<Refusal | null> {
      const ofRoom = await lastRefusal(db, liveId);
      const read = source === undefined ? undefined : WrongKey.safeParse(await cache.get(cacheKey(source)));
      const ofAddress = read?.success ? read.data : undefined;
      if (ofRoom === undefined || ofAddress === undefined) return ofRoom ?? ofAddress ?? null;
      return ofAddress.atMs > ofRoom.atMs ? ofAddress : ofRoom;
    },
  };
}
