import { type Call, callerOf, type Id } from "#kernel";
import { deletedAmong } from "#policy/deleted-users";
import { flagging } from "#policy/blocklist";
import { contentFilter, hasLink } from "#policy/content-filter";
import { muteCheck } from "#policy/mutes";
import { BadToken } from "#services/auth/contract";
import { user } from "#services/user/contract";
import { ChatTooFast, SlowMode, WordsRefusedHere } from "../contract.ts";
import { fanLevels } from "../fan-clubs/fan-clubs.ts";
import * as moderation from "../room-moderation/moderation-store.ts";
import { isStaff, type RoomState, type RoomStanding } from "../room-moderation/room-state.ts";
import type { LiveHost } from "../settings.ts";
import { presentMessage, type Said } from "./presenter.ts";
import type { RoomLog } from "./room-log.ts";
import { turns } from "./turns.ts";

interface Parts {
  readonly standing: RoomStanding;
  readonly log: RoomLog;
}
const speed = { messages: 5, withinMs: 5_000 };
/** Messages of one turn are checked together: the later a turn, the fewer statements, and the later a message. */
const turnsOfTick = 5;
/** Names of who writes change seldom. */
const nameLifeMs = 5_000;

/** Who writes, as viewers see them. */
function nameLookup({ cache, client, call: newCall }: LiveHost) {
  return (userId: Id, { traceId, signal }: Call) =>
    cache.cached(`live:name:${userId}`, nameLifeMs, async () => {
      const { items } = await client(user).briefs({ ids: [userId] }, newCall({ traceId, signal }));
      const [brief] = items;
      if (!brief) throw BadToken({});
      return { username: brief.username, nickname: brief.nickname, avatar: brief.avatar };
    });
}

/** The chat of rooms. */
export function roomChat(host: LiveHost, { standing, log }: Parts) {
  const { db, cache, now, nextId, settings } = host;
  const flagReason = flagging(db);
  const requireUnmuted = muteCheck(db, now);
  const nextTurn = turns(settings.tickMs / turnsOfTick);
  const nameOf = nameLookup(host);
  const fanLevelOf = fanLevels(host);

  /** Why the owner or a moderator looks at a text first; undefined where it is sent. @throws WordsRefused, WordsRefusedHere */
  async function holdReason({ rules }: RoomState, text: string, isFollower: boolean, call: Call) {
    const siteReason = await flagReason([text], call);
    const words = rules.keywords.length > 0 ? contentFilter(rules.keywords)(text) : [];
    if (words.some(({ action }) => action === "refuse")) throw WordsRefusedHere({});
    if (words[0]) return `word: ${words[0].pattern}`;
    if (siteReason !== undefined) return siteReason;
    return rules.holdLinks && !isFollower && hasLink(text) ? "link" : undefined;
  }

  /** @throws ChatTooFast, SlowMode */
  async function count({ row, rules }: RoomState, userId: Id): Promise<void> {
    const fast = await cache.add(`live:chat:${userId}`, 1, speed.withinMs);
    if (fast.value > speed.messages) throw ChatTooFast({ retryAfterMs: Math.ceil(fast.leftMs) });
    if (rules.slowMode === 0) return;
    const slow = await cache.add(`live:slow:${row.id}:${userId}`, 1, rules.slowMode * 1_000);
    if (slow.value > 1) throw SlowMode({ retryAfterMs: Math.ceil(slow.leftMs) });
  }

  async function hold(state: RoomState, userId: Id, username: string, said: Said, reason: string): Promise<void> {
    const { row, moderatorIds } = state;
    const held = { id: nextId(), createdAtMs: now() };
    await db.tx(async (tx) => {
      if ((await deletedAmong(tx, [userId])).size > 0) throw BadToken({});
      await moderation.hold(tx, {
        id: held.id,
        live_id: row.id,
        user_id: userId,
        username,
        payload: JSON.stringify(said),
        reason,
        created_at_ms: held.createdAtMs,
      });
    });
    const payload = JSON.stringify({ id: held.id, reason, ...said });
    for (const toUserId of [row.ownerId, ...moderatorIds])
      log.signal(row.id, { kind: "held", userId, username, payload, toUserId });
  }

  return {
    nameOf,

    handlers: {
      async say({ id, content }: { id: Id; content: string }, call: Call) {
        const userId = callerOf(call);
        await nextTurn();
        const state = await standing.visible(id, call);
        await requireUnmuted(userId);
        const writer = await standing.requireMayWrite(state, { ...call, userId });
        const reason = writer.isStaff ? undefined : await holdReason(state, content, writer.isFollower, call);
        const { username, ...shown } = await nameOf(userId, call);
        if (!writer.isStaff) await count(state, userId);
        const badge = userId === state.row.ownerId ? "host" : isStaff(state, call) ? "moderator" : "";
        const { ownerId } = state.row;
        const level = userId === ownerId ? 0 : await fanLevelOf({ ownerId, userId });
        const said: Said = { message: content, ...shown, badge, fan_level: level };
        if (reason !== undefined) {
          await hold(state, userId, username, said, reason);
          return { message: null, isHeld: true };
        }
        const payload = JSON.stringify(said);
        const seq = await log.append(id, { kind: "chat", class: "chat", userId, username, payload });
        return {
          message: presentMessage({ seq, kind: "chat", userId, username, payload, atMs: now() }),
          isHeld: false,
        };
      },
    },
  };
}
export type RoomChat = ReturnType<typeof roomChat>;
