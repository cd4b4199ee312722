import type { Status } from "#events/live";
import { type Call, emptyPage, type Id, type PageInput, type RotatingKey } from "#kernel";
import { openState } from "#policy/gates/thing-access";
import { createUnlock } from "#policy/unlock";
import { type Live, LiveNotFound, NoPassword, WrongPassword } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import { type RoomAccess, thingOf } from "./access.ts";
import { stateOf } from "./room-events.ts";
import * as store from "./room-store.ts";

interface Parts {
  readonly access: RoomAccess;
  readonly present: (row: store.Row, call: Call) => Live;
  /** Signs unlock tokens. */
  readonly key: RotatingKey;
}

/** Live rooms for viewers: one, and lists of them. */
export function createRoomLists({ db, cache, now }: LiveHost, { access, present, key }: Parts) {
  const unlock = createUnlock({ cache, now, key, kind: "live", wrongPassword: () => WrongPassword({}) });

  return {
    get: async ({ id }: { id: Id }, call: Call) =>
      present(await access.requireVisible(await store.byId(db, id), call), call),

    async list({ status, sort, categoryId, ...page }: PageInput & store.ListFilter, call: Call) {
      const { items, ...paging } = await store.publicRooms(db.read(call), { status, sort, categoryId }, page);
      return { ...paging, items: (await access.listable(items, call)).map((row) => present(row, call)) };
    },

    async ofUser({ id, status, ...page }: PageInput & { id: Id; status?: Status | undefined }, call: Call) {
      const relationship = await access.relationshipTo(id, call);
      if (relationship?.isBlocked) return emptyPage(page);
      const audience = call.userId === id ? "owner" : relationship?.isFollower ? "follower" : "anybody";
      const { items, ...paging } = await store.roomsOf(db.read(call), { ownerId: id, status, audience }, page);
      return { ...paging, items: (await access.listable(items, call)).map((row) => present(row, call)) };
    },

    /** The gate of a room; a room without one is open to those who may see it. */
    async gate({ id, isAnew }: { id: Id; isAnew: boolean }, call: Call) {
      const row = await store.byId(db, id);
      if (!row?.gate) {
        const seen = await access.requireVisible(row, call).catch(() => Promise.reject(LiveNotFound({})));
        return openState(thingOf(seen));
      }
      const state = await access.gateOf(thingOf(row), call, isAnew);
      if (!state) throw LiveNotFound({});
      return state;
    },

    async batch({ after, limit }: { after: number; limit: number }) {
      const rows = await store.batch(db, after, limit);
      return { items: rows.map((row) => ({ ...stateOf(row), startedAtMs: row.startedAtMs })) };
    },

    onAir: () => store.onAir(db),

    async visible({ ids }: { ids: Id[] }, call: Call) {
      const rows = await access.listable(await store.byIds(db.read(call), ids), call);
      return { items: rows.map((row) => present(row, call)) };
    },

    async unlock({ id, password }: { id: Id; password: string }, call: Call) {
      const row = await store.byId(db, id);
      const passwordHash = row?.passwordHash ?? null;
      if (!row || passwordHash === null || row.isRemoved) {
        await access.requireVisible(row, call);
        throw NoPassword({});
      }
      return unlock({ id, passwordHash }, password, call);
    },
  };
}
