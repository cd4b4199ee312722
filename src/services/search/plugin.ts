import {
  audited,
  type Call,
  callerOf,
  type Host,
  type Id,
  job,
  on,
  type PageInput,
  plugin,
  type Reader,
  type Tx,
} from "#kernel";
import { scoreOf } from "#policy/hot-score";
import { nameKey } from "#kernel/text";
import { mustBeThere, userRegistered } from "#services/auth/contract";
import { erase, userErased } from "#policy/deleted-users";
import { hashtag, hashtagCreated } from "#services/hashtag/contract";
import { interaction, videoViewed } from "#services/interaction/contract";
import { relation, userFollowed, userUnfollowed } from "#services/relation/contract";
import { user, userUpdated } from "#services/user/contract";
import { video, videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import { indexOf } from "./reconciliation.ts";
import { NothingAsked, search, searchPerformed } from "./contract.ts";
import { firstVersion, hashtagEntry, userEntry, videoEntry } from "./entries.ts";
import * as hashtagStore from "./hashtag-store.ts";
import { deletedUsers } from "#policy/deleted-users";
import { migrations } from "./migrations.ts";
import { Performed } from "./performed.ts";
import { isSayable, keywordOf } from "./displayable.ts";
import type * as store from "./store.ts";
import { nameNeedlesOf, nameOf, needlesOf } from "./terms.ts";
import * as userStore from "./user-store.ts";
import * as videoStore from "./video-store.ts";
import * as wordStore from "./word-store.ts";

type Tables = store.Tables;
interface Words {
  readonly q?: string | undefined;
  readonly keyword?: string | undefined;
}
const compare = "compare";
/** How many of somebody's own earlier searches are suggested before anything else. */
const ownMax = 3;
const nothing = { items: [], next: null, total: 0 };

export const searchPlugin = plugin({
  contract: search,
  needs: [video, user, relation, interaction, hashtag],
  migrations,
  copies: [deletedUsers],
  events: [audited, searchPerformed, userErased],
  start(host: Host<Tables>) {
    const { db, emit, now, client, call, jobs } = host;
    const performed = new Performed(host);
    const index = indexOf(host);

    /** What was looked for. @throws NothingAsked */
    function asked({ q = "", keyword = "" }: Words): string {
      const words = keywordOf(q) || keywordOf(keyword);
      if (words === "") throw NothingAsked({});
      return words;
    }

    async function hiddenFrom({ userId, traceId, signal }: Call): Promise<readonly Id[]> {
      if (userId === undefined) return [];
      return (await client(relation).hiddenFrom({ userId }, call({ traceId, signal }))).userIds;
    }

    /** A search counts when its first page is asked for. */
    function note(keyword: string, { userId, source = "" }: Call, results: number): void {
      const key = nameKey(keyword);
      const person = userId === undefined ? `from:${source}` : `user:${userId}`;
      performed.note({ userId, person, key, keyword, results, atMs: now(), isSayable: isSayable(key) });
    }
    const isFirst = ({ cursor, skip }: Partial<PageInput>) => cursor === undefined && skip === 0;
    const sizeOf = ({ total, items }: { total?: number; items: readonly unknown[] }) => total ?? items.length;

    async function videosBy(
      reader: Reader<Tables>,
      words: string,
      hidden: readonly Id[],
      sort: "relevance" | "new" | "hot",
      page: PageInput,
    ) {
      const needles = needlesOf(words);
      if (needles.length === 0) return nothing;
      const { items, ...rest } = await videoStore.found(reader, { key: nameKey(words), needles, hidden }, sort, page);
      return { ...rest, items: items.map(({ videoId }) => ({ videoId })) };
    }
    async function usersBy(
      reader: Reader<Tables>,
      words: string,
      hidden: readonly Id[],
      sort: "relevance" | "new",
      page: PageInput,
    ) {
      const name = nameOf(words);
      if (name === "") return nothing;
      const needles = nameNeedlesOf(words);
      const { items, ...rest } = await userStore.found(reader, { name, needles, hidden }, sort, page);
      return { ...rest, items: items.map(({ userId }) => ({ userId })) };
    }
    async function hashtagsBy(reader: Reader<Tables>, words: string, sort: "relevance" | "new", page: PageInput) {
      const key = nameKey(words).replace(/^#/, "");
      const needles = needlesOf(key);
      if (needles.length === 0) return nothing;
      const { items, ...rest } = await hashtagStore.found(reader, { key, needles }, sort, page);
      return { ...rest, items: items.map(({ hashtagId }) => ({ hashtagId })) };
    }

    return {
      handlers: {
        async all({ q, keyword, ...page }, caller) {
          const words = asked({ q, keyword });
          const hidden = await hiddenFrom(caller);
          const reader = db.read(caller);
          const [videos, users, hashtags] = await Promise.all([
            videosBy(reader, words, hidden, "relevance", page),
            usersBy(reader, words, hidden, "relevance", page),
            hashtagsBy(reader, words, "relevance", page),
          ]);
          if (isFirst(page)) note(words, caller, sizeOf(videos) + sizeOf(users) + sizeOf(hashtags));
          return { videos, users, hashtags };
        },
        async videos({ q, keyword, sort, ...page }, caller) {
          const words = asked({ q, keyword });
          const found = await videosBy(db.read(caller), words, await hiddenFrom(caller), sort, page);
          if (isFirst(page)) note(words, caller, sizeOf(found));
          return found;
        },
        async users({ q, keyword, sort, ...page }, caller) {
          const words = asked({ q, keyword });
          const found = await usersBy(db.read(caller), words, await hiddenFrom(caller), sort, page);
          if (isFirst(page)) note(words, caller, sizeOf(found));
          return found;
        },
        async hashtags({ q, keyword, sort, ...page }, caller) {
          const words = asked({ q, keyword });
          const found = await hashtagsBy(db.read(caller), words, sort, page);
          if (isFirst(page)) note(words, caller, sizeOf(found));
          return found;
        },

        async hot({ limit }) {
          await performed.flush();
          const words = await wordStore.hottest(db, limit);
          return {
            items: words.map(({ keyword, heat }, place) => ({ keyword, score: scoreOf(heat, now()), rank: place + 1 })),
          };
        },

        async suggestions({ q, keyword, limit }, caller) {
          const prefix = nameKey(asked({ q, keyword }));
          const name = prefix.replace(/^[#@]/, "");
          const { userId } = caller;
          const hidden = await hiddenFrom(caller);
          const reader = db.read(caller);
          const [own, hot, hashtags, people] = await Promise.all([
            userId === undefined ? [] : wordStore.begunBefore(reader, userId, prefix, ownMax),
            wordStore.begun(reader, prefix, limit),
            name === "" ? [] : hashtagStore.begun(reader, name, limit),
            name === "" ? [] : userStore.begun(reader, name, hidden, limit),
          ]);
          // The best of each kind first, then the next of each.
          const others = Array.from({ length: limit }, (_, n) => [hot[n] ?? [], hashtags[n] ?? [], people[n] ?? []]);
          const keyed = others.flat(2).map((word) => ({ word, key: nameKey(word) }));
          const unsaid = await wordStore.hiddenOf(
            db,
            keyed.map(({ key }) => key),
          );
          const found = new Map(own.map((word) => [nameKey(word), word]));
          for (const { word, key } of keyed) if (!found.has(key) && !unsaid.has(key)) found.set(key, word);
          return { items: [...found.values()].slice(0, limit) };
        },

        async history({ limit }, caller) {
          await performed.flush();
          return { items: await wordStore.history(db, callerOf(caller), limit) };
        },
        async clearHistory(_, caller) {
          await performed.flush();
          await db.tx((tx) => wordStore.forget(tx, callerOf(caller)));
          return {};
        },
        async forgetSearch({ keyword }, caller) {
          await performed.flush();
          await db.tx((tx) => wordStore.forget(tx, callerOf(caller), nameKey(keywordOf(keyword))));
          return {};
        },
        historySettings: async (_, caller) => ({ isKept: await wordStore.isKept(db.read(caller), callerOf(caller)) }),
        async setHistory({ isKept }, caller) {
          await performed.flush();
          const userId = callerOf(caller);
          await db.tx(async (tx) => {
            await mustBeThere(tx, userId);
            await wordStore.setKept(tx, userId, isKept);
          });
          return { isKept };
        },

        hiddenWords: async ({ limit }) => ({ items: await wordStore.hidden(db, limit) }),
        async setHidden({ keyword, isHidden }, { userId: actorId }) {
          await performed.flush();
          const word = keywordOf(keyword);
          await db.tx(async (tx) => {
            if (!(await wordStore.setHidden(tx, nameKey(word), word, isHidden))) return;
            const act = isHidden ? "search.word_hidden" : "search.word_shown";
            // Not the word: somebody wrote it, and entries stay for good.
            await emit(tx, audited, 1, { act, atMs: now(), ...(actorId !== undefined && { actorId }) });
          });
          return {};
        },

        rebuild: (_, { traceId, signal }) => index.repair(call({ traceId, signal, waitMs: 600_000 })),
      },

      subscriptions: [
        on(videoPublished, async (tx: Tx<Tables>, told) => void (await videoStore.put(tx, videoEntry(told)))),
        on(videoUpdated, async (tx: Tx<Tables>, told) => void (await videoStore.put(tx, videoEntry(told)))),
        on(videoDeleted, async (tx: Tx<Tables>, { videoId }) => void (await videoStore.remove(tx, videoId))),
        on(videoViewed, async (tx: Tx<Tables>, { videoId }) => void (await videoStore.view(tx, videoId))),
        on(userRegistered, async (tx: Tx<Tables>, { userId, username, nickname = username }) => {
          await userStore.put(tx, userEntry({ userId, username, nickname, version: firstVersion }));
        }),
        on(userUpdated, async (tx: Tx<Tables>, told) => void (await userStore.put(tx, userEntry(told)))),
        erase("search", emit, async (tx: Tx<Tables>, { userId }) => {
          await userStore.remove(tx, userId);
          await wordStore.forgetUser(tx, userId);
        }),
        on(userFollowed, async (tx: Tx<Tables>, { targetId }) => void (await userStore.follow(tx, targetId, 1))),
        on(userUnfollowed, async (tx: Tx<Tables>, { targetId }) => void (await userStore.follow(tx, targetId, -1))),
        on(hashtagCreated, async (tx: Tx<Tables>, { hashtagId: id, name }) => {
          await hashtagStore.put(tx, [hashtagEntry({ id, name })]);
        }),
      ],

      jobs: [
        job<object>({
          kind: compare,
          concurrency: 1,
          attemptsMax: 5,
          leaseMs: 60_000,
          async run(running) {
            const { traceId, signal } = running;
            const { videos, users, hashtags } = await index.repair(call({ traceId, signal, waitMs: 3_600_000 }));
            if (videos + users + hashtags > 0) host.log.info("the index was repaired", { videos, users, hashtags });
            await running.finish(async () => undefined);
          },
        }),
      ],

      schedules: [
        {
          name: "search.compare",
          pattern: "23 4 * * *",
          run: async () => void (await db.tx((tx) => jobs.add(tx, compare, { payload: {}, uniqueKey: compare }))),
        },
        {
          // An index that was never filled: the instance is older than it.
          name: "search.fill",
          pattern: "*/2 * * * *",
          run: async () => {
            if ((await userStore.known(db, 0, 1)).length > 0) return;
            await db.tx((tx) => jobs.add(tx, compare, { payload: {}, uniqueKey: compare }));
          },
        },
        {
          name: "search.tidy",
          pattern: "53 * * * *",
          run: () => db.tx((tx) => wordStore.tidy(tx, now())),
        },
      ],

      stop: () => performed.flush(),
    };
  },
  derived: (host) => indexOf(host).parts,
});
