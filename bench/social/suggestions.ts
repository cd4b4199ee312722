import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contract, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { startPostgres } from "#kernel/postgres/postgres";
import { train } from "#services/recommend/model/trained-model";
import { addRows } from "#services/recommend/recall/item-table";
import { CoVisits } from "#services/recommend/learner/co-visits";
import { relation } from "#services/relation/contract";
import { relationPlugin } from "#services/relation/plugin";
import * as store from "#services/relation/store";
import { user } from "#services/user/contract";
import { testUser } from "#services/user/testing";
import { sql } from "kysely";
import { Random } from "../../test/random.ts";
import { median, record } from "../record.ts";

/*
 * Suggestions of accounts to follow. A fifth of the follows of each user is held back, and looked for among the first
 * 20 suggestions, beside other ways to find them. The users are of a block model: most follow within their block, few
 * accounts have many followers.
 */
const askedMax = 300;
const shown = 20;

interface Site {
  readonly name: string;
  readonly users: number;
  readonly blocks: number;
  /** Follows of each. */
  readonly mean: number;
  /** The share of follows that are within the block, that close a triangle, and that are returned. */
  readonly within: number;
  readonly closing: number;
  readonly returned: number;
  /** From 1 on: how much some accounts are more popular than others. */
  readonly popularity: number;
}
const sites: readonly Site[] = [
  { name: "small", users: 150, blocks: 5, mean: 8, within: 0.85, closing: 0, returned: 0.2, popularity: 1.5 },
  { name: "blocks", users: 2_000, blocks: 25, mean: 15, within: 0.8, closing: 0, returned: 0.2, popularity: 1.5 },
  { name: "sparse", users: 5_000, blocks: 50, mean: 5, within: 0.8, closing: 0, returned: 0.2, popularity: 1.5 },
  { name: "friends", users: 2_000, blocks: 25, mean: 15, within: 0.7, closing: 0.4, returned: 0.3, popularity: 1.5 },
  { name: "stars", users: 3_000, blocks: 30, mean: 15, within: 0.8, closing: 0, returned: 0.02, popularity: 4 },
];

type Follows = readonly ReadonlySet<number>[];
type Scores = ReadonlyMap<number, number>;

const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
const postgres = await startPostgres(folder);
process.env["KINORA_TEST_POSTGRES"] = postgres.socket;
const host = new TestHost({ parts: { clone: false } });
await host.add(userStand());
await host.add(relationPlugin);
const rows = [];
for (const site of sites) rows.push(await measure(site));
await host[Symbol.asyncDispose]();
await postgres[Symbol.asyncDispose]();
await rm(folder, { recursive: true });
await record("suggestions", [
  `Recall@${shown} of held-out follows, mean of ${askedMax} users of generated sites (\`bench/social/suggestions.ts\`).`,
  "",
  "| site | follows | most followers | followed by followed accounts | trained table | co-visits | suggestions | ms before | ms |",
  "|---|---|---|---|---|---|---|---|---|",
  ...rows,
  "",
  "*Followed by followed accounts* is what suggestions were before others who follow the same were asked as well. *Trained",
  "table* and *co-visits* are the two ways in which videos are found that go together, over follows, without a least",
  "number of common followers. Times are of a request in this process, its database included: the median of all users.",
]);

async function measure(site: Site): Promise<string> {
  const random = new Random(5);
  const { known: remainingFollows, held } = split(followsOf(site, random), random);
  await storeFollows(remainingFollows);
  const askedIds = [...held.keys()].slice(0, askedMax);
  const followers = countFollowers(remainingFollows);
  const popular = new Map(followers.map((count, id) => [id, count]));
  const table = tableOf(remainingFollows, site.users);
  const visits = visitsOf(remainingFollows);
  const recall = (scoresFor: (id: number) => Scores) =>
    mean(askedIds.map((id) => hits(best(scoresFor(id), remainingFollows[id], id), held.get(id))));
  const client = host.client(relation);
  const db = host.database<store.Tables>("relation");
  const recalled: number[] = [];
  const times: number[] = [];
  const timesBefore: number[] = [];
  for (const id of askedIds) {
    const beganMs = performance.now();
    const { items } = await client.suggestions({ limit: shown }, callOf(idOf(id)));
    times.push(performance.now() - beganMs);
    recalled.push(
      hits(
        items.map((item) => item.id - 1),
        held.get(id),
      ),
    );
    const beforeMs = performance.now();
    const through = (await store.latestFollowing(db, idOf(id), 200)).map(({ personId }) => personId);
    await store.followedBy(db, idOf(id), through, { each: 200, named: 3, limit: 100 });
    timesBefore.push(performance.now() - beforeMs);
  }
  const recalls = [() => popular, (id: number) => followedBy(remainingFollows, id), table, visits].map(recall);
  const cells = [...recalls, mean(recalled)].map((value) => value.toFixed(3));
  const ms = [timesBefore, times].map((all) => median(all).toFixed(1));
  return `| ${site.name}: ${site.users} users | ${remainingFollows.reduce((sum, { size }) => sum + size, 0)} | ${[...cells, ...ms].join(" | ")} |`;
}

function followsOf(
  { users, blocks, mean: each, within, closing, returned, popularity }: Site,
  random: Random,
): Follows {
  const follows = Array.from({ length: users }, () => new Set<number>());
  const everybody = Array.from({ length: users }, (_, id) => id).toSorted(() => random.next() - 0.5);
  const members = Array.from({ length: blocks }, (_, block) => everybody.filter((id) => id % blocks === block));
  const pick = (from: readonly number[]) => from[Math.floor(random.next() ** popularity * from.length)];
  for (let n = 0; n < users * each; n++) {
    const id = random.whole(0, users - 1);
    const targets = follows[id] ?? new Set();
    const through = follows[random.pick([...targets]) ?? -1];
    const target =
      random.next() < closing && through
        ? random.pick([...through])
        : pick(random.next() < within ? (members[id % blocks] ?? []) : everybody);
    if (target === undefined || target === id) continue;
    targets.add(target);
    if (random.next() < returned) follows[target]?.add(id);
  }
  return follows;
}

/** The remaining follows, and a fifth of the follows of users with five at least. */
function split(follows: Follows, random: Random) {
  const held = new Map<number, ReadonlySet<number>>();
  const remainingFollows = follows.map((targets, id) => {
    const mixed = [...targets].toSorted(() => random.next() - 0.5);
    const out = targets.size < 5 ? [] : mixed.splice(0, Math.round(targets.size * 0.2));
    if (out.length > 0) held.set(id, new Set(out));
    return new Set(mixed);
  });
  return { known: remainingFollows, held };
}

/** Numbers of users begin with 1. */
function idOf(place: number): number {
  return place + 1;
}

async function storeFollows(follows: Follows): Promise<void> {
  await host.clear();
  const pairs = follows.flatMap((targets, id) => [...targets].map((target) => [idOf(id), idOf(target)] as const));
  const db = host.database<store.Tables>("relation");
  await sql`INSERT INTO relation.follows (id, user_id, target_id, created_at_ms)
    SELECT place, user_id, target_id, 0 FROM unnest(${pairs.map(([id]) => id)}::bigint[], ${pairs.map(([, id]) => id)}::bigint[])
      WITH ORDINALITY AS pair (user_id, target_id, place)`.execute(db);
  await sql`INSERT INTO relation.user_counts (user_id, follow_count, follower_count)
    SELECT id, (SELECT count(*) FROM relation.follows WHERE user_id = id), (SELECT count(*) FROM relation.follows WHERE target_id = id)
    FROM generate_series(1, ${follows.length}::bigint) AS id`.execute(db);
  await sql`ANALYZE relation.follows, relation.user_counts`.execute(db);
}

function countFollowers(follows: Follows): number[] {
  const followers: number[] = Array.from({ length: follows.length }, () => 0);
  for (const targets of follows) for (const id of targets) followers[id] = (followers[id] ?? 0) + 1;
  return followers;
}

function followedBy(follows: Follows, id: number): Scores {
  const scores = new Map<number, number>();
  for (const through of follows[id] ?? [])
    for (const far of follows[through] ?? []) scores.set(far, (scores.get(far) ?? 0) + 1);
  return scores;
}

function tableOf(follows: Follows, users: number): (id: number) => Scores {
  const histories = follows.map((targets) => [...targets]).filter(({ length }) => length > 1);
  const { table } = train({ histories, items: users, seed: 3 });
  return (id) => {
    const scores = new Float64Array(users);
    addRows(
      table,
      [...(follows[id] ?? [])].map((target) => [target, 1] as const),
      scores,
    );
    return new Map(scores.entries());
  };
}

function visitsOf(follows: Follows): (id: number) => Scores {
  const visits = new CoVisits(0);
  for (const [id, targets] of follows.entries()) for (const target of targets) visits.add(id, target, 1, 0);
  return (id) => {
    const scores = new Map<number, number>();
    for (const target of follows[id] ?? []) {
      const { weights } = visits.of(target, 0);
      const most = Math.max(...weights.values());
      for (const [other, weight] of weights) scores.set(other, (scores.get(other) ?? 0) + weight / most);
    }
    return scores;
  };
}

function best(scores: Scores, followed: ReadonlySet<number> | undefined, id: number): number[] {
  return [...scores]
    .filter(([other, score]) => score > 0 && other !== id && followed?.has(other) !== true)
    .toSorted(([id, a], [other, b]) => b - a || other - id)
    .slice(0, shown)
    .map(([other]) => other);
}
function hits(ids: readonly number[], held: ReadonlySet<number> | undefined): number {
  return ids.filter((id) => held?.has(id)).length / Math.min(shown, held?.size ?? 1);
}
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Users of whom everything may be seen. */
function userStand() {
  const { get, briefs, privacy } = user.methods;
  const flags = {
    showFavorites: true,
    showLikes: true,
    showFollowing: true,
    showFollowers: true,
    approvesFollowers: false,
  };
  return plugin({
    contract: contract("user", 1, { get, briefs, privacy }),
    needs: [],
    migrations: [],
    start: () => ({
      handlers: {
        get: async ({ id }) => testUser(id),
        briefs: async ({ ids }) => ({
          items: ids.map((id) => ({ id, username: `u${id}`, nickname: "", avatar: "", introduction: "" })),
        }),
        privacy: async ({ ids }) => ({ items: ids.map((id) => ({ id, ...flags })) }),
      },
    }),
  });
}
