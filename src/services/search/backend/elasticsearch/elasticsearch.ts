import { type Host, KinoraError } from "#kernel";
import { SearchUnavailable } from "../../contract.ts";
import { feedJobOf } from "../../documents/feed-job.ts";
import type { Settings } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { createElasticsearchBackend } from "./backend.ts";
import { Feed } from "./feed.ts";
import { openElasticsearch } from "./index-state.ts";

type Parts = Pick<Host<Tables, Settings>, "db" | "jobs" | "log" | "now" | "settings">;

/** An index in Elasticsearch, where one is configured: what is searched, and what feeds it. */
export function createElasticsearch({ db, jobs, log, now, settings }: Parts) {
  const opened = settings.elasticsearch && openElasticsearch(settings.elasticsearch, log);
  return {
    backend: opened && createElasticsearchBackend(opened.elasticsearch, opened.alias),
    ...feedJobOf(
      { db, jobs },
      {
        jobKind: "feed_elasticsearch",
        schedule: "search.feed",
        feed: opened && new Feed({ db, ...opened, now }),
        isAway: (error) => error instanceof KinoraError && error.code === SearchUnavailable.code,
        awayMs: 5_000,
        awayReason: "Elasticsearch is away",
      },
    ),
  };
}
