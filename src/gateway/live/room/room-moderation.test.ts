import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Account, Answered, Verb } from "#test/platform/platform";
import { until } from "#test/until";
import { Rooms } from "./testing.ts";

describe("the moderation of a live room", () => {
  before(async () => {
    await rooms.open();
    [mira, noor, ines] = [await ask.join(), await ask.join(), await ask.join()];
  });
  afterEach(() => {
    for (const { socket } of rooms.opened.splice(0)) socket.terminate();
  });
  after(() => rooms.close());

  it("closes the connection of who is banned, who neither watches, enters nor writes from then on", async () => {
    const id = await rooms.live(mira);
    const theirs = await rooms.enter(noor, id);
    assert.equal((await by(mira, "POST", `${id}/bans/${noor.id}`)).status, 200);
    assert.equal(await theirs.closed, 4403);
    assert.equal((await by(noor, "POST", `${id}/join`)).body["error"], "live.banned");
    assert.equal((await by(noor, "GET", `${id}/playback`)).body["error"], "live.banned");
    assert.equal((await say(noor, id, "still here")).body["error"], "live.banned");
    assert.equal(await rooms.statusOf(`/api/v1/lives/${id}/ws?token=${noor.token}`), 403);
    assert.equal((await by(mira, "DELETE", `${id}/bans/${noor.id}`)).status, 200);
    assert.equal((await by(noor, "POST", `${id}/join`)).status, 200);
  });

  it("is for the owner and moderators of the room, and the owner alone names these", async () => {
    const id = await rooms.live(mira);
    assert.equal((await by(noor, "POST", `${id}/mutes/${ines.id}`)).body["error"], "live.not_moderator");
    assert.equal((await by(noor, "POST", `${id}/moderators/${noor.id}`)).body["error"], "live.not_yours");
    await by(mira, "POST", `${id}/moderators/${noor.id}`);
    assert.equal((await by(noor, "POST", `${id}/mutes/${ines.id}`, { minutes: 5 })).status, 200);
    assert.equal((await say(ines, id, "hello")).body["error"], "live.muted");
    assert.equal((await by(noor, "POST", `${id}/bans/${mira.id}`)).body["error"], "live.not_restrictable");
    const client = await rooms.enter(mira, id);
    await say(noor, id, "as a moderator");
    assert.equal((await client.chat("as a moderator")).payload["badge"], "moderator");
  });

  it("says to each caller whether they moderate, and names the accounts of its lists", async () => {
    const id = await rooms.live(mira);
    await by(mira, "POST", `${id}/moderators/${noor.id}`);
    await by(noor, "POST", `${id}/mutes/${ines.id}`, { minutes: 5 });
    const may = async (account: Account) => (await by(account, "GET", `${id}/chat`)).data["may_moderate"];
    assert.deepEqual([await may(mira), await may(noor), await may(ines)], [true, true, false]);
    const namesIn = async (list: string) =>
      ((await by(mira, "GET", `${id}/${list}`)).data["list"] as { user: { username: string } }[]).map(
        ({ user }) => user.username, // As the API describes it.
      );
    assert.deepEqual(await namesIn("moderators"), [noor.name]);
    assert.deepEqual(await namesIn("restrictions"), [ines.name]);
  });

  it("shows a gift with the names of its giver, and without them where it is anonymous", async () => {
    const id = await rooms.live(mira);
    const client = await rooms.enter(mira, id);
    await by(noor, "POST", `${id}/gifts`, { gift_id: 1, quantity: 2 });
    await by(ines, "POST", `${id}/gifts`, { gift_id: 1, quantity: 3, is_anonymous: true });
    const giftOf = (quantity: number) =>
      client.until(({ type, payload }) => type === "gift" && payload["quantity"] === quantity);
    assert.equal((await giftOf(2)).payload["username"], noor.name);
    const { payload, user_id } = await giftOf(3);
    assert.deepEqual([payload["username"], payload["nickname"], payload["user_id"], user_id], ["", "", null, 0]);
  });

  it("lets a viewer write once within the time of slow mode", async () => {
    const id = await rooms.live(mira);
    await by(mira, "PUT", `${id}/chat`, { slow_mode: 30 });
    assert.equal((await say(ines, id, "one")).status, 200);
    const second = await say(ines, id, "two");
    assert.deepEqual([second.status, second.body["error"]], [429, "live.slow_mode"]);
    assert.ok(Number(second.headers["retry-after"]) > 20);
    assert.equal((await say(mira, id, "the owner")).status, 200);
  });

  it("holds links of strangers and words of the room until they are allowed, and refuses others", async () => {
    const id = await rooms.live(mira);
    const keywords = [
      { pattern: "spoiler", action: "hold" },
      { pattern: "scam", action: "refuse" },
    ];
    await by(mira, "PUT", `${id}/chat`, { keywords });
    const [hers, theirs] = [await rooms.enter(mira, id), await rooms.enter(noor, id)];
    assert.equal((await say(noor, id, "see https://example.org/x")).data["is_held"], true);
    const held = await hers.type("held");
    assert.deepEqual([held.payload["reason"], held.user_id], ["link", noor.id]);
    assert.equal((await say(noor, id, "a spoiler")).data["is_held"], true);
    assert.equal((await say(noor, id, "a scam")).body["error"], "live.words_refused");
    const list = (await by(mira, "GET", `${id}/held`)).data["list"] as { id: number; reason: string }[];
    assert.deepEqual(
      list.map(({ reason }) => reason),
      ["word: spoiler", "link"],
    );
    await by(mira, "DELETE", `${id}/held/${list[1]?.id ?? 0}`);
    await by(mira, "POST", `${id}/held/${list[0]?.id ?? 0}`);
    await theirs.chat("a spoiler");
    assert.deepEqual(theirs.said, ["a spoiler"]);
    assert.equal((await by(noor, "GET", `${id}/held`)).status, 403);
  });

  it("takes deleted messages from every client and from the history, and pins one", async () => {
    const id = await rooms.live(mira);
    const theirs = await rooms.enter(ines, id);
    await say(mira, id, "keep");
    await say(mira, id, "drop");
    const [keep, drop] = [await theirs.chat("keep"), await theirs.chat("drop")];
    await by(mira, "PUT", `${id}/pinned`, { seq: keep.seq });
    assert.equal((await theirs.type("pin")).payload["message"], "keep");
    assert.equal((await by(ines, "DELETE", `${id}/messages/${drop.seq}`)).status, 403);
    await by(mira, "DELETE", `${id}/messages/${drop.seq}`);
    assert.deepEqual((await theirs.type("deleted")).payload, { seq: drop.seq });
    const late = await rooms.enter(noor, id, "&last=0");
    await late.type("deleted");
    assert.deepEqual(late.said, ["keep"]);
    assert.equal(((await by(ines, "GET", `${id}/pinned`)).data["message"] as { content: string }).content, "keep");
  });

  it("closes connections of sessions that ended, and of rooms that became private", async () => {
    const id = await rooms.live(mira);
    const leaving = await ask.join();
    const [signedOut, theirs] = [await rooms.enter(leaving, id), await rooms.enter(ines, id)];
    await ask.ask("/api/v1/users/logout", { method: "POST", token: leaving.token });
    assert.equal(await signedOut.closed, 4401);
    await by(mira, "PUT", `${id}`, { visibility: "private" });
    assert.equal(await theirs.closed, 4403);
  });

  it("is the same as server-sent events, which resume by their id", async () => {
    const id = await rooms.live(mira);
    await say(mira, id, "first");
    await say(mira, id, "second");
    await until(async () => (((await by(mira, "GET", `${id}/messages`)).data["list"] as unknown[]) ?? []).length >= 3);
    const history = (await by(mira, "GET", `${id}/messages`)).data["list"] as { seq: number; content: string }[];
    const first = history.find(({ content }) => content === "first")?.seq ?? 0;
    const end = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${rooms.port}/api/v1/lives/${id}/events`, {
      headers: { "last-event-id": String(first) },
      signal: end.signal,
    });
    assert.equal(answer.headers.get("content-type"), "text/event-stream");
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes("second")) break;
    }
    end.abort();
    assert.ok(!text.includes('"first"'));
    assert.match(text, new RegExp(`id: ${first + 1}\ndata: \\{"type":"chat"`));
  });
});

const rooms = new Rooms(200);
const ask = rooms.platform;
let mira: Account;
let noor: Account;
let ines: Account;

const by = ({ token }: Account, method: Verb, path: string, body?: object): Promise<Answered> =>
  ask.ask(`/api/v1/lives/${path}`, { method, token, ...(body && { body }) });
const say = (who: Account, id: number, content: string) => by(who, "POST", `${id}/messages`, { content });
