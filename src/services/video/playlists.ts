import { type Call, callerOf, can, type Db, type Handlers, type Id } from "#kernel";
import {
  NotYourPlaylist,
  NotInPlaylist,
  type Playlist,
  PlaylistFull,
  PlaylistNotFound,
  TooManyPlaylists,
  type Video,
  type video,
} from "./contract.ts";
import * as playlistStore from "./playlist-store.ts";
import type { Row, Tables } from "./store.ts";

interface Parts {
  readonly db: Db<Tables>;
  readonly nextId: () => Id;
  readonly now: () => number;
  /** The video, when the caller may see it. @throws what says that they may not */
  readonly mustSee: (videoId: Id, asked: Call) => Promise<unknown>;
  readonly shown: (row: Row, asked: Call) => Video;
  /** Without those of people a block parts from the caller. */
  readonly met: (rows: readonly Row[], asked: Call) => Promise<readonly Row[]>;
  /** @throws where there is nobody of this id */
  readonly mustBe: (userId: Id, asked: Call) => Promise<void>;
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
  | "playlistsOf";

const playlistsMax = 500;
const itemsMax = 1_000;

const resource = ({ userId: ownerId, visibility }: playlistStore.PlaylistRow) => ({
  ownerId,
  visibility,
  isPublished: true,
});
const told = (row: playlistStore.PlaylistRow, { userId }: Call): Playlist => ({
  ...row,
  isMine: row.userId === userId,
});

/** Videos that somebody put in an order. */
export function playlists({
  db,
  nextId,
  now,
  mustSee,
  shown,
  met,
  mustBe,
}: Parts): Pick<Handlers<typeof video>, Names> {
  /** @throws PlaylistNotFound */
  function seen(row: playlistStore.PlaylistRow | undefined, asked: Call): playlistStore.PlaylistRow {
    if (!row || !can(asked, "see", resource(row))) throw PlaylistNotFound({});
    return row;
  }
  /** Changes one's own, locked. @throws PlaylistNotFound, NotYourPlaylist */
  const change = <R>(
    id: Id,
    asked: Call,
    work: (tx: Parameters<typeof playlistStore.lockPlaylist>[0], row: playlistStore.PlaylistRow) => Promise<R>,
  ): Promise<R> =>
    db.tx(async (tx) => {
      const row = seen(await playlistStore.lockPlaylist(tx, id), asked);
      if (!can(asked, "change", resource(row))) throw NotYourPlaylist({});
      return work(tx, row);
    });

  return {
    async createPlaylist({ title, description, visibility }, asked) {
      const userId = callerOf(asked);
      const row = { id: nextId(), user_id: userId, title, description, visibility, created_at_ms: now() };
      const isRoom = await db.tx((tx) => playlistStore.insertPlaylist(tx, row, playlistsMax));
      if (!isRoom) throw TooManyPlaylists({});
      return told({ id: row.id, userId, title, description, visibility, createdAtMs: row.created_at_ms }, asked);
    },
    playlist: async ({ id }, asked) => told(seen(await playlistStore.playlistById(db, id), asked), asked),
    updatePlaylist: ({ id, title, description, visibility }, asked) =>
      change(id, asked, async (tx, row) => {
        const changed = {
          title: title ?? row.title,
          description: description ?? row.description,
          visibility: visibility ?? row.visibility,
        };
        await playlistStore.updatePlaylist(tx, id, changed);
        return told({ ...row, ...changed }, asked);
      }),
    removePlaylist: ({ id }, asked) =>
      change(id, asked, async (tx) => {
        await playlistStore.removePlaylist(tx, id);
        return {};
      }),

    async playlistItems({ id, ...page }, asked) {
      const row = seen(await playlistStore.playlistById(db, id), asked);
      const { items, ...rest } = await playlistStore.itemsOf(db, row, asked.userId, page);
      return { ...rest, items: (await met(items, asked)).map((item) => shown(item, asked)) };
    },
    async addToPlaylist({ id, videoId }, asked) {
      seen(await playlistStore.playlistById(db, id), asked);
      await mustSee(videoId, asked);
      return change(id, asked, async (tx) => {
        const added = await playlistStore.addItem(tx, id, videoId, itemsMax);
        if (added === "full") throw PlaylistFull({});
        return { added };
      });
    },
    removeFromPlaylist: ({ id, video: videoId }, asked) =>
      change(id, asked, async (tx) => {
        await playlistStore.removeItem(tx, id, videoId);
        return {};
      }),
    moveInPlaylist: ({ id, video: videoId, afterId }, asked) =>
      change(id, asked, async (tx) => {
        if (!(await playlistStore.moveItem(tx, id, videoId, afterId))) throw NotInPlaylist({});
        return {};
      }),
    async playlistsOf({ id, ...page }, asked) {
      await mustBe(id, asked);
      const { items, ...rest } = await playlistStore.playlistsOf(db, id, asked.userId === id, page);
      return { ...rest, items: items.map((row) => told(row, asked)) };
    },
  };
}
