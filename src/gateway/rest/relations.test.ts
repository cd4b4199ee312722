import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { authPlugin } from "#services/auth/plugin";
import { relationPlugin } from "#services/relation/plugin";
import { userPlugin } from "#services/user/plugin";
import { TestGateway } from "../testing.ts";

describe("relations over HTTP", () => {
  before(async () => void (await edge.app));
  beforeEach(async () => {
    await edge.host.clear();
    [mira, noor, tess] = [await join("Mira"), await join("Noor"), await join("Tess")];
  });
  after(() => edge[Symbol.asyncDispose]());

  it("show a follow immediately in profiles and lists, and mark it for the follower alone", async () => {
    const followed = await ask("POST", `/users/${noor.id}/follow`, mira);
    assert.deepEqual([followed.status, followed.data], [200, { following: true, requested: false }]);
    await ask("POST", `/users/${noor.id}/follow`, tess);
    await ask("POST", `/users/${tess.id}/follow`, mira);
    const seen = async (by?: Person) => {
      const { data } = await ask("GET", `/users/${noor.id}`, by);
      return [data["is_followed"], data["follow_count"], data["follower_count"]];
    };
    assert.deepEqual(await seen(mira), [true, 0, 2]);
    assert.deepEqual(await seen(noor), [false, 0, 2]);
    assert.deepEqual(await seen(), [false, 0, 2]);
    const { data } = await ask("GET", `/users/${noor.id}/followers?page_size=10`, mira);
    const brief = { avatar: "", introduction: "" };
    assert.deepEqual(data, {
      list: [
        { id: tess.id, username: "Tess", nickname: "Tess", ...brief, is_followed: true },
        { id: mira.id, username: "Mira", nickname: "Mira", ...brief, is_followed: false },
      ],
      total: 2,
      page: 1,
      page_size: 10,
      next_cursor: null,
      has_more: false,
    });
    assert.deepEqual((await ask("DELETE", `/users/${noor.id}/follow`, mira)).data, { following: false });
    assert.deepEqual(await seen(mira), [false, 0, 1]);
  });

  it("list blocked users to the user who blocks them, and refuse their follows", async () => {
    assert.equal((await ask("GET", "/users/blacklist")).status, 401);
    assert.equal((await ask("POST", "/users/blacklist", mira, { user_id: noor.id })).status, 200);
    const { data } = await ask("GET", "/users/blacklist", mira);
    assert.deepEqual(
      (data["list"] as { id: number }[]).map(({ id }) => id),
      [noor.id],
    );
    const isBlocked = async (id: number, by?: Person) => (await ask("GET", `/users/${id}`, by)).data["is_blocked"];
    assert.equal(await isBlocked(noor.id, mira), true);
    const others = [await isBlocked(mira.id, noor), await isBlocked(noor.id, tess), await isBlocked(noor.id)];
    assert.deepEqual(others, [false, false, false], "only the one who blocks learns of it");
    const refused = await ask("POST", `/users/${mira.id}/follow`, noor);
    assert.deepEqual([refused.status, refused.body["error"]], [403, "relation.they_block_you"]);
    assert.equal((await ask("GET", `/users/${mira.id}`, noor)).status, 200, "the profile stays");
    assert.equal((await ask("DELETE", `/users/blacklist/${noor.id}`, mira)).status, 200);
    assert.equal(await isBlocked(noor.id, mira), false);
    assert.equal((await ask("POST", `/users/${mira.id}/follow`, noor)).status, 200);
  });

  it("answer 403 for a list that its owner hides, except to the owner", async () => {
    await ask("POST", `/users/${noor.id}/follow`, mira);
    await ask("PUT", "/users/me", mira, { show_following: false });
    const { status, body } = await ask("GET", `/users/${mira.id}/following`, noor);
    assert.deepEqual([status, body["error"]], [403, "relation.following_hidden"]);
    assert.equal((await ask("GET", "/users/me/following", mira)).data["total"], 1);
  });

  it("suggest users with a reason, also to a user without follows", async () => {
    await ask("POST", `/users/${noor.id}/follow`, mira);
    const list = async (by: Person) => (await ask("GET", "/users/suggestions", by)).data["list"];
    assert.deepEqual(await list(tess), [
      {
        id: noor.id,
        username: "Noor",
        nickname: "Noor",
        avatar: "",
        introduction: "",
        reason: "popular",
        mutuals: [],
        mutual_count: 0,
      },
    ]);
    await ask("POST", `/users/${mira.id}/follow`, tess);
    const [near] = (await list(tess)) as Record<string, unknown>[];
    assert.deepEqual(
      [near?.["id"], near?.["reason"], near?.["mutual_count"], near?.["mutuals"]],
      [noor.id, "followed_by_following", 1, [{ id: mira.id, username: "Mira", nickname: "Mira", avatar: "" }]],
    );
  });

  it("answer 400 for following oneself, 404 for an unknown user and 400 for an invalid id", async () => {
    const of = async (id: string | number) => {
      const { status, body } = await ask("POST", `/users/${id}/follow`, mira);
      return [status, body["error"]];
    };
    assert.deepEqual(await of(mira.id), [400, "relation.yourself"]);
    assert.deepEqual(await of("me"), [400, "relation.yourself"]);
    assert.deepEqual(await of(77), [404, "user.not_found"]);
    assert.deepEqual(await of("x"), [400, "kernel.invalid_input"]);
  });
});

interface Person {
  readonly id: number;
  readonly token: string;
}
const edge = new TestGateway(async (host) => {
  await host.add(authPlugin);
  await host.add(userPlugin);
  await host.add(relationPlugin);
});
let mira: Person;
let noor: Person;
let tess: Person;

async function join(username: string): Promise<Person> {
  const { data } = await edge.ask("/api/v1/users/register", {
    method: "POST",
    body: { username, password: "correct horse" },
  });
  return { id: Number(data["user_id"]), token: String(data["token"]) };
}
const ask = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, by?: Person, body?: object) =>
  edge.ask(`/api/v1${path}`, { method, ...(by && { token: by.token }), ...(body && { body }) });
