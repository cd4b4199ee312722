import { contentFlagged, excerptMax } from "#events/moderation";
import { type Call, callerOf, type Host, type Reader, type Tx } from "#kernel";
import { firstCharacters } from "#kernel/text";
import { createFlagCheck } from "#policy/copies/blocklist";
import { mustNotBeMuted } from "#policy/copies/mutes";
import type { Row, Tables } from "./store.ts";

type Content = Pick<Row, "id" | "userId" | "title" | "description">;

/** Decides which texts users may publish, by mutes and the blocklist. */
export interface PostingPolicy {
  /** @throws Muted */
  readonly requireUnmuted: (call: Call, reader?: Reader<Tables>) => Promise<void>;
  /** Why a moderator should look at the texts; undefined where there is no reason. @throws WordsRefused */
  readonly flagReason: (
    texts: readonly (string | undefined)[],
    call: Pick<Call, "role">,
    reader?: Reader<Tables>,
  ) => Promise<string | undefined>;
  /** Flags content for moderators; it stays visible meanwhile. */
  readonly flag: (tx: Tx<Tables>, kind: "video" | "playlist", content: Content, heldFor: string) => Promise<void>;
}

export function createPostingPolicy({ db, now, emit }: Pick<Host<Tables>, "db" | "now" | "emit">): PostingPolicy {
  return {
    requireUnmuted: (call: Call, reader: Reader<Tables> = db) => mustNotBeMuted(reader, callerOf(call), now()),

    flagReason: createFlagCheck(db),

    async flag(tx: Tx<Tables>, kind: "video" | "playlist", content: Content, heldFor: string): Promise<void> {
      const { id, userId, title, description } = content;
      const excerpt = firstCharacters(`${title}\n${description}`.trim(), excerptMax);
      const fact = { kind, id, authorId: userId, videoId: null, isHeld: false };
      await emit(tx, contentFlagged, id, { ...fact, excerpt, heldFor, atMs: now() });
    },
  };
}
