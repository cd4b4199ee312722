import { type Call, callerOf, type Host, type Reader } from "#kernel";
import { flagging, mustNotBeSilenced } from "#services/moderation/contract";
import type { Tables } from "./store.ts";

/** Who may publish what, by what moderators and administrators decided. */
export function speakingOf({ db, now }: Pick<Host<Tables>, "db" | "now">) {
  const flag = flagging(db);

  return {
    /** @throws Muted where the caller may say nothing for now */
    mayPublish: (asked: Call, reader: Reader<Tables> = db) => mustNotBeSilenced(reader, callerOf(asked), now()),

    /** Why a moderator should look at it, while it is shown; undefined where nobody needs to. @throws WordsRefused */
    flagFor: flag,
  };
}
