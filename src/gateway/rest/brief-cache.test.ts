import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { type Contract, newCall } from "#kernel";
import { CachePolicy } from "#kernel/cache/policy";
import { media } from "#services/media/contract";
import { BriefCache, namesCache, withBriefCache } from "./brief-cache.ts";

describe("the brief cache", () => {
  beforeEach(() => {
    now = 0;
    requests.length = 0;
    names.clear();
    for (const id of [1, 2, 3]) names.set(id, `name ${id}`);
  });

  it("requests each id once a second, and returns changes after that", async () => {
    const cache = newCache();
    await cache.of([1, 2], undefined, ask);
    names.set(1, "new");
    now = 999;
    const all = await cache.of([3, 2, 1], undefined, ask);
    assert.deepEqual(
      all.map(({ name }) => name),
      ["name 3", "name 2", "name 1"],
    );
    now = 1_001;
    assert.deepEqual(byId(await cache.of([1], undefined, ask)), { 1: "new" });
    assert.deepEqual(requests, [[1, 2], [3], [1]]);
  });

  it("never returns users an old state of their own account", async () => {
    const cache = newCache();
    await cache.of([1, 2], 1, ask);
    names.set(1, "new");
    assert.deepEqual(byId(await cache.of([1, 2], 1, ask)), { 1: "new", 2: "name 2" });
    // And once they have seen it, others do.
    assert.deepEqual(byId(await cache.of([1], 2, ask)), { 1: "new" });
  });

  it("does not cache missing items", async () => {
    const cache = newCache();
    assert.deepEqual(await cache.of([9], undefined, ask), []);
    names.set(9, "made");
    assert.deepEqual(byId(await cache.of([9], undefined, ask)), { 9: "made" });
  });

  it("counts the lifetime from the request, not from the answer", async () => {
    const cache = newCache();
    await cache.of([1], undefined, async (ids) => {
      const answers = await ask(ids);
      now = 1_001;
      return answers;
    });
    names.set(1, "new");
    assert.deepEqual(byId(await cache.of([1], undefined, ask)), { 1: "new" });
  });
});

describe("cached media briefs", () => {
  beforeEach(() => void mock.method(performance, "now", () => 0));
  afterEach(() => mock.restoreAll());

  it("are requested again until a video has its cover", async () => {
    const looks = { 1: { kind: "video", hasCover: false }, 2: { kind: "audio", hasCover: false } };
    const requests: number[][] = [];
    const briefs = async ({ ids }: { ids: (1 | 2)[] }) => {
      requests.push(ids);
      return { items: ids.map((id) => ({ id, ...looks[id] })) };
    };
    const client = withBriefCache((contract: Contract) => (contract === media ? { briefs } : {}) as never)(media); // Asked for nothing else.
    const covers = async () => (await client.briefs({ ids: [1, 2] }, newCall())).items.map(({ hasCover }) => hasCover);
    assert.deepEqual(await covers(), [false, false]);
    looks[1].hasCover = true;
    assert.deepEqual(await covers(), [true, false]);
    await covers();
    assert.deepEqual(requests, [[1, 2], [1]]);
  });
});

let now = 0;
const requests: number[][] = [];
const names = new Map<number, string>();
interface Named {
  readonly id: number;
  readonly name: string;
}
const newCache = () =>
  new BriefCache<Named>({ policy: new CachePolicy(namesCache), subject: "user", monotonic: () => now });
async function ask(ids: number[]): Promise<Named[]> {
  requests.push(ids);
  return ids.flatMap((id) => {
    const name = names.get(id);
    return name === undefined ? [] : [{ id, name }];
  });
}
const byId = (items: readonly Named[]) => Object.fromEntries(items.map(({ id, name }) => [id, name]));
