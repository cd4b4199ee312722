import { type Call, callerOf, emptyPage, type Handlers, type Host, type Id, type Reader, type Tx } from "#kernel";
import { can } from "#policy/can";
import { mustBeThere } from "#services/auth/contract";
import {
  NotYourPlaylist,
  NotInPlaylist,
  type Playlist,
  playlistDeleted,
  PlaylistFull,
  PlaylistNotFound,
  playlistUpdated,
  TooManyPlaylists,
  type video,
} from "../contract.ts";
import * as playlistStore from "./playlist-store.ts";
import { shown } from "../lists/presenter.ts";
import type { speakingOf } from "../publication/posting-policy.ts";
import type { Tables } from "../store.ts";
import type { watching } from "../access/viewer-access.ts";

type Wording = Pick<playlistStore.PlaylistRow, "title" | "description" | "visibility">;

interface Parts extends Pick<ReturnType<typeof watching>, "metOf" | "tieTo"> {
  /** The video, when the caller may see it. @throws what says that they may not */
  readonly mustSee: (videoId: Id, call: Call) => Promise<unknown>;
  /** @throws where there is nobody of this id */
  readonly mustBe: (userId: Id, call: Call) => Promise<void>;
  readonly speaking: ReturnType<typeof speakingOf>;
}
type Names =
  | "createPlaylist"
  | "playlist"
  | "updatePlaylist"
  | "removePlaylist"
  | "playlistItems"
  | "addToPlaylist"
  | "removeFromPlaylist"
  | "moveInPlaylist"
  | "playlistsOf"
  | "playlistBatch";

const playlistsMax = 500;
const itemsMax = 1_000;

const resource = ({ userId: ownerId, visibility }: playlistStore.PlaylistRow) => ({
  ownerId,
  visibility,
  isPublished: true,
});
/** What others are told of it. */
const known = ({ id: playlistId, userId, title, description, visibility, version }: playlistStore.PlaylistRow) => ({
  playlistId,
  userId,
  title,
  description,
  visibility,
  version,
});
const told = (row: playlistStore.PlaylistRow, { userId }: Call): Playlist => ({
  ...row,
  isMine: row.userId === userId,
});

/** Videos that somebody put in an order. */
export function playlists(
  { db, emit, nextId, now }: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  { mustSee, metOf, tieTo, mustBe, speaking }: Parts,
): Pick<Handlers<typeof video>, Names> {
  /** @throws PlaylistNotFound */
  function seen(row: playlistStore.PlaylistRow | undefined, call: Call): playlistStore.PlaylistRow {
    if (!row || !can(call, "see", resource(row))) throw PlaylistNotFound({});
    return row;
  }
  /** Changes one's own, locked. @throws PlaylistNotFound, NotYourPlaylist */
  const change = <R>(
    id: Id,
    call: Call,
    work: (tx: Tx<Tables>, row: playlistStore.PlaylistRow) => Promise<R>,
  ): Promise<R> =>
    db.tx(async (tx) => {
      const row = seen(await playlistStore.lockPlaylist(tx, id), call);
      if (!can(call, "change", resource(row))) throw NotYourPlaylist({});
      return work(tx, row);
    });

  /**
   * What a playlist says to others that it did not say before is said as everything else is: yields why a moderator should
   * look at it, undefined where nobody needs to.
   * @throws Muted, WordsRefused
   */
  async function saidAnew(
    reader: Reader<Tables>,
    after: Wording,
    before: Wording | undefined,
    call: Call,
  ): Promise<string | undefined> {
    if (after.visibility === "private") return undefined;
    const known = before?.visibility === "private" ? undefined : before;
    const said = ([after.title, after.description] as const).filter(
      (text) => text !== "" && text !== known?.title && text !== known?.description,
    );
    if (said.length === 0) return undefined;
    await speaking.mayPublish(call, reader);
    return speaking.flagFor(said, call, reader);
  }

  return {
    async createPlaylist({ title, description, visibility }, call) {
      const userId = callerOf(call);
      const heldFor = await saidAnew(db, { title, description, visibility }, undefined, call);
      const row = { id: nextId(), user_id: userId, title, description, visibility, created_at_ms: now() };
      const made = { id: row.id, userId, title, description, visibility, createdAtMs: row.created_at_ms, version: 1 };
      return db.answer(async (tx) => {
        await mustBeThere(tx, userId);
        if (!(await playlistStore.insertPlaylist(tx, row, playlistsMax))) throw TooManyPlaylists({});
        await emit(tx, playlistUpdated, made.id, known(made));
        if (heldFor !== undefined) await speaking.flag(tx, "playlist", made, heldFor);
        return told(made, call);
      });
    },
    playlist: async ({ id }, call) => told(seen(await playlistStore.playlistById(db, id), call), call),
    updatePlaylist: ({ id, title, description, visibility }, call) =>
      change(id, call, async (tx, row) => {
        const changed = {
          title: title ?? row.title,
          description: description ?? row.description,
          visibility: visibility ?? row.visibility,
        };
        const heldFor = await saidAnew(tx, changed, row, call);
        await playlistStore.updatePlaylist(tx, id, changed);
        const changedRow = { ...row, ...changed, version: row.version + 1 };
        await emit(tx, playlistUpdated, id, known(changedRow));
        if (heldFor !== undefined) await speaking.flag(tx, "playlist", changedRow, heldFor);
        return told(changedRow, call);
      }),
    removePlaylist: ({ id }, call) =>
      change(id, call, async (tx, { userId }) => {
        await playlistStore.removePlaylist(tx, id);
        await emit(tx, playlistDeleted, id, { playlistId: id, userId });
        return {};
      }),

    async playlistItems({ id, ...page }, call) {
      const row = seen(await playlistStore.playlistById(db, id), call);
      const { items, ...rest } = await playlistStore.itemsOf(db, row, call.userId, page);
      return { ...rest, items: (await metOf(items, call)).map(({ row: item }) => shown(item, call)) };
    },
    async addToPlaylist({ id, videoId }, call) {
      seen(await playlistStore.playlistById(db, id), call);
      await mustSee(videoId, call);
      return change(id, call, async (tx) => {
        const added = await playlistStore.addItem(tx, id, videoId, itemsMax);
        if (added === "full") throw PlaylistFull({});
        return { added };
      });
    },
    removeFromPlaylist: ({ id, video: videoId }, call) =>
      change(id, call, async (tx) => {
        await playlistStore.removeItem(tx, id, videoId);
        return {};
      }),
    moveInPlaylist: ({ id, video: videoId, afterId }, call) =>
      change(id, call, async (tx) => {
        if (!(await playlistStore.moveItem(tx, id, videoId, afterId))) throw NotInPlaylist({});
        return {};
      }),
    async playlistsOf({ id, ...page }, call) {
      await mustBe(id, call);
      if ((await tieTo(id, call))?.isBlocked) return emptyPage(page);
      const { items, ...rest } = await playlistStore.playlistsOf(db, id, call.userId === id, page);
      return { ...rest, items: items.map((row) => told(row, call)) };
    },
    playlistBatch: async ({ after, limit }) => ({
      items: (await playlistStore.playlistBatch(db, after, limit)).map(known),
    }),
  };
}
