import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { type Client, type Contract, newCall } from "#kernel";
import { media } from "#services/media/contract";
import { streaming } from "#services/streaming/contract";
import { BriefCache, withBriefCache } from "./brief-cache.ts";

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

describe("cached playback links", () => {
  beforeEach(() => void mock.method(performance, "now", () => 0));
  afterEach(() => mock.restoreAll());

  it("are requested once for public videos, and each time for restricted ones", async () => {
    const links = linksAsked();
    const both = { items: [of(2, false), of(1, true)] };
    for (let n = 0; n < 3; n++) {
      const { items } = await links.client.links(both, newCall({ userId: n }));
      assert.deepEqual(
        items.map(({ id, hlsUrl }) => `${id} ${hlsUrl}`),
        [`2 /2/0/user${n}`, "1 /1/0/anybody"],
      );
    }
    assert.deepEqual(links.asked, [[1], [2], [2], [2]]);
  });

  it("come in the requested order, cached or not", async () => {
    const { client } = linksAsked();
    await client.links({ items: [of(3, true)] }, newCall());
    const requests = [of(1, true), of(3, true), of(2, false), of(4, true), of(3, true)];
    const { items } = await client.links({ items: requests }, newCall());
    assert.deepEqual(
      items.map(({ id }) => id),
      [1, 3, 2, 4, 3],
    );
  });

  it("differ between the generations of a video", async () => {
    const { client } = linksAsked();
    const urlOf = async (generation: number) =>
      (await client.links({ items: [{ ...of(1, true), generation }] }, newCall())).items[0]?.hlsUrl;
    assert.deepEqual(
      [await urlOf(0), await urlOf(1), await urlOf(0)],
      ["/1/0/anybody", "/1/1/anybody", "/1/0/anybody"],
    );
  });
});

const of = (id: number, isPublic: boolean) => ({
  scope: "video" as const,
  id,
  generation: 0,
  isPublic,
  hasCover: false,
  isPlayable: true,
  allowDownload: false,
});
function linksAsked() {
  const requests: number[][] = [];
  const links: Client<typeof streaming>["links"] = async ({ items }, { userId }) => {
    requests.push(items.map(({ id }) => id));
    const none = { dashUrl: "", videoUrl: "", coverUrl: "", downloadUrl: null, renditions: [], extras: [] };
    return {
      items: items.map(({ id, generation, isPublic }) => ({
        ...none,
        id,
        hlsUrl: `/${id}/${generation}/${isPublic ? "anybody" : `user${userId}`}`,
      })),
    };
  };
  const client = withBriefCache((contract: Contract) => (contract === streaming ? { links } : {}) as never)(streaming); // Asked for nothing else.
  return { client, asked: requests };
}

let now = 0;
const requests: number[][] = [];
const names = new Map<number, string>();
interface Named {
  readonly id: number;
  readonly name: string;
}
const newCache = () => new BriefCache<Named>({ monotonic: () => now });
async function ask(ids: number[]): Promise<Named[]> {
  requests.push(ids);
  return ids.flatMap((id) => {
    const name = names.get(id);
    return name === undefined ? [] : [{ id, name }];
  });
}
const byId = (items: readonly Named[]) => Object.fromEntries(items.map(({ id, name }) => [id, name]));
