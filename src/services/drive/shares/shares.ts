import { createHash } from "node:crypto";
import { audited, type Cache, type Db, type Emit, type Id, type Reader, type Tx } from "#kernel";
import { PasswordNeeded, type Share, ShareNotFound, TooMany, UsedUp, WrongPassword } from "../contract.ts";
import { hashPassword, isPassword, triesOf } from "./passwords.ts";
import * as shareStore from "./share-store.ts";
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import type { Tickets, Visited } from "../files/tickets.ts";

/** A ticket is good this long. */
export const visitMs = 3_600_000;
const sharesOfEntryMax = 100;
/** The furthest a link may reach into the future. */
const lifeMsMax = 100 * 365 * 86_400_000;

/** The terms of a link as they are asked for: nothing or 0 takes one away, undefined leaves it. */
interface Terms {
  readonly password?: string | undefined;
  readonly expiresInMs?: number | undefined;
  readonly downloadsMax?: number | undefined;
}

const told = (row: shareStore.ShareRow): Share => {
  const { id, entryId, entryName, entryKind, passwordHash, expiresAtMs, downloadsMax, downloads, visits, createdAtMs } =
    row;
  const isProtected = passwordHash !== null;
  return { id, entryId, entryName, entryKind, isProtected, expiresAtMs, downloadsMax, downloads, visits, createdAtMs };
};
export { told as shownShare };

const hashed = (token: string): string => createHash("sha256").update(token).digest("base64url");

interface SharesParts {
  readonly db: Db<store.Tables>;
  readonly emit: Emit;
  readonly nextId: () => Id;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  readonly cache: Cache;
  readonly tickets: Tickets;
}

/** Links to files and folders, and the visits of those who have one. */
export function sharesOf({ db, emit, nextId, now, random, cache, tickets }: SharesParts) {
  const tries = triesOf(cache);
  const newToken = (): string => random(24).toString("base64url");

  async function columns({ password, expiresInMs, downloadsMax }: Terms) {
    return {
      ...(password !== undefined && { password_hash: password === "" ? null : await hashPassword(password) }),
      ...(expiresInMs !== undefined && {
        expires_at_ms: expiresInMs === 0 ? null : now() + Math.min(expiresInMs, lifeMsMax),
      }),
      ...(downloadsMax !== undefined && { downloads_max: downloadsMax === 0 ? null : downloadsMax }),
    };
  }

  const isOver = (row: shareStore.ShareRow): boolean =>
    row.trashId !== null || (row.expiresAtMs !== null && row.expiresAtMs <= now());

  /** A link opens what is private to whoever has it: what becomes of it is kept (security S8.5). */
  const note = (tx: Tx<store.Tables>, act: "made" | "changed" | "renewed" | "revoked", userId: Id, id: Id) =>
    emit(tx, audited, id, { act: `share.${act}`, actorId: userId, subject: { kind: "share", id }, atMs: now() });

  /** @throws ShareNotFound */
  async function own(userId: Id, id: Id, reader: Reader<store.Tables> = db): Promise<Share> {
    const row = await shareStore.shareById(reader, userId, id);
    if (!row) throw ShareNotFound({});
    return told(row);
  }

  return {
    async make(userId: Id, entryId: Id, terms: Terms): Promise<{ share: Share; token: string }> {
      const given = await columns(terms);
      const [id, token] = [nextId(), newToken()];
      return db.answer(async (tx) => {
        await store.lockDrive(tx, userId);
        if ((await shareStore.countShares(tx, userId, entryId)) >= sharesOfEntryMax)
          throw TooMany({ entriesMax: sharesOfEntryMax });
        // Looked at under the lock: what was deleted for good meanwhile has no links any more.
        if (!(await store.liveById(tx, userId, entryId))) throw ShareNotFound({});
        await shareStore.insertShare(tx, {
          password_hash: null,
          expires_at_ms: null,
          downloads_max: null,
          ...given,
          user_id: userId,
          id,
          entry_id: entryId,
          token_hash: hashed(token),
          created_at_ms: now(),
        });
        await note(tx, "made", userId, id);
        return { share: await own(userId, id, tx), token };
      });
    },

    async update(userId: Id, id: Id, terms: Terms): Promise<Share> {
      const given = await columns(terms);
      await db.tx(async (tx) => {
        const row = await shareStore.lockShare(tx, userId, id);
        if (!row) throw ShareNotFound({});
        // What was downloaded already counts: a smaller limit is reached at once, not passed.
        const limit = given.downloads_max;
        const kept =
          limit === undefined || limit === null ? given : { ...given, downloads_max: Math.max(limit, row.downloads) };
        await shareStore.changeShare(tx, userId, id, { ...kept, endsVisits: terms.password !== undefined });
        await note(tx, "changed", userId, id);
      });
      return own(userId, id);
    },

    async renew(userId: Id, id: Id): Promise<{ share: Share; token: string }> {
      const token = newToken();
      const change = { token_hash: hashed(token), endsVisits: true };
      return db.answer(async (tx) => {
        if (!(await shareStore.changeShare(tx, userId, id, change))) throw ShareNotFound({});
        await note(tx, "renewed", userId, id);
        return { share: await own(userId, id, tx), token };
      });
    },

    async remove(userId: Id, id: Id): Promise<void> {
      await db.tx(async (tx) => {
        if (!(await shareStore.removeShare(tx, userId, id))) throw ShareNotFound({});
        await note(tx, "revoked", userId, id);
      });
    },

    /** A visit: what the link leads to and the ticket for it. */
    async open(token: string, password: string | undefined, source: string | undefined) {
      const row = await shareStore.shareByToken(db, hashed(token));
      if (!row || isOver(row)) throw ShareNotFound({});
      if (row.passwordHash !== null) {
        if (password === undefined || password === "") throw PasswordNeeded({});
        await tries.count(row.id, source);
        if (!(await isPassword(password, row.passwordHash))) throw WrongPassword({});
        await tries.forgive(row.id, source);
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
        entry,
        downloadsLeft,
      };
    },

    /** What a visit may see, as the link is now: undefined when it was taken back or changed, or its time is over. */
    async standing({
      owner,
      share,
      generation,
    }: Pick<Visited, "owner" | "share" | "generation">): Promise<shareStore.ShareRow | undefined> {
      const row = await shareStore.shareById(db, owner, share);
      if (!row || row.generation !== generation || isOver(row)) return undefined;
      return (await treeStore.isReachable(db, owner, row.entryId)) ? row : undefined;
    },

    /** Counts what a visit is about to be sent. @throws UsedUp */
    async count(visited: Pick<Visited, "owner" | "share" | "visit">, what: string, isDownload: boolean): Promise<void> {
      const { owner: userId, share: shareId, visit } = visited;
      const nowMs = now();
      const isLeft = isDownload
        ? await db.tx((tx: Tx<store.Tables>) => shareStore.countDownload(tx, { userId, shareId, visit, what, nowMs }))
        : await shareStore.mayDownload(db, { userId, shareId, visit, what });
      if (!isLeft) throw UsedUp({});
    },
  };
}
export type Shares = ReturnType<typeof sharesOf>;
