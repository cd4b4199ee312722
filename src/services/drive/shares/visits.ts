import type { Handlers, Host } from "#kernel";
import { type drive, PasswordNeeded, ShareNotFound, UsedUp, WrongPassword } from "../contract.ts";
import { createAttemptLimit, isPassword } from "./passwords.ts";
import { presentSharedEntry } from "./presenter.ts";
import * as shareStore from "./share-store.ts";
import { hashToken } from "./tokens.ts";
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import type { Tickets, Visited } from "./tickets.ts";

/** The lifetime of a ticket. */
export const visitMs = 3_600_000;

type VisitsHost = Pick<Host<store.Tables>, "db" | "now" | "random" | "cache">;

/** Visits of those who open a share, and what they download. */
export interface Visits {
  readonly openShare: Handlers<typeof drive>["openShare"];
  /** The share of a visit: undefined where it was revoked or changed, or has expired. */
  readonly validShare: (
    visited: Pick<Visited, "owner" | "share" | "generation">,
  ) => Promise<shareStore.ShareRow | undefined>;
  /** Counts a download of a visit before it is sent. @throws UsedUp */
  readonly count: (
    visited: Pick<Visited, "owner" | "share" | "visit">,
    what: string,
    isDownload: boolean,
  ) => Promise<void>;
}

export function createVisits({ db, now, random, cache }: VisitsHost, tickets: Tickets): Visits {
  const attempts = createAttemptLimit(cache);

  const isOver = (row: shareStore.ShareRow): boolean =>
    row.trashId !== null || (row.expiresAtMs !== null && row.expiresAtMs <= now());

  const openShare: Handlers<typeof drive>["openShare"] = async ({ token, password }, { source }) => {
    const row = await shareStore.shareByToken(db, hashToken(token));
    if (!row || isOver(row)) throw ShareNotFound({});
    if (row.passwordHash !== null) {
      if (password === undefined || password === "") throw PasswordNeeded({});
      await attempts.count(row.id, source);
      if (!(await isPassword(password, row.passwordHash))) throw WrongPassword({});
      await attempts.forgive(row.id, source);
    }
    const downloadsLeft = row.downloadsMax === null ? null : row.downloadsMax - row.downloads;
    if (downloadsLeft === 0) throw UsedUp({});
    const entry = await store.liveById(db, row.userId, row.entryId);
    if (!entry || !(await treeStore.isReachable(db, row.userId, entry.id))) throw ShareNotFound({});
    await db.tx((tx) => shareStore.countVisit(tx, row.userId, row.id));
    const untilMs = Math.min(now() + visitMs, row.expiresAtMs ?? Number.MAX_SAFE_INTEGER);
    const visit = random(16).toString("base64url");
    const { id: share, userId: owner, generation } = row;
    return {
      ticket: tickets.write({ kind: "visit", owner, share, generation, visit, untilMs }),
      expiresAtMs: untilMs,
      entry: presentSharedEntry(entry),
      downloadsLeft,
    };
  };

  return {
    openShare,

    async validShare({
      owner,
      share,
      generation,
    }: Pick<Visited, "owner" | "share" | "generation">): Promise<shareStore.ShareRow | undefined> {
      const row = await shareStore.shareById(db, owner, share);
      if (!row || row.generation !== generation || isOver(row)) return undefined;
      return (await treeStore.isReachable(db, owner, row.entryId)) ? row : undefined;
    },

    async count(visited: Pick<Visited, "owner" | "share" | "visit">, what: string, isDownload: boolean): Promise<void> {
      const { owner: userId, share: shareId, visit } = visited;
      const nowMs = now();
      const isLeft = isDownload
        ? await db.tx((tx) => shareStore.countDownload(tx, { userId, shareId, visit, what, nowMs }))
        : await shareStore.mayDownload(db, { userId, shareId, visit, what });
      if (!isLeft) throw UsedUp({});
    },
  };
}
