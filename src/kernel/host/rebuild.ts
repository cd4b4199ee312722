import { newCall } from "../call.ts";
import type { RunningService } from "./running-service.ts";

/** The deadline of all calls of a rebuild, however many rows there are to compare. */
const rebuildMs = 24 * 3_600_000;

/** Repairs the projections of a service (reliability D3); each finding is a sentence about what was wrong. */
export async function* rebuildService({ plugin, projections }: RunningService): AsyncIterable<string> {
  const caller = plugin.contract.name;
  for (const projection of projections) yield* projection.repair(newCall({ caller, waitMs: rebuildMs }));
}
