import { requireAccount } from "#policy/account";
import { type Call, callerOf } from "#kernel";
import { requireCategory } from "#policy/categories";
import type { GateCheck } from "#policy/gates/check";
import { protectionColumns, protectionFor } from "#policy/gates/protection";
import { hashForVisibility } from "#policy/unlock-token";
import type { z } from "zod";
import { type Live, type live, PasswordMissing, TooManyWaiting } from "../../contract.ts";
import type { TextFlags } from "./text-flags.ts";
import type { LiveHost } from "../../settings.ts";
import type { RoomEvents } from "./room-events.ts";
import * as store from "./room-store.ts";
import { requirePlan, visibilityOf } from "./rooms.ts";
import { newStreamKey } from "./stream-key.ts";

type Create = z.output<(typeof live)["methods"]["create"]["input"]>;

/** Rooms of one account that have not ended. */
const openMax = 20;

interface Parts {
  readonly gate: TextFlags;
  readonly checkGate: GateCheck;
  readonly events: RoomEvents;
  readonly present: (row: store.Row, call: Call, newKey: string) => Live;
}

/** Creates live rooms. */
export function createRoomCreation({ db, now, nextId, random }: LiveHost, { gate, checkGate, events, present }: Parts) {
  return async (input: Create, call: Call): Promise<Live> => {
    requireCategory(input.categoryId);
    requirePlan(input.scheduledAtMs, now());
    await checkGate(input.gate, call);
    const reason = await gate.reasonToFlag([input.title, input.description], call);
    const ownerId = callerOf(call);
    const visibility = visibilityOf(input) ?? "public";
    const passwordHash = await hashForVisibility(input.gatePassword ?? input.password, visibility);
    const protection = protectionFor({
      visibility,
      named: { passwordHash, gate: input.gate, teaser: input.teaser },
      passwordMissing: () => PasswordMissing({}),
    });
    const key = newStreamKey(random);
    const id = nextId();
    return db.answer(async (tx) => {
      await requireAccount(tx, ownerId);
      if ((await store.openCount(tx, ownerId)) >= openMax) throw TooManyWaiting({});
      await store.insert(tx, {
        id,
        owner_id: ownerId,
        title: input.title,
        description: input.description ?? "",
        cover_url: input.coverUrl ?? "",
        category_id: input.categoryId ?? null,
        visibility,
        ...protectionColumns(protection),
        status: "waiting",
        key_hash: key.hash,
        key_hint: key.hint,
        keeps_recording: input.keepsRecording ?? true,
        notifies_followers: input.notifiesFollowers ?? true,
        scheduled_at_ms: input.scheduledAtMs ?? null,
        started_at_ms: null,
        ended_at_ms: null,
        created_at_ms: now(),
      });
      const row = await store.byId(tx, id);
      if (!row) throw new Error("a room that was just inserted is not there");
      await gate.flag(tx, row.ownerId, [row.title, row.description], reason);
      await events.created(tx, row);
      return present(row, call, key.key);
    });
  };
}
