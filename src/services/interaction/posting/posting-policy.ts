import { TooFast } from "#policy/pace";
import { blocklistChanged, type NewcomerRules } from "#events/moderation";
import { type Call, callerOf, type Host, type Id, type Reader } from "#kernel";
import { createBlocklistReader } from "#policy/copies/blocklist";
import { idTimeMs } from "#kernel/ids/id";
import { hasLink, createContentFilter } from "#policy/copies/content-filter";
import { createFlagCheck, type FlagCheck, reasonOf, usualRules, WordsRefused } from "#policy/copies/blocklist";
import { mustNotBeMuted } from "#policy/copies/mutes";
import * as postStore from "./post-store.ts";
import type { Tables } from "../store.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** The posting policy: which posts are refused or held, by the decisions of moderators and administrators. */
export interface PostingPolicy {
  /**
   * The reason to hold a post for a moderator; undefined where it is published.
   * @throws Muted, TooFast, WordsRefused
   */
  readonly heldFor: (text: string, call: Call) => Promise<string | undefined>;
  /** @throws Muted where the caller may not post */
  readonly requireNotMuted: (call: Call, reader: Reader<Tables>) => Promise<void>;
  /** For public names, which stay visible until a moderator decides. @throws WordsRefused */
  readonly flagReasonFor: FlagCheck<Tables>;
}

export function createPostingPolicy({ db, now }: Pick<Host<Tables>, "db" | "now">): PostingPolicy {
  const readBlocklist = createBlocklistReader(
    db,
    (changed) => {
      const { words, rules } = blocklistChanged.payload.parse(changed);
      return { find: createContentFilter(words), rules };
    },
    { find: createContentFilter([]), rules: usualRules },
  );

  async function isNewcomer(userId: Id, { days, comments }: NewcomerRules): Promise<boolean> {
    if (now() - idTimeMs(userId) >= days * dayMs) return false;
    return comments > 0 && (await postStore.countVisible(db, userId, comments)) < comments;
  }

  async function holdReasonFor(text: string, call: Call): Promise<string | undefined> {
    const userId = callerOf(call);
    await mustNotBeMuted(db, userId, now());
    // Moderators quote what they decide about.
    if (call.role === "moderator" || call.role === "admin") return undefined;
    const { find, rules } = await readBlocklist();
    const terms = find(text);
    if (terms.some(({ action }) => action === "refuse")) throw WordsRefused({});
    const mayBeNew = now() - idTimeMs(userId) < rules.days * dayMs;
    if (mayBeNew && (await isNewcomer(userId, rules))) {
      const { perMinute } = rules;
      const latest = perMinute > 0 ? await postStore.latestPostTimes(db, userId, now() - minuteMs, perMinute) : [];
      const first = latest[perMinute - 1];
      if (first !== undefined) throw TooFast({ retryAfterMs: Math.max(1, first + minuteMs - now()) });
      if (rules.holdLinks && hasLink(text)) return "link";
    }
    return reasonOf(terms);
  }

  return {
    heldFor: holdReasonFor,
    requireNotMuted: (call: Call, reader: Reader<Tables>) => mustNotBeMuted(reader, callerOf(call), now()),
    flagReasonFor: createFlagCheck(db),
  };
}
