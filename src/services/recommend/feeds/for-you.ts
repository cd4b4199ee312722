import { answerOr, type Call, type Host, type Id, within } from "#kernel";
import type { FeedRung } from "#policy/feed-pages";
import { hasRoomFor, type FeedPosition, addServed, writePosition } from "#policy/feed-position";
import type { z } from "zod";
import type { FeedItem } from "../contract.ts";
import type { Exclusions } from "../exclusions/exclusion-store.ts";
import type { Models } from "../model/models.ts";
import type { Memory } from "../memory.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { createCommonFeed } from "./common-feed.ts";
import { createFollowedLikes } from "./followed-likes.ts";
import type { Followed, Follows } from "./follows.ts";
import type { FeedCounters } from "./feed-counters.ts";
import type { PageLog } from "./page-log.ts";
import { noPage, type PersonalPage, createPersonalFeed } from "./personal-feed.ts";

type Item = z.output<typeof FeedItem>;
type ForYouHost = Pick<Host<Tables, Settings>, "db" | "client" | "call" | "log" | "now" | "random" | "settings">;

interface ForYouParts {
  readonly memory: Memory;
  readonly models: Models;
  readonly pageLog: PageLog;
  readonly counters: FeedCounters;
  readonly follows: Follows;
}

/** The accounts that the viewer follows, once the personal part of a page has asked for them. */
interface Following {
  accounts: Followed | undefined;
}
const noAccounts: Followed = { userIds: [], friendIds: new Set() };

/**
 * Pages of the main feed: videos for this viewer first, then those that are the same for all, from memory or else from
 * the tables. A part that fails or is too slow is left out, so that there is always a page.
 */
export function createForYou(host: ForYouHost, { memory, models, pageLog, counters, follows }: ForYouParts) {
  const { log, settings } = host;
  const { personalMsMax } = settings;
  const common = createCommonFeed(host, memory);
  const personal = createPersonalFeed(host, { memory, models });
  const followedLikes = createFollowedLikes(host, memory);

  /** The part that is made for the viewer; undefined if it takes too long or fails. */
  async function personalPage(
    position: FeedPosition,
    exclusions: Exclusions,
    limit: number,
    following: Following,
    call: Call,
  ) {
    const { userId } = call;
    if (userId === undefined) return noPage;
    if (!memory.isFilled) return undefined;
    const findFollowed = async () => {
      following.accounts = await answerOr(follows.of(userId, call), undefined, log, "follows are unavailable");
      const accounts = following.accounts ?? noAccounts;
      return { followedIds: accounts.userIds, likes: await followedLikes(accounts, exclusions, call) };
    };
    try {
      return await within(personalMsMax, personal.page(userId, { position, exclusions, findFollowed, limit }, call));
    } catch (error) {
      log.warn("a personal feed was not ready", { err: error });
      return undefined;
    }
  }

  function record(items: readonly Item[], { slots, ...choices }: PersonalPage, { userId }: Call): void {
    const modelId = userId === undefined ? null : (models.for(userId)?.id ?? null);
    pageLog.add({
      userId,
      modelId,
      slots: items.map(({ videoId, reason }, place) => ({
        videoId,
        reason,
        propensity: slots[place]?.propensity ?? 1,
        isExplored: slots[place]?.isExplored ?? false,
      })),
      choices: slots.length > 0 ? choices : undefined,
    });
  }

  return async function feedPage(position: FeedPosition, limit: number, exclusions: Exclusions, call: Call) {
    await within(personalMsMax, memory.refresh()).catch((error: unknown) =>
      log.warn("feeds are made of tables", { err: error }),
    );
    models.refresh().catch((error: unknown) => log.warn("models could not be looked for", { err: error }));
    const following: Following = { accounts: undefined };
    const page = await personalPage(position, exclusions, limit, following, call);
    const items = (page ?? noPage).slots.map(itemOf);
    const current = addServed(position, idsOf(items));
    const missing = limit - items.length;
    const more = missing > 0 ? await common.page(current, exclusions, missing, call) : { items: [], next: current };
    const authorIds = more.items.map(({ userId }) => userId);
    const followed = new Set(following.accounts?.userIds ?? (await follows.among(authorIds, call)));
    for (const { videoId, userId, isHot } of more.items)
      items.push({ videoId, reason: followed.has(userId) ? "follow" : isHot ? "hot" : "fresh", tag: null });
    record(items, page ?? noPage, call);
    counters.addPage(rungOf(memory, page), call.userId);
    // A page that replaces a late one is taken out of order, so that the next page may be made for the viewer again.
    const isStandIn = page === undefined && hasRoomFor(position, items.length);
    const next = more.next && isStandIn ? addServed(position, idsOf(items)) : more.next;
    return { items, next: next && writePosition(next) };
  };
}

function rungOf({ isFilled }: Pick<Memory, "isFilled">, page: PersonalPage | undefined): FeedRung {
  if (!isFilled) return "tables";
  if (page === undefined) return "late";
  return page.slots.length > 0 ? "personal" : "common";
}

const itemOf = ({ videoId, reason, tag, likedByIds }: PersonalPage["slots"][number]): Item => ({
  videoId,
  reason,
  tag,
  ...(likedByIds && { likedByIds: [...likedByIds] }),
});
const idsOf = (items: readonly Item[]): Id[] => items.map(({ videoId }) => videoId);
