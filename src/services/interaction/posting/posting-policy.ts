import { type Call, callerOf, type Host, type Id, type Reader } from "#kernel";
import { blocklistReader } from "#policy/blocklist";
import { idTimeMs } from "#kernel/ids/id";
import { hasLink, contentFilter } from "#policy/content-filter";
import { TooFast } from "#services/moderation/contract";
import { flagging, reasonOf, type NewcomerRules, usualRules, WordsRefused, blocklistChanged } from "#policy/blocklist";
import { mustNotBeMuted } from "#policy/mutes";
import * as speechStore from "./post-store.ts";
import type { Tables } from "../store.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Who may say what, by what moderators and administrators decided. */
export function speakingOf({ db, now }: Pick<Host<Tables>, "db" | "now">) {
  const watched = blocklistReader(
    db,
    (told) => {
      const { words, rules } = blocklistChanged.payload.parse(told);
      return { find: contentFilter(words), rules };
    },
    { find: contentFilter([]), rules: usualRules },
  );

  async function isNewcomer(userId: Id, { days, comments }: NewcomerRules): Promise<boolean> {
    if (now() - idTimeMs(userId) >= days * dayMs) return false;
    return comments > 0 && (await speechStore.accepted(db, userId, comments)) < comments;
  }

  /**
   * Why what is said waits for a moderator; undefined where it does not.
   * @throws Muted, TooFast, and WordsRefused where it is not said at all
   */
  async function heldFor(text: string, call: Call): Promise<string | undefined> {
    const userId = callerOf(call);
    await mustNotBeMuted(db, userId, now());
    // Whoever decides about the words of others needs to quote them.
    if (call.role === "moderator" || call.role === "admin") return undefined;
    const { find, rules } = await watched();
    const found = find(text);
    if (found.some(({ action }) => action === "refuse")) throw WordsRefused({});
    const mayBeNew = now() - idTimeMs(userId) < rules.days * dayMs;
    if (mayBeNew && (await isNewcomer(userId, rules))) {
      const { perMinute } = rules;
      const said = perMinute > 0 ? await speechStore.saidLast(db, userId, now() - minuteMs, perMinute) : [];
      const first = said[perMinute - 1];
      if (first !== undefined) throw TooFast({ retryAfterMs: Math.max(1, first + minuteMs - now()) });
      if (rules.holdLinks && hasLink(text)) return "link";
    }
    return reasonOf(found);
  }

  return {
    heldFor,
    /** Names what others see. @throws Muted where the caller may say nothing for now */
    mayName: (call: Call, reader: Reader<Tables>) => mustNotBeMuted(reader, callerOf(call), now()),
    /** Why a moderator should look at a name, while it is shown; undefined where nobody needs to. @throws WordsRefused */
    flagFor: flagging(db),
  };
}
