import { audited, callerOf, type Handlers, type Host } from "#kernel";
import { type CacheReport, type CacheSetting, timesInForce } from "#kernel/cache/policy";
import type { z } from "zod";
import { type cache, CacheNotFound, NeverStale, TtlTooLong } from "./contract.ts";
import { type ProcessReports, reportsByName } from "./process-reports.ts";
import * as store from "./store.ts";

type PolicyHandlers = Pick<Handlers<typeof cache>, "policies" | "setPolicy" | "stats">;
type Policy = z.input<typeof cache.methods.policies.output>["items"][number];
/** Names the service among audited acts, of which those of one key are in order. */
const auditKey = 1;

interface Parts {
  readonly reports: ProcessReports;
  /** Applies the latest change in this process, after its commit. */
  readonly applyChanges: () => Promise<void>;
}

/** The caches of all processes, and how long their entries live. */
export function createPolicies(
  { db, emit, now }: Pick<Host<store.Tables>, "db" | "emit" | "now">,
  { reports, applyChanges }: Parts,
): PolicyHandlers {
  return {
    async policies() {
      const [processes, settings] = await Promise.all([reports.all(), store.settings(db)]);
      const settingOf = new Map(settings.map((setting) => [setting.name, setting]));
      const items = [...reportsByName(processes)].map(([name, ofCache]) => presentPolicy(ofCache, settingOf.get(name)));
      return { items: items.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
    },

    async setPolicy({ name, ttlSeconds, staleSeconds }, call) {
      const actorId = callerOf(call);
      const ofCache = reportsByName(await reports.all()).get(name);
      const [declared] = ofCache ?? [];
      if (!ofCache || !declared) throw CacheNotFound({});
      assertAllowed(declared, ttlSeconds, staleSeconds);
      const times = {
        ...(ttlSeconds !== undefined && { ttlMs: milliseconds(ttlSeconds) }),
        ...(staleSeconds !== undefined && { staleMs: milliseconds(staleSeconds) }),
      };
      if (Object.keys(times).length > 0) {
        await db.tx(async (tx) => {
          await store.nextRevision(tx);
          await store.changeTimes(tx, name, times);
          const detail = `${name}: ${JSON.stringify({ ttlSeconds, staleSeconds })}`;
          await emit(tx, audited, auditKey, { act: "cache.policy_changed", actorId, detail, atMs: now() });
        });
        await applyChanges();
      }
      const settings = await store.settings(db);
      return presentPolicy(
        ofCache,
        settings.find((setting) => setting.name === name),
      );
    },

    async stats() {
      const processes = await reports.all();
      return {
        ...countsOf(processes.flatMap((process) => process.reports)),
        processes: processes.map(({ process, reports: ofProcess }) => ({ id: process, ...countsOf(ofProcess) })),
      };
    },
  };
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1_000);

/** @throws TtlTooLong, NeverStale */
function assertAllowed({ staleMs, lifetimeMsMax }: CacheReport, ttlSeconds = 0, staleSeconds = 0): void {
  if (staleMs === null && staleSeconds > 0) throw NeverStale({});
  const max = lifetimeMsMax === null ? Number.POSITIVE_INFINITY : lifetimeMsMax / 1_000;
  if (ttlSeconds + staleSeconds > max) throw TtlTooLong({ max });
}

/** Processes of two versions may declare one cache differently: the first counts. Pure. */
function presentPolicy(ofCache: readonly CacheReport[], setting: CacheSetting | undefined): Policy {
  const [declared] = ofCache;
  if (!declared) throw new Error("a cache without a process was shown");
  const [ttlMs, staleMs] = timesInForce(declared, setting);
  const { name, what, isShared, lifetimeMsMax } = declared;
  return {
    name,
    service: name.slice(0, name.indexOf(".")),
    ttlSeconds: ttlMs / 1_000,
    staleSeconds: staleMs / 1_000,
    ...countsOf(ofCache),
    shared: isShared,
    what,
    maxSeconds: lifetimeMsMax === null ? null : lifetimeMsMax / 1_000,
    warmable: ofCache.some(({ canWarm }) => canWarm),
  };
}

/** The sums; null where no cache among them can count. Pure. */
function countsOf(reports: readonly CacheReport[]) {
  const sum = (counts: readonly (number | null)[]): number | null => {
    const summands = counts.filter((count) => count !== null);
    return summands.length === 0 ? null : summands.reduce((total, count) => total + count, 0);
  };
  const hits = sum(reports.map((report) => report.hits)) ?? 0;
  const misses = sum(reports.map((report) => report.misses)) ?? 0;
  return {
    entries: sum(reports.map(({ entries }) => entries)),
    bytes: sum(reports.map(({ bytes }) => bytes)),
    hits,
    misses,
    hitRate: hits + misses === 0 ? 0 : hits / (hits + misses),
  };
}
