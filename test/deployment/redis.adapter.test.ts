import assert from "node:assert/strict";
import { it } from "node:test";
import { Instance } from "../instance/instance.ts";
import { Person } from "../users/person.ts";
import { startRedis } from "../servers/redis.ts";
import { until } from "../until.ts";

it("a whole server is ready without its Redis, reports the cache as degraded, and uses Redis once it is available", async () => {
  await using redis = await startRedis();
  await redis.kill();
  await using instance = await Instance.start({ env: { KINORA_REDIS_URL: redis.url, KINORA_REDIS_PREFIX: "one:" } });
  const readiness = async () => {
    const answer = await fetch(`${instance.url}/ready`);
    return { code: answer.status, ...((await answer.json()) as { status: string; degraded?: { cache: string } }) };
  };
  const { code, status, degraded } = await readiness();
  assert.deepEqual([code, status], [200, "ready"]);
  assert.match(degraded?.cache ?? "", /ECONNREFUSED/);
  assert.equal(instance.log.filter((line) => line.includes("Redis is away")).length, 1);

  const person = new Person(instance.url);
  await person.signUp();
  const left = async () => Number((await person.ask("GET", "/users/me")).headers["x-ratelimit-remaining"]);
  const first = await left();
  assert.equal(await left(), first - 1, "this process counts");
  assert.equal((await person.ask("POST", "/ws/ticket")).error, "kernel.cache_unavailable");

  await redis.start();
  await until(async () => (await readiness()).degraded === undefined);
  await left();
  assert.equal((await person.ask("POST", "/ws/ticket")).status, 200);
  const keys = (await redis.ask("KEYS", "*")) as string[];
  assert.ok(
    keys.some((key) => key.startsWith("one:rate:read:")) && keys.some((key) => key.startsWith("one:one-time:")),
  );

  redis.pause();
  try {
    const answers = await Promise.all(Array.from({ length: 20 }, () => person.ask("GET", "/users/me")));
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]));
    assert.equal((await readiness()).code, 200);
  } finally {
    redis.resume();
  }
  assert.equal(await instance.stop(), 0);
});
