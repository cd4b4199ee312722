import { contentFlagged, flaggedPerson } from "#events/moderation";
import { type Call, callerOf, type Id, KinoraError } from "#kernel";
import { createFlagCheck, WordsRefused } from "#policy/copies/blocklist";
import { createContentFilter, hasLink } from "#policy/copies/content-filter";
import { Muted, createMuteCheck } from "#policy/copies/mutes";
import {
  BannedFromRoom,
  ChatBlocked,
  ChatClosed,
  ChatTooFast,
  FollowersOnly,
  MutedInRoom,
  NotLive,
  SlowMode,
  WordsRefusedHere,
} from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { TextFlags } from "../rooms/text-flags.ts";
import type { RoomStanding, RoomState, SeenRoom } from "./room-state.ts";

/** The outcome for a viewer's text: it is shown, waits for a moderator for a reason, or is refused by a rule. */
export type Passage =
  | { readonly status: "sent" }
  | { readonly status: "held"; readonly reason: string }
  | { readonly status: "refused"; readonly failure: KinoraError };

/** The rule that refuses a text. */
const refusals: ReadonlySet<string> = new Set(
  [
    Muted,
    BannedFromRoom,
    MutedInRoom,
    NotLive,
    ChatClosed,
    ChatBlocked,
    FollowersOnly,
    WordsRefused,
    WordsRefusedHere,
    ChatTooFast,
    SlowMode,
  ].map(({ code }) => code),
);
const speed = { messages: 5, withinMs: 5_000 };

export interface TextGate extends TextFlags {
  /** A text that a viewer writes into a room, whatever carries it: a chat message, or the words of a gift. */
  passageOf(state: SeenRoom, text: string, call: Call): Promise<Passage>;
}

/** The one way of people's texts into live rooms. */
export function createTextGate({ db, cache, now, emit }: LiveHost, standing: RoomStanding): TextGate {
  const flagReason = createFlagCheck(db);
  const requireUnmuted = createMuteCheck(db, now);

  /** Why the owner or a moderator looks at a text first; undefined where it is sent. @throws WordsRefused, WordsRefusedHere */
  async function holdReason({ rules }: RoomState, text: string, isFollower: boolean, call: Call) {
    const siteReason = await flagReason([text], call);
    const words = rules.keywords.length > 0 ? createContentFilter(rules.keywords)(text) : [];
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

  return {
    async passageOf(state, text, call) {
      const userId = callerOf(call);
      try {
        await requireUnmuted(userId);
        const writer = await standing.requireMayWrite(state, { ...call, userId });
        if (writer.isStaff) return { status: "sent" };
        const reason = await holdReason(state, text, writer.isFollower, call);
        await count(state, userId);
        return reason === undefined ? { status: "sent" } : { status: "held", reason };
      } catch (error) {
        if (error instanceof KinoraError && refusals.has(error.code)) return { status: "refused", failure: error };
        throw error;
      }
    },

    async reasonToFlag(texts, call) {
      await requireUnmuted(callerOf(call));
      return flagReason(texts, call);
    },

    async flag(tx, ownerId, texts, reason) {
      if (reason === undefined) return;
      await emit(tx, contentFlagged, ownerId, flaggedPerson(ownerId, texts, reason, now()));
    },
  };
}
