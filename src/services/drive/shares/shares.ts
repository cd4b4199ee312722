import { audited, callerOf, type Handlers, type Host, type Id, type Reader, type Tx } from "#kernel";
import { type drive, EntryNotFound, type Share, ShareNotFound, TooMany } from "../contract.ts";
import { presentShare } from "./presenter.ts";
import * as shareStore from "./share-store.ts";
import { columnsOf, noTerms } from "./terms.ts";
import { hashToken } from "./tokens.ts";
import * as store from "../store.ts";

const sharesOfEntryMax = 100;

type OwnShares = Pick<Handlers<typeof drive>, "share" | "shares" | "updateShare" | "renewShare" | "unshare">;

/** @throws ShareNotFound */
async function ownShare(reader: Reader<store.Tables>, userId: Id, id: Id): Promise<Share> {
  const row = await shareStore.shareById(reader, userId, id);
  if (!row) throw ShareNotFound({});
  return presentShare(row);
}

/** Shares of files and folders, for their owners. */
export function createOwnShares({
  db,
  emit,
  nextId,
  now,
  random,
}: Pick<Host<store.Tables>, "db" | "emit" | "nextId" | "now" | "random">): OwnShares {
  const newToken = (): string => random(24).toString("base64url");

  /** A share opens private entries to everybody with its link, so each change of it is audited (security S8.5). */
  const audit = (tx: Tx<store.Tables>, act: "made" | "changed" | "renewed" | "revoked", userId: Id, id: Id) =>
    emit(tx, audited, id, { act: `share.${act}`, actorId: userId, subject: { kind: "share", id }, atMs: now() });

  return {
    async share({ id: entryId, ...terms }, call) {
      const userId = callerOf(call);
      if (!(await store.liveById(db, userId, entryId))) throw EntryNotFound({});
      const columns = await columnsOf(terms, now());
      const [id, token] = [nextId(), newToken()];
      return db.answer(async (tx) => {
        await store.lockDrive(tx, userId);
        if ((await shareStore.countShares(tx, userId, entryId)) >= sharesOfEntryMax)
          throw TooMany({ entriesMax: sharesOfEntryMax });
        // Checked again under the lock: an entry that was deleted meanwhile has no shares.
        if (!(await store.liveById(tx, userId, entryId))) throw ShareNotFound({});
        await shareStore.insertShare(tx, {
          ...noTerms,
          ...columns,
          user_id: userId,
          id,
          entry_id: entryId,
          token_hash: hashToken(token),
          created_at_ms: now(),
        });
        await audit(tx, "made", userId, id);
        return { share: await ownShare(tx, userId, id), token };
      });
    },

    async shares({ entryId, ...page }, call) {
      const { items, ...paging } = await shareStore.listShares(db, callerOf(call), entryId, page);
      return { items: items.map(presentShare), ...paging };
    },

    async updateShare({ id, ...terms }, call) {
      const userId = callerOf(call);
      const columns = await columnsOf(terms, now());
      await db.tx(async (tx) => {
        const row = await shareStore.lockShare(tx, userId, id);
        if (!row) throw ShareNotFound({});
        // Earlier downloads count: a smaller limit is reached immediately, not passed.
        const { downloads_max: limit } = columns;
        const changes = { ...columns, ...(limit && { downloads_max: Math.max(limit, row.downloads) }) };
        await shareStore.changeShare(tx, userId, id, { ...changes, endsVisits: terms.password !== undefined });
        await audit(tx, "changed", userId, id);
      });
      return ownShare(db, userId, id);
    },

    async renewShare({ id }, call) {
      const userId = callerOf(call);
      const token = newToken();
      return db.answer(async (tx) => {
        if (!(await shareStore.changeShare(tx, userId, id, { token_hash: hashToken(token), endsVisits: true })))
          throw ShareNotFound({});
        await audit(tx, "renewed", userId, id);
        return { share: await ownShare(tx, userId, id), token };
      });
    },

    async unshare({ id }, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        if (!(await shareStore.removeShare(tx, userId, id))) throw ShareNotFound({});
        await audit(tx, "revoked", userId, id);
      });
      return {};
    },
  };
}
