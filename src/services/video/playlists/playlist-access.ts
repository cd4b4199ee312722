import type { Call, Host, Id, Tx } from "#kernel";
import { can } from "#policy/can";
import { lockOf, openState, type Thing, type ThingAccess } from "#policy/gates/thing-access";
import type { GateState } from "#policy/gates/fields";
import { NotYourPlaylist, PlaylistNotFound } from "../contract.ts";
import type { Tables } from "../store.ts";
import * as playlistStore from "./playlist-store.ts";

/** Decides which users may see and change playlists. */
export interface PlaylistAccess {
  /** @throws PlaylistNotFound, GateClosed, ChainUnavailable */
  readonly visible: (id: Id, call: Call) => Promise<playlistStore.PlaylistRow>;
  /** The playlists that lists for the caller may show. */
  readonly listable: (
    rows: readonly playlistStore.PlaylistRow[],
    call: Call,
  ) => Promise<readonly playlistStore.PlaylistRow[]>;
  /** The gate of a playlist; one without a gate is open to those who may see it. @throws PlaylistNotFound */
  readonly gateOf: (id: Id, isAnew: boolean, call: Call) => Promise<GateState>;
  /** @throws PlaylistNotFound, GateClosed, ChainUnavailable, NotYourPlaylist */
  readonly own: (id: Id, call: Call) => Promise<playlistStore.PlaylistRow>;
  /** Changes the caller's own playlist, which is locked. @throws as `own` */
  readonly change: <R>(
    id: Id,
    call: Call,
    work: (tx: Tx<Tables>, row: playlistStore.PlaylistRow) => Promise<R>,
  ) => Promise<R>;
}

/** `things`: access to playlists by their gates. */
export function createPlaylistAccess(
  { db }: Pick<Host<Tables>, "db">,
  { things }: { readonly things: ThingAccess },
): PlaylistAccess {
  async function visible(id: Id, call: Call): Promise<playlistStore.PlaylistRow> {
    const row = await playlistStore.playlistById(db, id);
    if (!row) throw PlaylistNotFound({});
    const thing = thingOf(row);
    const standing = (await things.standings([thing], call, call)).get(id);
    if (can(call, "see", things.resource(thing, call, { gate: standing?.opening }))) return row;
    throw lockOf(thing, standing, () => PlaylistNotFound({})) ?? PlaylistNotFound({});
  }

  /** @throws PlaylistNotFound, NotYourPlaylist */
  function requireOwn(row: playlistStore.PlaylistRow | undefined, call: Call): playlistStore.PlaylistRow {
    if (!row) throw PlaylistNotFound({});
    if (!can(call, "change", things.resource(thingOf(row), call))) throw NotYourPlaylist({});
    return row;
  }

  return {
    visible,

    async listable(rows, call) {
      const standings = await things.standings(rows.map(thingOf), call, call);
      return rows.filter((row) =>
        can(call, "meet", things.resource(thingOf(row), call, { gate: standings.get(row.id)?.opening })),
      );
    },

    async gateOf(id, isAnew, call) {
      const row = await playlistStore.playlistById(db, id);
      const state = row?.gate ? await things.gateOf(thingOf(row), call, isAnew) : undefined;
      return state ?? openState(thingOf(await visible(id, call)));
    },

    own: async (id, call) => requireOwn(await visible(id, call), call),

    async change(id, call, work) {
      // Other services are asked about a gate, which no transaction waits for.
      await visible(id, call);
      return db.tx(async (tx) => work(tx, requireOwn(await playlistStore.lockPlaylist(tx, id), call)));
    },
  };
}

/** A playlist as the rules of access know it. Pure. */
const thingOf = (row: playlistStore.PlaylistRow): Thing => ({ ...row, ownerId: row.userId, isPublished: true });
