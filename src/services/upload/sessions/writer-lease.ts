import { type Call, type Handlers, type Id, callerOf } from "#kernel";
import type { z } from "zod";
import { UploadBusy, UploadNotFound, UploadTooLarge, type upload } from "../contract.ts";
import { bytesLeft } from "./quota.ts";
import { assertOpen } from "./reservation.ts";
import type { Sessions } from "./sessions.ts";
import type { UploadHost } from "../settings.ts";
import { sessionOf } from "./presenter.ts";
import * as leaseStore from "./lease-store.ts";
import * as pieceStore from "./piece-store.ts";
import * as sessionStore from "./session-store.ts";
import * as store from "../store.ts";

type Methods = (typeof upload)["methods"];
export type Writing = Pick<Handlers<typeof upload>, "write" | "advance">;
type Input = z.output<Methods["write"]["input"]>;
type Progress = z.output<Methods["advance"]["input"]>;

/** `<instance>#<run of the machine>#<life of the process>`, and `#checked` where the bytes count only as a whole. */
const partsOf = (writer: string): string[] => writer.split("#");

/** The lease to write at the end of an upload: one writer at a time, in any process. */
export function createWriterLease({ db, now, settings }: UploadHost, { grow }: Pick<Sessions, "grow">): Writing {
  const { fileBytesMax, leaseMs, sessionLifeMs } = settings;

  return {
    async write(input, call: Call) {
      const userId = callerOf(call);
      // The usual case: the lease is free and the size is known, so that one statement is enough.
      const free = await db.tx((tx) => leaseStore.leaseFree(tx, { ...input, userId, leaseMs }));
      if (free) {
        const { last, ...row } = free;
        const bytesMax = (row.sizeBytes ?? 0) - row.receivedBytes;
        return { ...granted, session: sessionOf(row), fence: row.fence, last, bytesMax };
      }
      return request(input, userId);
    },

    advance: (progress, call: Call) => advance(progress, callerOf(call)),
  };

  function request({ id, endpoint, writer }: Input, userId: Id): ReturnType<Writing["write"]> {
    return db.tx(async (tx) => {
      const space = await store.lockSpace(tx, userId);
      const row = await sessionStore.lockSession(tx, id, userId);
      if (row?.endpoint !== endpoint) throw UploadNotFound({});
      assertOpen(row);
      const { writer: before, isLeased, sizeBytes, receivedBytes } = row;
      const open = Math.min(fileBytesMax, row.reservedBytes + (space ? bytesLeft(space, settings) : 0));
      const answer = { session: sessionOf(row), bytesMax: (sizeBytes ?? open) - receivedBytes };
      const [instance, boot, life] = partsOf(writer);
      const [itsInstance, itsBoot, itsLife, itsMode] = partsOf(before ?? "");
      // One process at a time has an instance name, so a writer of an earlier life is dead.
      const isDead = before !== null && itsInstance === instance && itsLife !== life;
      if (before !== null && isLeased && !isDead) {
        await leaseStore.want(tx, id);
        return { ...granted, ...answer, isGranted: false, fence: 0, last: null };
      }
      const fence = await leaseStore.lease(tx, id, writer, leaseMs);
      // Bytes that are checked only as a whole, and were not, do not count.
      const isSalvageable = isDead && itsBoot === boot && itsMode === undefined;
      const last = (await pieceStore.lastPiece(tx, id)) ?? null;
      return { ...granted, ...answer, fence, last, isTorn: before !== null && !isDead, isSalvageable };
    });
  }

  async function advance(
    { id, fence, pieces, receivedBytes, isLast }: Progress,
    userId: Id,
  ): Promise<{ isWanted: boolean }> {
    const isWanted = await db.tx(async (tx) => {
      const lease = { leaseMs: isLast ? ("end" as const) : leaseMs, expiresAtMs: now() + sessionLifeMs };
      const progress = { id, userId, fence, pieces, receivedBytes, ...lease };
      const advanced = await leaseStore.advance(tx, progress);
      if (advanced !== undefined) return advanced;
      // The size is unknown, so that more space may be needed; or the lease or session has ended.
      const space = await store.lockSpace(tx, userId);
      const row = await sessionStore.lockSession(tx, id, userId);
      if (!row) throw UploadNotFound({});
      if (row.fence !== fence || row.state !== "open") throw UploadBusy({});
      if (row.sizeBytes !== null) throw UploadTooLarge({ bytesMax: row.sizeBytes });
      await grow(tx, space, row, receivedBytes);
      return leaseStore.advance(tx, progress, true);
    });
    if (isWanted === undefined) throw UploadBusy({});
    return { isWanted };
  }
}

const granted = { isGranted: true, isTorn: false, isSalvageable: false } as const;
