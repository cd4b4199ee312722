import type { Config } from "../config/load.ts";
import { type Report, reportOf } from "../db/replicas/watch.ts";
import { type Finding, ok, warn } from "./finding.ts";

/**
 * Checks that the configured replicas answer, and are standbys of the database; without them Kinora reads the primary.
 */
export async function replicaChecks({ url, replicaUrls }: Config["db"]): Promise<Finding[]> {
  if (url === undefined || replicaUrls.length === 0) return [];
  const primary = await reportOf({ url }).catch(() => undefined);
  return Promise.all(replicaUrls.map((replicaUrl) => replicaCheck(replicaUrl, primary)));
}

async function replicaCheck(url: string, primary: Report | undefined): Promise<Finding> {
  const { host } = new URL(url);
  const mend = "start it, or correct KINORA_DB_REPLICA_URLS";
  try {
    const { server, isStandby, timeline } = await reportOf({ url });
    if (!isStandby) return warn("replica", `PostgreSQL at ${host} is not a standby`, mend);
    if (!primary) return ok("replica", `a standby at ${host}; the database itself does not answer`);
    if (server !== primary.server) return warn("replica", `PostgreSQL at ${host} is of another database`, mend);
    if (timeline !== primary.timeline)
      return warn("replica", `the standby at ${host} follows another timeline than the database`, mend);
    return ok("replica", `a standby at ${host}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return warn("replica", `PostgreSQL at ${host} does not answer: ${reason}`, mend);
  }
}
