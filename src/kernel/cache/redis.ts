import { randomUUID } from "node:crypto";
import { createEmbeddedStore } from "./embedded.ts";
import { CacheUnavailable, type CacheStore, type Marks } from "./port.ts";
import { type Open, RedisConnection, type RedisSettings } from "./redis-connection.ts";
import * as scripts from "./redis-scripts.ts";

interface Settings extends RedisSettings {
  /** Before every key, so that several installations may share a Redis. */
  readonly prefix: string;
}

/**
 * A cache in Redis 6.2 or newer, shared by all processes. Every key has a lifetime. Values end at a time of Redis's own
 * clock. A command that Redis reads late, because it was paused, cannot keep a value longer than requested.
 *
 * Beside it this process keeps a local cache with the counters it saw and the members that entered through it. Limits
 * and presence fall back to that. One-time values have no fallback: their key names the run of the server that took
 * them. So a Redis that starts again from an old snapshot, or a replica that did not receive a take, refuses. The keys
 * of marks name the run, too: the marks of such a server do not count as complete.
 */
export async function createRedisStore({ prefix, ...settings }: Settings): Promise<CacheStore> {
  const connection = new RedisConnection(settings);
  const local = createEmbeddedStore();
  const keyOf = (key: string) => `${prefix}${key}`;
  const oneTime = (run: string, key: string) => keyOf(`one-time:${run}:${key}`);
  const marksOf = (run: string, key: string) => keyOf(`marks:${run}:${key}`);
  const topicOf = (topic: string) => keyOf(`present:${topic}`);
  const millis = (lifetimeMs: number) => String(Math.max(1, Math.ceil(lifetimeMs)));
  /** The answer of Redis; undefined where it gives none. */
  const ask = <T>(commands: (open: Open) => Promise<T>): Promise<T | undefined> =>
    connection.run(commands).catch(() => undefined);

  await connection.start();
  return {
    async get(key) {
      return parseText(await ask(({ client }) => client.get(keyOf(key))));
    },
    async set(key, value, lifetimeMs) {
      await ask(({ client, now }) => {
        const endsAt = now() + Math.floor(lifetimeMs);
        return client.set(keyOf(key), JSON.stringify(value), { expiration: { type: "PXAT", value: endsAt } });
      });
    },
    async delete(key) {
      await local.delete(key);
      await ask(({ client, run }) => client.del([keyOf(key), marksOf(run, key)]));
    },
    async add(key, amount, lifetimeMs) {
      const counted = await ask(async ({ client }) => {
        const options = { keys: [keyOf(key)], arguments: [String(amount), millis(lifetimeMs)] };
        const [value, leftMs] = (await client.eval(scripts.add, options)) as [number, number]; // As the script says.
        return { value, leftMs };
      });
      if (counted === undefined) return local.add(key, amount, lifetimeMs);
      await local.set(key, counted.value, counted.leftMs);
      return counted;
    },
    async raise(key, values, lifetimeMs) {
      return ask(async ({ client, run }) => {
        const numbers = Object.entries(values).flatMap(([name, value]) => [name, String(value)]);
        const options = { keys: [marksOf(run, key)], arguments: [randomUUID(), millis(lifetimeMs), ...numbers] };
        return marksIn((await client.eval(scripts.raise, options)) as string[]); // As the script says.
      });
    },
    async offer(key, value, lifetimeMs) {
      await connection
        .run(({ client, run, now }) => {
          const endsAt = now() + Math.floor(lifetimeMs);
          return client.set(oneTime(run, key), JSON.stringify(value), { expiration: { type: "PXAT", value: endsAt } });
        })
        .catch(unavailable);
    },
    async take(key) {
      return parseText(await connection.run(({ client, run }) => client.getDel(oneTime(run, key))).catch(unavailable));
    },
    async enter(topic, member, lifetimeMs) {
      await local.enter(topic, member, lifetimeMs);
      const options = { keys: [topicOf(topic)], arguments: [member, millis(lifetimeMs)] };
      await ask(({ client }) => client.eval(scripts.enter, options));
    },
    async leave(topic, member) {
      await local.leave(topic, member);
      await ask(({ client }) => client.zRem(topicOf(topic), member));
    },
    async present(topic, membersMax) {
      const answer = await ask(async ({ client }) => {
        const options = { keys: [topicOf(topic)], arguments: [String(membersMax)] };
        const [count, members] = (await client.eval(scripts.present, options)) as [number, string[]]; // As the script says.
        return { count, members };
      });
      return answer ?? local.present(topic, membersMax);
    },
    away: () => connection.reason,
    async close() {
      connection.close();
    },
  };
}

/** @param pairs names and numbers in turn; the incarnation has no name */
function marksIn(pairs: readonly string[]): Marks {
  let incarnation = "";
  const values: Record<string, number> = {};
  for (let at = 0; at < pairs.length; at += 2)
    if (pairs[at] === "") incarnation = pairs[at + 1] ?? "";
    else values[pairs[at] ?? ""] = Number(pairs[at + 1]);
  return { incarnation, values };
}
/** A text that is no JSON is no value: something else wrote it there. */
function parseText(text: string | null | undefined): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
const unavailable = (error: unknown): never => {
  throw CacheUnavailable({}, error);
};
