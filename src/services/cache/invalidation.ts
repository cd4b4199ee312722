import { cacheInvalidated } from "#events/cache";
import type { Handlers, Host } from "#kernel";
import type { z } from "zod";
import { type cache, CacheNotFound, OneTarget } from "./contract.ts";
import { type ProcessReports, reportsByName } from "./process-reports.ts";
import * as store from "./store.ts";

/** Keys of one event: it has at most 64 KiB, and a key up to 300 characters of up to three bytes. */
const keysPerEvent = 50;
/** Events of this service are in order. */
const eventKey = 1;

interface Parts {
  readonly reports: ProcessReports;
  readonly applyChanges: () => Promise<void>;
}
type Target = z.output<typeof cache.methods.invalidate.input>;

/** Deletes entries in all processes: each learns of it with its next look, which is every second. */
export function createInvalidation(
  { db, emit }: Pick<Host<store.Tables>, "db" | "emit">,
  { reports, applyChanges }: Parts,
): Pick<Handlers<typeof cache>, "invalidate"> {
  return {
    async invalidate(target) {
      assertOneTarget(target);
      const { name, keys = [], tags = [] } = target;
      const names = [...reportsByName(await reports.all()).keys()];
      if (name !== undefined && !names.includes(name)) throw CacheNotFound({});
      await db.tx(async (tx) => {
        const revision = await store.nextRevision(tx);
        if (name !== undefined) await store.beginGeneration(tx, name, revision);
        else if (target.all) await store.beginGenerationOfAll(tx, revision);
        else await store.addDeletion(tx, { revision, keys, tags });
        for (let at = 0; at === 0 || at < keys.length; at += keysPerEvent)
          await emit(tx, cacheInvalidated, eventKey, {
            ...(name !== undefined && { name }),
            keys: keys.slice(at, at + keysPerEvent),
            tags,
          });
      });
      await applyChanges();
      return { invalidated: target.all ? names.length : name !== undefined ? 1 : keys.length + tags.length };
    },
  };
}

/** @throws OneTarget */
function assertOneTarget({ name, keys, tags, all }: Target): void {
  const targets = [name !== undefined, keys !== undefined, tags !== undefined, all === true];
  if (targets.filter(Boolean).length !== 1) throw OneTarget({});
}
