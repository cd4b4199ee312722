import { userErased } from "#events/auth";
import { searchPerformed } from "#events/search";
import { audited, type Host, plugin, joinHandlers } from "#kernel";
import type { Horizon } from "#kernel/db/changes";
import { blocklist } from "#policy/copies/blocklist";
import { deletedUsers } from "#policy/copies/deleted-users";
import { drive } from "#services/drive/contract";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { live } from "#services/live/contract";
import { media } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { search } from "./contract.ts";
import { createBlocklistFilter } from "./blocked-keywords.ts";
import { createCaptions } from "./captions/captions.ts";
import { createElasticsearch } from "./backend/elasticsearch/elasticsearch.ts";
import { createMemoryBackend } from "./backend/memory.ts";
import { createFiles } from "./documents/files.ts";
import * as fileStore from "./documents/file-store.ts";
import { SearchMemory, tagCountsCache } from "./documents/memory.ts";
import { restoredFrom, createSnapshots } from "./documents/snapshots.ts";
import { createEmbeddings } from "./embeddings/embeddings.ts";
import { createHiddenUsers } from "./hidden-users.ts";
import { createHotSearches } from "./hot-searches.ts";
import { createRebuild } from "./rebuild.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { SearchLog } from "./search-log.ts";
import { createIndex } from "./reconciliation.ts";
import { createResults } from "./results/results.ts";
import { createSearchHistory } from "./search-history.ts";
import { Settings } from "./settings.ts";
import type { Tables } from "./store.ts";
import { subscriptionsOf } from "./subscriptions.ts";
import { createSuggestions } from "./suggestions.ts";
import * as wordStore from "./word-store.ts";

export const searchPlugin = plugin({
  contract: search,
  needs: [video, user, relation, interaction, hashtag, media, drive, live],
  migrations,
  partitionKeys,
  copies: [deletedUsers, blocklist],
  events: [audited, searchPerformed, userErased],
  settings: Settings,
  start(host: Host<Tables, Settings>) {
    const { db, log, now, caches } = host;
    const hiddenUsers = createHiddenUsers(host);
    const filter = createBlocklistFilter(db);
    const elasticsearch = createElasticsearch(host);
    const restore = (horizon: Horizon) => restoredFrom(host, horizon);
    const videosByTag = elasticsearch.backend?.videosByTag;
    const countsPolicy = videosByTag && caches.declare(tagCountsCache);
    const memory = new SearchMemory({ db, log, now, restore, videosByTag, countsPolicy });
    const { backend, ...embeddings } = createEmbeddings(host, elasticsearch.backend ?? createMemoryBackend(memory));
    const searchLog = new SearchLog(host, backend);
    const snapshots = createSnapshots(host, memory);
    const captions = createCaptions(host);
    const files = createFiles(host);
    const index = createIndex(host, { captions: captions.projection, files: files.projection });
    const repair = createRebuild(host, index, files);

    return {
      handlers: joinHandlers(
        createResults(host, { searchLog, hiddenUsers, backend }),
        createSuggestions(host, { memory, hiddenUsers, filter }),
        createHotSearches(host, { searchLog, filter }),
        createSearchHistory(host, searchLog),
        repair.handlers,
      ),
      subscriptions: [...subscriptionsOf(host.jobs), ...captions.subscriptions, files.subscription],
      jobs: [
        ...repair.jobs,
        ...captions.jobs,
        ...snapshots.jobs,
        ...files.jobs,
        ...elasticsearch.jobs,
        ...embeddings.jobs,
      ],
      schedules: [
        ...repair.schedules,
        ...(elasticsearch.backend ? elasticsearch.schedules : snapshots.schedules),
        ...embeddings.schedules,
        {
          name: "search.tidy",
          pattern: "53 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await wordStore.deleteOld(tx, now());
              await fileStore.deleteTombstones(tx, now());
            }),
        },
      ],
      async stop() {
        await memory.stop();
        await searchLog.flush();
      },
    };
  },
  projections: (host) =>
    createIndex(host, { captions: createCaptions(host).projection, files: createFiles(host).projection }).parts,
});
