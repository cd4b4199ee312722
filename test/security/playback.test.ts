import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { streamRoutes } from "#gateway/delivery/streams";
import { tokenLifeMs } from "#services/streaming/tokens";
import { sql } from "kysely";
import { withFreeBox } from "../uploads/free-box.ts";
import { type Account, clip, password, Platform } from "../platform/platform.ts";
import { soon, until } from "../until.ts";

/** A change of who may see something is felt everywhere within this time. */
const withinMs = 10_000;

/** How a user came to have the addresses of a video. */
const ways = {
  public: { visibility: "public", viewer: () => undefined },
  "a link to anybody": { visibility: "unlisted", viewer: () => undefined },
  "a link to one viewer": { visibility: "unlisted", viewer: () => other.token },
  "a link to a follower": { visibility: "followers", viewer: () => other.token },
  "a gate": { visibility: "gated", viewer: () => other.token },
  "a password": { visibility: "password", viewer: () => undefined },
  "a password of one viewer": { visibility: "password", viewer: () => other.token },
} as const;
/** Acts that take a video away from everybody but perhaps its owner. */
const endings = {
  "made private": (id: number) => ask("PUT", `/api/v1/videos/${id}`, { visibility: "private" }),
  deleted: (id: number) => ask("DELETE", `/api/v1/videos/${id}`),
  // No event is published: the row alone says so.
  "taken down": (id: number) =>
    sql`UPDATE videos SET status = 3 WHERE id = ${id}`.execute(platform.host.database("video")),
} as const;

describe("access to the bytes of a video (S2.3)", () => {
  before(prepare);
  after(() => platform[Symbol.asyncDispose]());

  it("is tested here on every streaming route", () => {
    const paths = routesOf({ id: 1, generation: 1 }).map((path) => `/api/v1/streaming/1/${path}`);
    const patterns = streamRoutes.filter(({ path }) => path.startsWith("/api/v1/streaming/:id/"));
    assert.ok(patterns.length >= 4);
    for (const { path } of patterns) {
      const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`);
      assert.ok(
        paths.some((one) => pattern.test(one)),
        path,
      );
    }
  });

  it("needs the token of this video, and is refused to another signed-in user with that token", async () => {
    const { id, generation } = await publish("unlisted");
    const token = await tokenFor(id, other.token);
    for (const path of routesOf({ id, generation })) {
      assert.equal(await status(id, path, { token }), 200, path);
      assert.equal(await status(id, path, { token, by: other.token }), 200, path);
      // By another signed-in viewer, for another video, changed, or without one: as if it were not there.
      assert.equal(await status(id, path, { token, by: third.token }), 404, path);
      assert.equal(await status(id, path, { token: `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}` }), 404);
      assert.equal(await status(id, path, { by: other.token }), 404, path);
      assert.equal(await status(id, path, {}), 404, path);
    }
    const elsewhere = await publish("unlisted");
    for (const path of routesOf(elsewhere)) assert.equal(await status(elsewhere.id, path, { token }), 404, path);
  });

  it("is refused to strangers, and ends for former followers within ten seconds", async () => {
    const { id, generation } = await publish("followers");
    const token = await tokenFor(id, other.token);
    assert.equal((await addressOf(id, third.token)).status, 404);
    assert.equal((await addressOf(id, undefined)).status, 404);
    for (const path of routesOf({ id, generation })) assert.equal(await status(id, path, { token }), 200, path);
    await as(other, "DELETE", `/api/v1/users/${owner.id}/follow`);
    await closes(routesOf({ id, generation }).map((path) => ({ name: path, ask: () => status(id, path, { token }) })));
    await as(other, "POST", `/api/v1/users/${owner.id}/follow`);
  });

  it("ends within ten seconds for a viewer who logs out, and stays for their other sessions", async () => {
    const { id, generation } = await publish("followers");
    const login = async () =>
      String(
        (await platform.ask("/api/v1/users/login", { method: "POST", body: { username: other.name, password } })).data[
          "token"
        ],
      );
    const [leaving, staying] = [await login(), await login()];
    const token = await tokenFor(id, leaving);
    const kept = await tokenFor(id, staying);
    const routes = routesOf({ id, generation });
    for (const path of routes) assert.equal(await status(id, path, { token }), 200, path);
    const left = await platform.ask("/api/v1/users/logout", { method: "POST", token: leaving, body: {} });
    assert.equal(left.status, 200, left.text);
    await closes(routes.map((path) => ({ name: path, ask: () => status(id, path, { token }) })));
    for (const path of routes) assert.equal(await status(id, path, { token: kept }), 200, path);
  });

  it("needs the video's password, is bound to its user, and ends when the password changes", async () => {
    const { id, generation } = await publish("password");
    const page = await platform.ask(`/api/v1/videos/${id}`);
    assert.deepEqual([page.status, page.body["error"], page.body["data"]], [403, "video.password_required", null]);
    assert.ok(!page.text.includes(secretTitle) && !page.text.includes(owner.name), "nothing of it is shown");
    const bare = await platform.ask(`/api/v1/streaming/${id}/address`);
    assert.deepEqual([bare.status, bare.body["error"]], [403, "video.password_required"]);
    const wrong = await unlocking(id, "open barley");
    assert.deepEqual([wrong.status, wrong.body["error"]], [403, "video.wrong_password"]);
    const ownUnlock = await unlocked(id, other.token);
    const anybodys = await unlocked(id, undefined);
    const askWith = (unlock: string, by?: string, path = `/api/v1/videos/${id}`) =>
      platform.ask(path, { headers: { "x-kinora-unlock": unlock }, ...(by !== undefined && { token: by }) });
    assert.equal((await askWith(ownUnlock, other.token)).data["title"], secretTitle);
    assert.equal((await askWith(ownUnlock, third.token)).status, 403, "it is another's");
    assert.equal((await askWith(ownUnlock)).status, 403, "it is somebody's");
    assert.equal((await askWith(anybodys)).status, 200);
    const elsewhere = await publish("password");
    assert.equal((await askWith(anybodys, undefined, `/api/v1/videos/${elsewhere.id}`)).status, 403);
    const forged = anybodys.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    for (const bad of [forged, "x", "0".repeat(60), anybodys.slice(1)]) assert.equal((await askWith(bad)).status, 403);
    const whole = await askWith(anybodys);
    for (const name of ["password", "password_hash", "is_granted"]) assert.ok(!(name in whole.data), name);

    const token = await tokenFor(id, undefined);
    const routes = routesOf({ id, generation });
    for (const path of routes) assert.equal(await status(id, path, { token }), 200, path);
    aheadMs = 4 * 3_600_000 + 1_000;
    assert.equal((await askWith(anybodys)).status, 403, "it is over");
    aheadMs = 0;
    await ask("PUT", `/api/v1/videos/${id}`, { password: "another one" });
    assert.equal((await askWith(anybodys)).status, 403);
    await closes(routes.map((path) => ({ name: path, ask: () => status(id, path, { token }) })));
    assert.equal((await unlocking(id, secret)).status, 403);
  });

  it("is refused after ten wrong passwords from one address or by one account (S3.4)", async () => {
    const { id } = await publish("password");
    for (let n = 0; n < 10; n++) assert.equal((await unlocking(id, `guess ${n}`)).status, 403);
    const stopped = await unlocking(id, secret);
    assert.deepEqual([stopped.status, stopped.body["error"]], [429, "video.too_many_tries"]);
    assert.ok(Number(stopped.headers["retry-after"]) > 0);
    const elsewhere = await unlocking(id, secret, undefined, "10.0.0.9");
    assert.equal(elsewhere.status, 200, "the owner's other guests are not locked out");
    for (let n = 0; n < 10; n++) await unlocking(id, `guess ${n}`, other.token, `10.0.1.${n}`);
    assert.equal((await unlocking(id, secret, other.token, "10.0.2.1")).status, 429);
  });

  it("ends within ten seconds for a viewer who no longer meets a gate, on every route (S2.3)", async () => {
    const { token: admin } = await platform.administrator();
    const path = `/api/v1/admin/users/${other.id}/coins`;
    await platform.ask(path, { method: "POST", token: admin, body: { amount: 100, reason: "a prize" } });
    const buy = async (id: number, by: string) => {
      const answer = await platform.ask(`/api/v1/gates/video/${id}/buy`, {
        method: "POST",
        token: by,
        body: { price: 5 },
      });
      assert.equal(answer.status, 200, answer.text);
    };
    const refund = (id: number) =>
      platform.ask(`/api/v1/gates/video/${id}/refund`, { method: "POST", token: other.token, body: {} });
    const gates: Readonly<
      Record<string, { gate: object; meet?: (id: number) => Promise<unknown>; end: (id: number) => Promise<unknown> }>
    > = {
      "an invitation taken back": {
        gate: { kind: "invited" },
        meet: (id) => ask("POST", `/api/v1/gates/video/${id}/invited`, { user_ids: [other.id] }),
        end: (id) => ask("DELETE", `/api/v1/gates/video/${id}/invited/${other.id}`),
      },
      "coins given back": { gate: { kind: "coins", price: 5 }, meet: (id) => buy(id, other.token), end: refund },
      "a rental that is over": {
        gate: { kind: "coins", price: 5, rent_hours: 1 },
        meet: (id) => buy(id, other.token),
        end: (id) =>
          sql`UPDATE gate_grants SET until_ms = 1 WHERE thing_id = ${id}`.execute(platform.host.database("video")),
      },
      "an edited gate": {
        gate: { kind: "followers" },
        end: (id) => ask("PUT", `/api/v1/videos/${id}`, { gate: { kind: "invited" } }),
      },
      "a follow that ends": {
        gate: { all: [{ kind: "followers" }, { any: [{ kind: "followers" }, { kind: "invited" }] }] },
        end: () => as(other, "DELETE", `/api/v1/users/${owner.id}/follow`),
      },
    };
    const links: { readonly name: string; readonly url: string }[] = [];
    const end: (() => Promise<unknown>)[] = [];
    for (const [name, one] of Object.entries(gates)) {
      const video = await publish("gated", mediaId, one.gate);
      await one.meet?.(video.id);
      const token = await tokenFor(video.id, other.token);
      for (const route of routesOf(video))
        links.push({ name: `${name}: ${route}`, url: urlOf(video.id, route, token) });
      end.push(() => one.end(video.id));
    }
    for (const { name, url } of links) assert.equal(await fetched(url, undefined), 200, name);
    for (const act of end) await act();
    await closes(links.map(({ name, url }) => ({ name, ask: () => fetched(url, undefined) })));
    await as(other, "POST", `/api/v1/users/${owner.id}/follow`);
  });

  it("ends with its token after five minutes, and returns with a new token", async () => {
    const { id, generation } = await publish("unlisted");
    const token = await tokenFor(id, undefined);
    const routes = routesOf({ id, generation });
    aheadMs = tokenLifeMs + 1_000;
    for (const path of routes) assert.equal(await status(id, path, { token }), 403, path);
    const next = await tokenFor(id, undefined);
    for (const path of routes) assert.equal(await status(id, path, { token: next }), 200, path);
    // A player without a script in between goes on with the addresses it has: the browser brings the newer token.
    const cookie = await playbackCookie(id);
    assert.match(
      cookie,
      new RegExp(`^kinora_playback=v\\.[^;]+; Path=/api/v1/streaming/${id}/; HttpOnly; SameSite=Strict`),
    );
    for (const path of routes) {
      assert.equal(await status(id, path, { token, cookie: cookie.split(";")[0] ?? "" }), 200, path);
      assert.equal(await status(id, path, { token, cookie: "kinora_playback=v.1.1.1.1.x" }), 404, path);
    }
    aheadMs = 0;
  });

  it("ends within ten seconds when a video becomes private, deleted or taken down, also for earlier links", async () => {
    const links: { readonly name: string; readonly url: string; readonly by: string | undefined }[] = [];
    const revoke: (() => Promise<unknown>)[] = [];
    for (const [way, { visibility, viewer }] of Object.entries(ways))
      for (const [ending, end] of Object.entries(endings)) {
        const video = await publish(visibility);
        const token = visibility === "public" ? undefined : await tokenFor(video.id, viewer());
        for (const path of routesOf(video))
          for (const by of [undefined, viewer()])
            links.push({ name: `${way}, ${ending}: ${path}`, url: urlOf(video.id, path, token), by });
        revoke.push(() => end(video.id));
      }
    assert.equal(links.length, Object.keys(ways).length * Object.keys(endings).length * routesCount * 2);
    // Twice: the second answer comes from whatever keeps answers.
    for (let round = 0; round < 2; round++)
      for (const { name, url, by } of links) assert.equal(await fetched(url, by), 200, name);
    for (const end of revoke) await end();
    await closes(links.map(({ name, url, by }) => ({ name, ask: () => fetched(url, by) })));
  });

  it("ends for a replaced file within ten seconds, and reaches the new file under the next generation", async () => {
    const links: { readonly name: string; readonly url: string; readonly by: string | undefined }[] = [];
    const replace: (() => Promise<void>)[] = [];
    const later = withFreeBox(await clip("one-frame.mp4"));
    for (const [way, { visibility, viewer }] of Object.entries(ways)) {
      const [former, next] = [await send("one-frame.mp4", "video"), await sendBytes("next.mp4", later, "video")];
      for (const id of [former, next]) await isReady(id);
      const video = await publish(visibility, former);
      const token = visibility === "public" ? undefined : await tokenFor(video.id, viewer());
      for (const file of ["source", "cover.jpg", (await profileOf(former)) + ".mp4"])
        links.push({ name: `${way}: ${file}`, url: urlOf(video.id, `g1/${file}`, token), by: viewer() });
      replace.push(async () => {
        const answer = await ask("PUT", `/api/v1/videos/${video.id}/media`, { media_id: next });
        assert.deepEqual([answer["media_id"], answer["replacement"]], [next, null]);
        await platform.host.drain();
        // The same name one generation on is the new file, whatever is kept of the old one.
        const fresh = visibility === "public" ? undefined : await tokenFor(video.id, viewer());
        const response = await fetch(origin + urlOf(video.id, "g2/source", fresh));
        const bytes = Buffer.from(await response.arrayBuffer());
        assert.ok(bytes.equals(later), `${way}: ${response.status}, ${bytes.length} bytes`);
      });
    }
    for (let round = 0; round < 2; round++)
      for (const { name, url, by } of links) assert.equal(await fetched(url, by), 200, name);
    for (const change of replace) await change();
    await closes(links.map(({ name, url, by }) => ({ name, ask: () => fetched(url, by) })));
  });
});

/** Waits until none of these is given any more, within the time in which a change is felt. */
async function closes(ways: readonly { readonly name: string; readonly ask: () => Promise<number> }[]): Promise<void> {
  let open = ways;
  const areClosed = async () => {
    const answers = await Promise.all(open.map(async (way) => ({ way, answer: await way.ask() })));
    for (const { way, answer } of answers) assert.ok([200, 403, 404].includes(answer), `${way.name}: ${answer}`);
    open = answers.filter(({ answer }) => answer === 200).map(({ way }) => way);
    return open.length === 0;
  };
  await soon(withinMs, areClosed, { said: () => `still given: ${open.map(({ name }) => name).join("; ")}` });
}

let aheadMs = 0;
const platform = new Platform({}, {}, { now: () => Date.now() + aheadMs });
let owner: Account;
let other: Account;
let third: Account;
let mediaId = 0;
let coverId = 0;
let captionsId = 0;
let origin = "";
const routesCount = 17;

async function prepare(): Promise<void> {
  await platform.open();
  [owner, other, third] = [await platform.join(), await platform.join(), await platform.join()];
  await as(other, "POST", `/api/v1/users/${owner.id}/follow`);
  mediaId = await send("basic-720p.mp4", "video");
  coverId = await send("animated.gif", "cover");
  const text = "00:01.000 --> 00:02.000\nhello\n";
  captionsId = Number((await ask("POST", `/api/v1/media/${mediaId}/captions`, { language: "en", text }))["id"]);
  await isReady(mediaId);
  origin = `http://127.0.0.1:${await platform.app.listen({ port: 0, host: "127.0.0.1" })}`;
  // The last video of a media object takes it along, so one stays.
  await publish("private");
}

const send = async (name: string, purpose: string) => sendBytes(name, await clip(name), purpose);

async function sendBytes(name: string, bytes: Uint8Array, purpose: string): Promise<number> {
  const { data } = await platform.upload("/api/v1/media/upload", owner.token, { name, bytes }, { purpose });
  return Number(data["id"]);
}

/** With every rendition and everything else that is made of it. */
async function isReady(id: number): Promise<void> {
  await platform.host.drain();
  await until(async () => (await ask("GET", `/api/v1/media/${id}/transcode`))["status"] === "completed", {});
  await platform.host.drain();
}

async function profileOf(id: number): Promise<string> {
  const { renditions } = await ask("GET", `/api/v1/media/${id}`);
  const [first] = renditions as { readonly profile: string }[]; // As the contract has it.
  assert.ok(first);
  return first.profile;
}

const secret = "open sesame";
const secretTitle = "What nobody knows";
/** By video and by whom. */
const unlocks = new Map<string, string>();
const description = "0:00 One\n0:10 Two\n0:20 Three";

interface Published {
  readonly id: number;
  readonly generation: number;
}

async function publish(visibility: string, media = mediaId, gate: object = { kind: "followers" }): Promise<Published> {
  const isSecret = visibility === "password";
  const title = isSecret ? secretTitle : visibility;
  const body = {
    title,
    media_id: media,
    visibility,
    description,
    ...(isSecret && { password: secret }),
    ...(visibility === "gated" && { gate }),
  };
  const id = Number((await ask("POST", "/api/v1/videos", body))["id"]);
  // Chapters need more room than the clip has.
  await sql`UPDATE media_states SET duration_ms = 60000`.execute(platform.host.database("video"));
  await ask("PUT", `/api/v1/videos/${id}`, { cover_url: `/api/v1/media/${coverId}/picture` });
  await platform.host.drain();
  if (isSecret) {
    for (const by of [undefined, other.token]) unlocks.set(`${id} ${by}`, await unlocked(id, by));
  }
  return { id, generation: 1 };
}

const unlocking = (id: number, given: string, by?: string, from?: string) =>
  platform.ask(`/api/v1/videos/${id}/unlock`, {
    method: "POST",
    body: { password: given },
    ...(by !== undefined && { token: by }),
    ...(from !== undefined && { from }),
  });
async function unlocked(id: number, by: string | undefined): Promise<string> {
  const { status: code, data, text } = await unlocking(id, secret, by);
  assert.equal(code, 200, text);
  return String(data["unlock"]);
}
const as = async (who: Account, method: "POST" | "DELETE", path: string) => {
  const { status: code, text } = await platform.ask(path, { method, token: who.token });
  assert.equal(code, 200, text);
};

const routesOf = ({ generation }: Published): readonly string[] => [
  "master.m3u8",
  "manifest.mpd",
  "480p/index.m3u8",
  "480p-keyframes/index.m3u8",
  "audio/index.m3u8",
  `caption-${captionsId}/index.m3u8`,
  `g${generation}/480p.mp4`,
  `g${generation}/audio.mp4`,
  `g${generation}/cover.jpg`,
  `g${generation}/cover-${coverId}.webp`,
  `g${generation}/caption-${captionsId}.vtt`,
  "storyboard.vtt",
  "chapters.vtt",
  `g${generation}/storyboard-1.jpg`,
  `g${generation}/preview.avif`,
  `g${generation}/waveform.json`,
  `g${generation}/source`,
];

async function ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object) {
  const { status: code, data, text } = await platform.ask(path, { method, token: owner.token, ...(body && { body }) });
  assert.equal(code, 200, text);
  return data;
}

function unlockHeader(id: number, by: string | undefined): Record<string, string> {
  const unlock = unlocks.get(`${id} ${by}`);
  return unlock === undefined ? {} : { "x-kinora-unlock": unlock };
}

const addressOf = (id: number, by: string | undefined, headers: Readonly<Record<string, string>> = {}) =>
  platform.ask(`/api/v1/streaming/${id}/address`, {
    headers: { ...headers, ...unlockHeader(id, by) },
    ...(by !== undefined && { token: by }),
  });

async function tokenFor(id: number, by: string | undefined): Promise<string> {
  const token = new URL(String((await addressOf(id, by)).data["hls_url"]), origin).searchParams.get("token");
  assert.ok(token);
  return token;
}

async function playbackCookie(id: number): Promise<string> {
  const { headers } = await addressOf(id, undefined, { "x-kinora-session": "cookie" });
  return String(headers["set-cookie"]);
}

const urlOf = (id: number, path: string, token: string | undefined): string =>
  `/api/v1/streaming/${id}/${path}${token === undefined ? "" : `?token=${token}`}`;

interface How {
  readonly token?: string;
  readonly by?: string | undefined;
  readonly cookie?: string;
}
async function status(id: number, path: string, { token, by, cookie }: How): Promise<number> {
  const headers = cookie === undefined ? {} : { cookie };
  const answer = await platform.ask(urlOf(id, path, token), { headers, ...(by !== undefined && { token: by }) });
  if (answer.status === 200 && path.endsWith(".vtt")) {
    assert.equal(answer.headers["content-type"], "text/vtt; charset=utf-8");
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
    assert.match(answer.text, /^WEBVTT\n/);
  }
  return answer.status;
}

/** Over a connection, so that answers kept in front of the routes are seen. */
async function fetched(url: string, by: string | undefined): Promise<number> {
  const answer = await fetch(origin + url, { headers: by === undefined ? {} : { authorization: `Bearer ${by}` } });
  await answer.arrayBuffer();
  return answer.status;
}
