import type { Call, Host } from "#kernel";
import { nameKey } from "#kernel/text";
import type { z } from "zod";
import type { search } from "./contract.ts";
import type { SearchMemory } from "./documents/memory.ts";
import { type BlocklistFilter, withoutBlocked } from "./blocked-keywords.ts";
import type { HiddenUsers } from "./hidden-users.ts";
import { requestedKeyword } from "./keywords.ts";
import type { Tables } from "./store.ts";
import * as wordStore from "./word-store.ts";

type Input = z.output<(typeof search)["methods"]["suggestions"]["input"]>;

/** This many of the caller's own earlier searches come before all other suggestions. */
const ownMax = 3;

interface SuggestionParts {
  readonly memory: SearchMemory;
  readonly hiddenUsers: HiddenUsers;
  readonly filter: BlocklistFilter;
}

/** Completions of what a user has typed. */
export const createSuggestions = (
  { db }: Pick<Host<Tables>, "db">,
  { memory, hiddenUsers, filter }: SuggestionParts,
) => ({
  async suggestions({ q, keyword, limit }: Input, call: Call) {
    const prefix = nameKey(requestedKeyword({ q, keyword }));
    const name = prefix.replace(/^[#@]/, "");
    const { userId } = call;
    const reader = db.read(call);
    const [hiddenIds, ownWords, trending] = await Promise.all([
      hiddenUsers(call),
      userId === undefined ? [] : wordStore.ownStartingWith(reader, userId, prefix, ownMax),
      wordStore.startingWith(reader, prefix, limit),
      memory.refresh(),
    ]);
    const hidden = new Set(hiddenIds);
    const hashtags = memory.hashtags.startingWith(name, limit).map(({ text }) => text);
    const users = memory.users.startingWith(name, limit, (id) => !hidden.has(id)).map(({ text }) => text);
    const hot = (await withoutBlocked(filter, trending)).map(({ keyword: word }) => word);
    // The best of each kind first, then the next of each.
    const otherWords = Array.from({ length: limit }, (_, n) => [hot[n] ?? [], hashtags[n] ?? [], users[n] ?? []]);
    const keyed = otherWords.flat(2).map((word) => ({ word, key: nameKey(word) }));
    const hiddenKeys = await wordStore.hiddenAmong(
      db,
      keyed.map(({ key }) => key),
    );
    const suggested = new Map(ownWords.map((word) => [nameKey(word), word]));
    for (const { word, key } of keyed) if (!suggested.has(key) && !hiddenKeys.has(key)) suggested.set(key, word);
    return { items: [...suggested.values()].slice(0, limit) };
  },
});
