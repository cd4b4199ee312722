import { requireAccount } from "#policy/account";
import { contentFlagged, flaggedPerson } from "#events/moderation";
import { type Call, callerOf, emptyPage, type Host, type Id, type PageInput, type Tx } from "#kernel";
import type { z } from "zod";
import type { ViewerAccess } from "../access.ts";
import { FolderNotFound, foldersMax, type interaction, TooManyFolders } from "../contract.ts";
import type { PostingPolicy } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import * as favoriteStore from "./favorite-store.ts";

type FolderUpdate = z.output<(typeof interaction)["methods"]["changeFolder"]["input"]>;

/** Locks a folder of the caller. @throws FolderNotFound where it is not theirs */
export async function ownFolder(tx: Tx<Tables>, id: Id, userId: Id) {
  const folder = await favoriteStore.lockFolder(tx, id);
  if (folder?.userId !== userId) throw FolderNotFound({});
  return folder;
}

/** Folders of favourites. */
export function createFolders(
  { db, emit, nextId, now }: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  access: ViewerAccess,
  { requireNotMuted: mayName, flagReasonFor: flagFor }: PostingPolicy,
) {
  /** The name of a public folder is visible to everybody; the blocklist may flag it for a moderator. */
  async function checkPublicName(tx: Tx<Tables>, name: string, call: Call): Promise<void> {
    await mayName(call, tx);
    const heldFor = await flagFor([name], call, tx);
    const userId = callerOf(call);
    if (heldFor !== undefined) await emit(tx, contentFlagged, userId, flaggedPerson(userId, [name], heldFor, now()));
  }

  return {
    async folders({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await access.requireListVisible(id, "showFavorites", call);
      if (id !== call.userId && (await access.hiddenUsers(call)).includes(id)) return emptyPage(page);
      return favoriteStore.foldersOf(db, id, id === call.userId, page);
    },

    async makeFolder({ name, isPublic }: { name: string; isPublic: boolean }, call: Call) {
      const userId = callerOf(call);
      const folder = { id: nextId(), user_id: userId, name, is_public: isPublic, created_at_ms: now() };
      return db.answer(async (tx) => {
        if (isPublic) await checkPublicName(tx, name, call);
        await requireAccount(tx, userId);
        if ((await favoriteStore.countFolders(tx, userId)) >= foldersMax) throw TooManyFolders({});
        await favoriteStore.insertFolder(tx, folder);
        return { id: folder.id, userId, name, isPublic, videoCount: 0, createdAtMs: folder.created_at_ms };
      });
    },

    async changeFolder({ id, ...update }: FolderUpdate, call: Call) {
      await db.tx(async (tx) => {
        const before = await ownFolder(tx, id, callerOf(call));
        const { name, isPublic } = update;
        const isNewlyVisible = (name !== undefined && name !== before.name) || !before.isPublic;
        if ((isPublic ?? before.isPublic) && isNewlyVisible) await checkPublicName(tx, name ?? before.name, call);
        const changes = columnsOf(update);
        if (Object.keys(changes).length > 0) await favoriteStore.updateFolder(tx, id, changes);
      });
      return {};
    },

    async removeFolder({ id }: { id: Id }, call: Call) {
      await db.tx(async (tx) => {
        await ownFolder(tx, id, callerOf(call));
        await favoriteStore.removeFolder(tx, id);
      });
      return {};
    },
  };
}

/** The columns that an update changes, by its fields: a new field of the contract without an entry is a type error. Pure. */
function columnsOf({ name, isPublic }: Omit<FolderUpdate, "id">): favoriteStore.FolderChanges {
  const byField = {
    name: name !== undefined && { name },
    isPublic: isPublic !== undefined && { is_public: isPublic },
  } satisfies Record<keyof Omit<FolderUpdate, "id">, favoriteStore.FolderChanges | false>;
  return { ...byField.name, ...byField.isPublic };
}
