import { type Host, job, type JobKind, KinoraError, type Schedule } from "#kernel";
import { SearchUnavailable } from "../../contract.ts";
import type { Settings } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { elasticsearchBackend } from "./backend.ts";
import { Feed } from "./feed.ts";
import { openElasticsearch } from "./index-state.ts";

const feedJobKind = "feed_elasticsearch";
/** While Elasticsearch is away, it is looked for this often. */
const awayMs = 5_000;

type Parts = Pick<Host<Tables, Settings>, "db" | "log" | "now" | "settings">;

/** An index in Elasticsearch, where one is configured: what is searched, and what feeds it. */
export function elasticsearchOf({ db, log, now, settings }: Parts) {
  if (!settings.elasticsearch) return undefined;
  const { elasticsearch, alias } = openElasticsearch(settings.elasticsearch, log);
  return {
    backend: elasticsearchBackend(elasticsearch, alias),
    feed: new Feed({ db, elasticsearch, alias, now }),
  };
}

const isAway = (error: unknown): boolean => error instanceof KinoraError && error.code === SearchUnavailable.code;

/** One process at a time feeds Elasticsearch, soon after a change: a job that a schedule adds where there is any. */
export function feedJobOf({ db, jobs }: Pick<Host<Tables>, "db" | "jobs">, feed: Feed | undefined) {
  const feedJob: JobKind = job<object>({
    kind: feedJobKind,
    concurrency: 1,
    attemptsMax: 10,
    leaseMs: 60_000,
    async run(running) {
      try {
        // Without Elasticsearch it is what is left from a time with it.
        await feed?.follow(running.signal);
      } catch (error) {
        if (!isAway(error)) throw error;
        return running.putOff(awayMs, "Elasticsearch is away");
      }
      await running.finish(async () => undefined);
    },
  });

  const schedule: Schedule = {
    name: "search.feed",
    pattern: "*/2 * * * * *",
    async run() {
      const isBehind = await feed?.isBehind().catch((error: unknown) => {
        if (!isAway(error)) throw error;
        return false;
      });
      if (isBehind) await db.tx((tx) => jobs.add(tx, feedJobKind, { payload: {}, uniqueKey: feedJobKind }));
    },
  };
  return { jobs: [feedJob], schedules: feed ? [schedule] : [] };
}
