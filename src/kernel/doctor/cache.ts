import type { Config } from "../config/load.ts";
import { silentLog } from "../log/port.ts";
import { type Finding, ok, warn } from "./finding.ts";

/** Checks that the configured Redis answers; without it Kinora works with less. */
export async function cacheCheck({ redisUrl: url, redisPrefix: prefix }: Config["cache"]): Promise<Finding> {
  if (url === undefined) return ok("cache", "in each process");
  const { createRedisStore: redisStore } = await import("../cache/redis.ts");
  const store = await redisStore({ url, prefix, log: silentLog });
  const reason = store.away();
  await store.close();
  const { host } = new URL(url);
  return reason === undefined
    ? ok("cache", `Redis at ${host}`)
    : warn("cache", `Redis at ${host} is away: ${reason}`, "start it, or correct KINORA_REDIS_URL");
}
