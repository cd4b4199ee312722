import { type Call, callerOf, type Host } from "#kernel";
import { flagging, mustNotBeSilenced } from "#services/moderation/contract";
import type { Tables } from "./store.ts";

/** Who may publish what, by what moderators and administrators decided. */
export function speakingOf({ db, now }: Pick<Host<Tables>, "db" | "now">) {
  const flag = flagging(db);

  return {
    /** @throws Muted where the caller may say nothing for now */
    mayPublish: (asked: Call) => mustNotBeSilenced(db, callerOf(asked), now()),

    /** Why a moderator should look at it, while it is shown; undefined where nobody needs to. @throws WordsRefused */
    flagFor: (texts: readonly (string | undefined)[], asked: Call) => flag(texts, asked),
  };
}
