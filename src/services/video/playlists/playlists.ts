import { requireAccount } from "#policy/account";
import { isDeepStrictEqual } from "node:util";
import { gateChanged } from "#events/gate";
import { playlistDeleted, playlistUpdated } from "#events/video";
import type { GateCheck } from "#policy/gates/check";
import { GatePasswordMissing } from "#policy/gates/failures";
import type { gateInput } from "#policy/gates/fields";
import { protectionColumns, protectionFor } from "#policy/gates/protection";
import { hashForVisibility } from "#policy/unlock-token";
import { callerOf, emptyPage, type Handlers, type Host } from "#kernel";
import type { z } from "zod";
import type { RequireUser } from "../access/user-check.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";
import { TooManyPlaylists, type video } from "../contract.ts";
import type { PostingPolicy } from "../posting-policy.ts";
import type { Tables } from "../store.ts";
import { createContentCheck } from "./content-check.ts";
import type { PlaylistAccess } from "./playlist-access.ts";
import * as playlistStore from "./playlist-store.ts";
import { playlistFact, presentPlaylist } from "./presenter.ts";

interface Parts extends Pick<ViewerAccess, "relationshipTo"> {
  readonly requireUser: RequireUser;
  readonly policy: PostingPolicy;
  readonly access: PlaylistAccess;
  readonly checkGate: GateCheck;
}
type Methods = (typeof video)["methods"];
type Create = z.output<Methods["createPlaylist"]["input"]>;
type Update = Omit<z.output<Methods["updatePlaylist"]["input"]>, "id" | keyof typeof gateInput>;
type GateFields = Pick<Create, keyof typeof gateInput>;
type Names = "createPlaylist" | "playlist" | "updatePlaylist" | "removePlaylist" | "playlistsOf" | "playlistBatch";

const playlistsMax = 500;

/** Playlists without the videos in them. */
export function createPlaylists(
  { db, emit, nextId, now }: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  { relationshipTo, requireUser, policy, access, checkGate }: Parts,
): Pick<Handlers<typeof video>, Names> {
  const checkContent = createContentCheck(policy);

  return {
    async createPlaylist(input, call) {
      const userId = callerOf(call);
      await checkGate(input.gate, call);
      const fields = newFields(input);
      const protection = protectionOf(fields.visibility, input, await hashOf(input, input.visibility));
      const heldFor = await checkContent(db, fields, undefined, call);
      const columns = { ...fields, ...protectionColumns(protection) };
      const row = { id: nextId(), user_id: userId, ...columns, created_at_ms: now() };
      const shown = { id: row.id, userId, ...fields, ...protection, createdAtMs: row.created_at_ms };
      const playlist = { ...shown, generation: 1, version: 1 };
      return db.answer(async (tx) => {
        await requireAccount(tx, userId);
        if (!(await playlistStore.insertPlaylist(tx, row, playlistsMax))) throw TooManyPlaylists({});
        await emit(tx, playlistUpdated, playlist.id, playlistFact(playlist));
        if (heldFor !== undefined) await policy.flag(tx, "playlist", playlist, heldFor);
        return presentPlaylist(playlist, call);
      });
    },

    playlist: async ({ id }, call) => presentPlaylist(await access.visible(id, call), call),

    async updatePlaylist({ id, gate, gatePassword, teaser, ...update }, call) {
      await checkGate(gate, call);
      const passwordHash = await hashOf({ gatePassword }, update.visibility);
      return access.change(id, call, async (tx, row) => {
        const changes = updatedFields(row, update);
        const heldFor = await checkContent(tx, changes, row, call);
        const protection = protectionOf(changes.visibility, { gate, teaser }, passwordHash, row);
        const columns = { ...changes, ...protectionColumns(protection) };
        const isOther = !isDeepStrictEqual(
          { visibility: row.visibility, ...protectionColumns(row) },
          { visibility: changes.visibility, ...protectionColumns(protection) },
        );
        const generation = row.generation + (isOther ? 1 : 0);
        await playlistStore.updatePlaylist(tx, id, { ...columns, generation });
        const changedRow = { ...row, ...changes, ...protection, generation, version: row.version + 1 };
        await emit(tx, playlistUpdated, id, playlistFact(changedRow));
        if (row.gate !== null && isOther)
          await emit(tx, gateChanged, id, { kind: "playlist", thingId: id, generation });
        if (heldFor !== undefined) await policy.flag(tx, "playlist", changedRow, heldFor);
        return presentPlaylist(changedRow, call);
      });
    },

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
      return { ...paging, items: (await access.listable(items, call)).map((row) => presentPlaylist(row, call)) };
    },

    playlistBatch: async ({ after, limit }) => ({
      items: (await playlistStore.playlistBatch(db, after, limit)).map(playlistFact),
    }),
  };
}

/** A field of the contract that is missing in one of these is a type error; their names are those of the columns. */
const newFields = ({ title, description, visibility }: Create) =>
  ({ title, description, visibility }) satisfies { readonly [F in keyof Omit<Create, keyof GateFields>]: Create[F] };

const hashOf = ({ gatePassword }: Pick<GateFields, "gatePassword">, visibility: Update["visibility"]) =>
  hashForVisibility(gatePassword, visibility ?? "gated");

/** @throws GateMissing, GatePasswordMissing */
const protectionOf = (
  visibility: playlistStore.PlaylistRow["visibility"],
  { gate, teaser }: Pick<GateFields, "gate" | "teaser">,
  passwordHash: string | undefined,
  before?: playlistStore.PlaylistRow,
) =>
  protectionFor({
    visibility,
    named: { gate, teaser, passwordHash },
    ...(before && { before }),
    passwordMissing: () => GatePasswordMissing({}),
  });

/** The fields after an update; one that is left out stays. */
const updatedFields = (row: playlistStore.PlaylistRow, update: Update) =>
  ({
    title: update.title ?? row.title,
    description: update.description ?? row.description,
    visibility: update.visibility ?? row.visibility,
  }) satisfies { readonly [F in keyof Required<Update>]: NonNullable<Update[F]> };
