import { contentFlagged, excerptMax } from "#events/moderation";
import { type Call, callerOf, type Host, type Reader, type Tx } from "#kernel";
import { firstCharacters } from "#kernel/text";
import { flagging } from "#policy/copies/blocklist";
import { mustNotBeMuted } from "#policy/copies/mutes";
import type { Row, Tables } from "./store.ts";

type Content = Pick<Row, "id" | "userId" | "title" | "description">;

/** Who may publish which texts, by mutes and the blocklist. */
export function postingPolicy({ db, now, emit }: Pick<Host<Tables>, "db" | "now" | "emit">) {
  return {
    /** @throws Muted */
    requireUnmuted: (call: Call, reader: Reader<Tables> = db) => mustNotBeMuted(reader, callerOf(call), now()),

    /** Why a moderator should look at the texts; undefined where there is no reason. @throws WordsRefused */
    flagReason: flagging(db),

    /** Flags content for moderators; it stays visible meanwhile. */
    async flag(tx: Tx<Tables>, kind: "video" | "playlist", content: Content, heldFor: string): Promise<void> {
      const { id, userId, title, description } = content;
      const excerpt = firstCharacters(`${title}\n${description}`.trim(), excerptMax);
      const fact = { kind, id, authorId: userId, videoId: null, isHeld: false };
      await emit(tx, contentFlagged, id, { ...fact, excerpt, heldFor, atMs: now() });
    },
  };
}
