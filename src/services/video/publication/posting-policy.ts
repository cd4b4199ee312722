import { type Call, callerOf, type Host, type Reader, type Tx } from "#kernel";
import { firstCharacters } from "#kernel/text";
import { contentFlagged, excerptMax } from "#services/moderation/contract";
import { flagging } from "#policy/blocklist";
import { mustNotBeMuted } from "#policy/mutes";
import type { Row, Tables } from "../store.ts";

type Said = Pick<Row, "id" | "userId" | "title" | "description">;

/** Who may publish what, by what moderators and administrators decided. */
export function speakingOf({ db, now, emit }: Pick<Host<Tables>, "db" | "now" | "emit">) {
  return {
    /** @throws Muted where the caller may say nothing for now */
    mayPublish: (call: Call, reader: Reader<Tables> = db) => mustNotBeMuted(reader, callerOf(call), now()),

    /** Why a moderator should look at it, while it is shown; undefined where nobody needs to. @throws WordsRefused */
    flagFor: flagging(db),

    /** A moderator is asked to look at it; it is shown meanwhile. */
    async flag(tx: Tx<Tables>, kind: "video" | "playlist", said: Said, heldFor: string): Promise<void> {
      const { id, userId, title, description } = said;
      const excerpt = firstCharacters(`${title}\n${description}`.trim(), excerptMax);
      const told = { kind, id, authorId: userId, videoId: null, isHeld: false };
      await emit(tx, contentFlagged, id, { ...told, excerpt, heldFor, atMs: now() });
    },
  };
}
