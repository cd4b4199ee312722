import { type Call, callerOf, type Host } from "#kernel";
import { silenceOf } from "#kernel/db/silence";
import { flagging, Muted } from "#services/moderation/contract";
import type { Tables } from "./store.ts";

/** Who may publish what, by what moderators and administrators decided. */
export function speakingOf({ db, now }: Pick<Host<Tables>, "db" | "now">) {
  const flag = flagging(db);

  return {
    /** @throws Muted where the caller may say nothing for now */
    async mayPublish(asked: Call): Promise<void> {
      const silence = await silenceOf(db, callerOf(asked), now());
      if (silence)
        throw Muted({ reason: silence.reason, ...(silence.untilMs !== null && { untilMs: silence.untilMs }) });
    },

    /** Why a moderator should look at it, while it is shown; undefined where nobody needs to. @throws WordsRefused */
    flagFor: (texts: readonly (string | undefined)[], asked: Call) => flag(texts, asked),
  };
}
