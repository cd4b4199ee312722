import { isDeepStrictEqual } from "node:util";
import type { Call, Handlers } from "#kernel";
import { requireCategory } from "#policy/categories";
import type { GateCheck } from "#policy/gates/check";
import { protectionColumns, protectionFor } from "#policy/gates/protection";
import { hashForVisibility } from "#policy/unlock-token";
import { gateChanged } from "#events/gate";
import type { z } from "zod";
import { keepFormerKey } from "./former-key-store.ts";
import { type Live, type live, LiveEnded, LiveNotFound, PasswordMissing, TooFarAhead } from "../../contract.ts";
import { presentLive } from "../../presenter.ts";
import type { LiveHost } from "../../settings.ts";
import type { RoomAccess } from "./access.ts";
import type { TextFlags } from "./text-flags.ts";
import type { RoomEvents } from "./room-events.ts";
import * as store from "./room-store.ts";
import { newStreamKey } from "./stream-key.ts";

type Update = z.output<(typeof live)["methods"]["update"]["input"]>;

interface Parts {
  readonly access: RoomAccess;
  readonly gate: TextFlags;
  readonly checkGate: GateCheck;
  readonly events: RoomEvents;
  /** Called after the commit for a room whose key or state was changed. */
  readonly changed: (row: store.Row, isNewKey?: boolean) => void;
}

/** Changes live rooms. */
export interface Rooms {
  /** The caller's room; `LiveNotFound` for one that the caller may not even see. */
  readonly requireOwnRoom: (id: number, action: "change" | "delete", call: Call) => Promise<store.Row>;
  readonly present: (row: store.Row, call: Call, newKey?: string) => Live;
  readonly handlers: Pick<Handlers<typeof live>, "update" | "resetKey">;
}

export function createRooms(host: LiveHost, { access, gate, checkGate, events, changed }: Parts): Rooms {
  const { db, emit, now, random, settings } = host;
  const present = (row: store.Row, call: Call, newKey?: string): Live =>
    presentLive(row, call, { nowMs: now(), pushUrl: settings.pushUrl, newKey });

  async function requireOwnRoom(id: number, action: "change" | "delete", call: Call): Promise<store.Row> {
    const row = await access.requireVisible(await store.byId(db, id), call);
    return access.requireOwn(row, action, call);
  }

  async function update({ id, ...input }: Update, call: Call): Promise<Live> {
    await requireOwnRoom(id, "change", call);
    requireCategory(input.categoryId);
    requirePlan(input.scheduledAtMs, now());
    await checkGate(input.gate, call);
    const reason = await gate.reasonToFlag([input.title, input.description], call);
    const newHash = await hashForVisibility(input.gatePassword ?? input.password, visibilityOf(input));
    const updated = await db.tx(async (tx) => {
      const before = await store.lockById(tx, id);
      if (!before) throw LiveNotFound({});
      if (before.status === "ended") throw LiveEnded({});
      const row = await store.update(tx, id, changesOf(before, input, newHash));
      if (!row) throw LiveNotFound({});
      await gate.flag(tx, row.ownerId, [row.title, row.description], reason);
      await events.updated(tx, row);
      if (before.gate !== null && row.generation !== before.generation)
        await emit(tx, gateChanged, id, { kind: "live", thingId: id, generation: row.generation });
      return row;
    });
    changed(updated);
    return present(updated, call);
  }

  async function resetKey({ id }: { id: number }, call: Call) {
    await requireOwnRoom(id, "change", call);
    const key = newStreamKey(random);
    const row = await db.tx(async (tx) => {
      const before = await store.lockById(tx, id);
      if (!before) throw LiveNotFound({});
      if (before.status === "ended") throw LiveEnded({});
      await keepFormerKey(tx, id);
      return store.update(tx, id, { key_hash: key.hash, key_hint: key.hint });
    });
    if (row) changed(row, true);
    return { streamKey: key.key, pushUrl: settings.pushUrl };
  }

  return { requireOwnRoom, present, handlers: { update, resetKey } };
}

const yearMs = 366 * 24 * 3_600_000;
/** @throws TooFarAhead */
export function requirePlan(scheduledAtMs: number | null | undefined, nowMs: number): void {
  if (scheduledAtMs != null && scheduledAtMs > nowMs + yearMs) throw TooFarAhead({});
}

/** `visibility` where it is present, else what `is_private` means. */
export const visibilityOf = ({ visibility, isPrivate }: Pick<Update, "visibility" | "isPrivate">) =>
  visibility ?? (isPrivate === undefined ? undefined : isPrivate ? "private" : "public");

/** The columns that an update changes. Pure. @throws PasswordMissing, GateMissing, GatePasswordMissing */
function changesOf(before: store.Row, input: Omit<Update, "id">, newHash: string | undefined) {
  // `is_private: false` leaves an unlisted room as it is.
  const isSame = input.visibility === undefined && input.isPrivate === (before.visibility === "private");
  const visibility = (isSame ? undefined : visibilityOf(input)) ?? before.visibility;
  const protection = protectionFor({
    visibility,
    named: { passwordHash: newHash, gate: input.gate, teaser: input.teaser },
    before,
    passwordMissing: () => PasswordMissing({}),
  });
  const columns = { visibility, ...protectionColumns(protection) };
  const isOther = !isDeepStrictEqual(columns, { visibility: before.visibility, ...protectionColumns(before) });
  const given = {
    title: input.title,
    description: input.description,
    cover_url: input.coverUrl,
    category_id: input.categoryId,
    scheduled_at_ms: input.scheduledAtMs,
    keeps_recording: input.keepsRecording,
    notifies_followers: input.notifiesFollowers,
  };
  const changes: store.Changes = { ...columns, ...(isOther && { generation: before.generation + 1 }) };
  return { ...changes, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
