import { requireAccount } from "#policy/account";
import { playlistDeleted, playlistUpdated } from "#events/video";
import { callerOf, emptyPage, type Handlers, type Host } from "#kernel";
import type { z } from "zod";
import type { RequireUser } from "../access/user-check.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";
import { TooManyPlaylists, type video } from "../contract.ts";
import type { PostingPolicy } from "../posting-policy.ts";
import type { Tables } from "../store.ts";
import { createContentCheck } from "./content-check.ts";
import { createPlaylistAccess } from "./playlist-access.ts";
import * as playlistStore from "./playlist-store.ts";
import { playlistFact, presentPlaylist } from "./presenter.ts";

interface Parts extends Pick<ViewerAccess, "relationshipTo"> {
  readonly requireUser: RequireUser;
  readonly policy: PostingPolicy;
}
type Methods = (typeof video)["methods"];
type Create = z.output<Methods["createPlaylist"]["input"]>;
type Update = Omit<z.output<Methods["updatePlaylist"]["input"]>, "id">;
type Names = "createPlaylist" | "playlist" | "updatePlaylist" | "removePlaylist" | "playlistsOf" | "playlistBatch";

const playlistsMax = 500;

/** Playlists without the videos in them. */
export function createPlaylists(
  { db, emit, nextId, now }: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  { relationshipTo, requireUser, policy }: Parts,
): Pick<Handlers<typeof video>, Names> {
  const access = createPlaylistAccess({ db });
  const checkContent = createContentCheck(policy);

  return {
    async createPlaylist(input, call) {
      const userId = callerOf(call);
      const fields = newFields(input);
      const heldFor = await checkContent(db, fields, undefined, call);
      const row = { id: nextId(), user_id: userId, ...fields, created_at_ms: now() };
      const playlist = { id: row.id, userId, ...fields, createdAtMs: row.created_at_ms, version: 1 };
      return db.answer(async (tx) => {
        await requireAccount(tx, userId);
        if (!(await playlistStore.insertPlaylist(tx, row, playlistsMax))) throw TooManyPlaylists({});
        await emit(tx, playlistUpdated, playlist.id, playlistFact(playlist));
        if (heldFor !== undefined) await policy.flag(tx, "playlist", playlist, heldFor);
        return presentPlaylist(playlist, call);
      });
    },

    playlist: async ({ id }, call) => presentPlaylist(await access.visible(id, call), call),

    updatePlaylist: ({ id, ...update }, call) =>
      access.change(id, call, async (tx, row) => {
        const changes = updatedFields(row, update);
        const heldFor = await checkContent(tx, changes, row, call);
        await playlistStore.updatePlaylist(tx, id, changes);
        const changedRow = { ...row, ...changes, version: row.version + 1 };
        await emit(tx, playlistUpdated, id, playlistFact(changedRow));
        if (heldFor !== undefined) await policy.flag(tx, "playlist", changedRow, heldFor);
        return presentPlaylist(changedRow, call);
      }),

    removePlaylist: ({ id }, call) =>
      access.change(id, call, async (tx, { userId }) => {
        await playlistStore.removePlaylist(tx, id);
        await emit(tx, playlistDeleted, id, { playlistId: id, userId });
        return {};
      }),

    async playlistsOf({ id, ...page }, call) {
      await requireUser(id, call);
      if ((await relationshipTo(id, call))?.isBlocked) return emptyPage(page);
      const { items, ...paging } = await playlistStore.playlistsOf(db, id, call.userId === id, page);
      return { ...paging, items: items.map((row) => presentPlaylist(row, call)) };
    },

    playlistBatch: async ({ after, limit }) => ({
      items: (await playlistStore.playlistBatch(db, after, limit)).map(playlistFact),
    }),
  };
}

/** A field of the contract that is missing in one of these is a type error; their names are those of the columns. */
const newFields = ({ title, description, visibility }: Create) =>
  ({ title, description, visibility }) satisfies { readonly [F in keyof Create]: Create[F] };

/** The fields after an update; one that is left out stays. */
const updatedFields = (row: playlistStore.PlaylistRow, update: Update) =>
  ({
    title: update.title ?? row.title,
    description: update.description ?? row.description,
    visibility: update.visibility ?? row.visibility,
  }) satisfies { readonly [F in keyof Required<Update>]: NonNullable<Update[F]> };
