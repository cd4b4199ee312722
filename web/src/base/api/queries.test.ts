import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { meQuery, meWithin } from "./queries.ts";
import { queryClient } from "./query-client.ts";
import type { User } from "./types.ts";

describe("the viewer awaited by a page", () => {
  const restore: (() => void)[] = [];
  let answer: () => Promise<Response>;
  beforeEach(() => {
    const memory = new Map<string, string>();
    const localStorage = {
      getItem: (key: string) => memory.get(key) ?? null,
      setItem: (key: string, value: string) => memory.set(key, value),
      removeItem: (key: string) => memory.delete(key),
    };
    restore.push(
      stand("localStorage", localStorage),
      stand("fetch", () => answer()),
    );
  });
  afterEach(async () => {
    await queryClient.cancelQueries();
    queryClient.clear();
    for (const back of restore.splice(0)) back();
  });

  it("is returned when the server answers", async () => {
    answer = async () => Response.json({ code: 0, message: "success", data: { id: 7, username: "mira" } });
    assert.equal((await meWithin(10_000))?.username, "mira");
  });

  it("is returned from the cache while the server is unreachable", async () => {
    answer = () => Promise.reject(new TypeError("nobody answers"));
    queryClient.setQueryData(meQuery.queryKey, { id: 7, username: "mira" } as User);
    assert.equal((await meWithin(10_000))?.username, "mira");
  });

  it("is undefined after the time limit when the server keeps failing or does not answer", async () => {
    for (const failing of [
      async () => Response.json({ code: 503, message: "away", data: null, error: "x" }, { status: 503 }),
      () => new Promise<Response>(() => undefined),
    ]) {
      answer = failing;
      const began = performance.now();
      assert.equal(await meWithin(50), undefined);
      assert.ok(performance.now() - began < 30_000);
      await queryClient.cancelQueries();
      queryClient.clear();
    }
  });

  it("is undefined, before the time limit, when the session has ended", async () => {
    answer = async () => Response.json({ code: 401, message: "no", data: null, error: "x" }, { status: 401 });
    const began = performance.now();
    assert.equal(await meWithin(60_000), undefined);
    assert.ok(performance.now() - began < 30_000);
  });
});

function stand(name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true });
  return () => {
    if (before) Object.defineProperty(globalThis, name, before);
    else Reflect.deleteProperty(globalThis, name);
  };
}
