import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { silentLog } from "#kernel/log/port";
import { createGuardedOutgoing } from "#kernel/outgoing/guarded";
import { has, ContractPlatform, type Member, password } from "./contract-platform.ts";

/** The fields of each thing: those of the document, and after them our own. */
const user =
  "id username nickname avatar background_image gender bio province city follow_count follower_count video_count like_count favorite_count is_verified is_followed created_at";
const userToo =
  "introduction about links school company profession homepage role is_blocked is_requested approves_followers";
const ownUser = "email phone birthday show_favorites show_likes show_following show_followers";
const brief = "id username nickname avatar introduction is_followed";
const author = "id username nickname avatar is_followed";
const video =
  "id user_id user title description cover_url video_url hls_url dash_url duration width height file_size category_id tags hashtags play_count like_count comment_count share_count favorite_count status is_public allow_comment is_liked is_favorited created_at published_at";
const videoToo =
  "media_id status_reason visibility allow_download is_mine replacement chapters is_draft publish_at position download_url preview_url waveform_url thumb gain_db";
const comment =
  "id video_id user_id user content parent_id root_id reply_to_user_id like_count reply_count is_liked created_at";
const commentToo = "is_mine is_pinned is_held is_by_owner edited_at";
const analytics = "views watch_time average_view series retention sources followers_gained previous";
const message =
  "id conversation_id sender_id receiver_id type content media_url video_id is_read read_at is_mine created_at";
const conversation = "id user_id nickname avatar last_message unread_count updated_at";
const conversationToo = "is_request username";
const notification = "id type sender_id sender related_id video_id comment_id title content is_read created_at";
const notificationToo = "alert kind live_id group_id sender_count count senders cover";
/** The only address on this machine that films may be fetched from. */
const allowed = "127.0.0.2";
const giftRecord = "id live_id user_id target_id gift_id gift_name quantity unit_price total_value combo_count";
const giftRecordToo = "user gift_slug gift_icon message message_status message_seq is_anonymous is_mine created_at";
const hashtag = "id name description view_count video_count hot_score is_hot created_at";

describe("the documented API of users", () => {
  before(async () => {
    await platform.open();
    [mira, noor, omar] = [await platform.join("mira"), await platform.join("noor"), await platform.join("omar")];
    film = await platform.publish(mira, { title: "By the sea #seaside", tags: '["blue", "sea"]' });
  });

  it("registers a user with POST /api/v1/users/register, and refuses invalid or taken fields", async () => {
    const line = "POST /api/v1/users/register";
    const body = { username: "petra", password, email: "petra@example.org", nickname: "P.", phone: "+49 1" };
    const { data } = await platform.done(line, { body });
    has(data, "user_id token refresh_token expires_at user", "role");
    has(data["user"], user, userToo, ownUser);
    for (const wrong of [
      { username: "ab", password },
      { username: "x".repeat(51), password },
      { username: "quinn", password: "12345" },
      { username: "quinn", password: "x".repeat(51) },
      { username: "quinn" },
      { password },
      { username: "quinn", password, email: "nowhere" },
    ])
      await platform.refused(400, line, { body: wrong });
    for (const taken of ["petra", "PETRA", " petra "].map((username) => ({ username, password })))
      await platform.refused(409, line, { body: taken });
    await platform.refused(409, line, { body: { username: "quinn", password, email: "Petra@example.org" } });
  });

  it("opens a session with POST /api/v1/users/login by name, and refuses a wrong password or an unverified e-mail address", async () => {
    const line = "POST /api/v1/users/login";
    const { data } = await platform.done(line, { body: { username: "petra", password } });
    has(data, "user_id token refresh_token expires_at user", "role");
    await platform.refused(401, line, { body: { username: "petra@example.org", password } });
    for (const username of ["petra", "nobody"])
      await platform.refused(401, line, { body: { username, password: "wrong one" } });
    const renewed = await platform.done("POST /api/v1/auth/refresh", {
      body: { refresh_token: data["refresh_token"] },
    });
    has(renewed.data, "user_id token refresh_token expires_at user", "role");
  });

  it("returns a profile with GET /api/v1/users/:id, and its private fields to its owner alone", async () => {
    has((await platform.done(`GET /api/v1/users/${mira.id}`)).data, user, userToo);
    has((await platform.done(`GET /api/v1/users/${mira.id}`, { as: noor })).data, user, userToo);
    for (const id of [mira.id, "me"])
      has((await platform.done(`GET /api/v1/users/${id}`, { as: mira })).data, user, userToo, ownUser);
    await platform.refused(401, "GET /api/v1/users/me");
    const { body } = await platform.done("GET /api/v1/users/me", { as: mira });
    assert.doesNotMatch(JSON.stringify(body), /password|hash/);
  });

  it("lets a user approve followers, who wait in GET /api/v1/users/me/follow-requests for an answer", async () => {
    const line = `POST /api/v1/users/${mira.id}/follow`;
    await platform.done("PUT /api/v1/users/me", { as: mira, body: { approve_followers: true } });
    const { data } = await platform.done(line, { as: noor });
    assert.deepEqual(data, { following: false, requested: true });
    const seen = await platform.done(`GET /api/v1/users/${mira.id}`, { as: noor });
    assert.deepEqual(
      ["is_followed", "is_requested", "approves_followers"].map((name) => seen.data[name]),
      [false, true, true],
    );
    const waiting = await platform.done("GET /api/v1/users/me/follow-requests", { as: mira });
    const [request] = waiting.data["list"] as { user: { id: number }; created_at: string }[];
    assert.equal(request?.user.id, noor.id);
    assert.match(request?.created_at ?? "", /^\d{4}-/);
    const answer = `POST /api/v1/users/me/follow-requests/${noor.id}`;
    await platform.refused(400, answer, { as: mira, body: {} });
    await platform.refused(401, answer, { body: { accept: true } });
    await platform.done(answer, { as: mira, body: { accept: false } });
    await platform.done(line, { as: noor });
    await platform.done(answer, { as: mira, body: { accept: true } });
    assert.equal((await platform.done(`GET /api/v1/users/${mira.id}`, { as: noor })).data["is_followed"], true);
    await platform.done(`DELETE /api/v1/users/${mira.id}/follow`, { as: noor });
    await platform.done("PUT /api/v1/users/me", { as: mira, body: { approve_followers: false } });
  });

  it("changes a profile with PUT /api/v1/users/:id, for its owner alone", async () => {
    const input = {
      nickname: "Mira M.",
      bio: "by the sea",
      gender: 2,
      birthday: "2000-02-29",
      province: "Zeeland",
      city: "Domburg",
      email: "mira@example.org",
      phone: "+31 1",
      school: "S",
      company: "C",
      profession: "P",
      homepage: "https://example.org/",
      introduction: "I",
      show_favorites: true,
      show_likes: true,
      show_following: true,
      show_followers: true,
    };
    const { data } = await platform.done(`PUT /api/v1/users/${mira.id}`, { as: mira, body: input });
    has(data, user, userToo, ownUser);
    for (const [name, value] of Object.entries(input)) assert.equal(data[name], value, name);
    await platform.refused(403, `PUT /api/v1/users/${mira.id}`, { as: noor, body: { bio: "hers" } });
    await platform.refused(409, "PUT /api/v1/users/me", { as: noor, body: { email: "MIRA@example.org" } });
    for (const wrong of [
      { gender: 3 },
      { gender: "f" },
      { birthday: "yesterday" },
      { email: "x" },
      { show_likes: "no" },
    ])
      await platform.refused(400, "PUT /api/v1/users/me", { as: mira, body: wrong });
    const line = `GET /api/v1/videos/${film}`;
    await platform.becomes(
      line,
      {},
      ({ data: answered }) => (answered["user"] as typeof data)["nickname"] === "Mira M.",
    );
  });

  it("follows and unfollows a user with POST, DELETE /api/v1/users/:id/follow", async () => {
    const line = `/api/v1/users/${mira.id}/follow`;
    assert.deepEqual((await platform.done(`POST ${line}`, { as: noor })).data, { following: true, requested: false });
    await platform.refused(400, `POST ${line}`, { as: mira });
    await platform.refused(404, "POST /api/v1/users/5/follow", { as: noor });
    const { data } = await platform.done(`GET /api/v1/users/${mira.id}`, { as: noor });
    assert.deepEqual([data["is_followed"], data["follower_count"]], [true, 1]);
    assert.deepEqual((await platform.done(`DELETE ${line}`, { as: noor })).data, { following: false });
    await platform.done(`POST ${line}`, { as: noor });
  });

  it("lists users with GET /api/v1/users/:id/followers, /following, unless the owner hides them", async () => {
    const followers = await platform.done(`GET /api/v1/users/${mira.id}/followers`);
    assert.deepEqual(
      followers.list.map(({ id }) => id),
      [noor.id],
    );
    has(followers.list[0], brief);
    const following = await platform.done(`GET /api/v1/users/${noor.id}/following`, { as: noor });
    assert.deepEqual(
      following.list.map(({ id, is_followed }) => [id, is_followed]),
      [[mira.id, true]],
    );
    await platform.done("PUT /api/v1/users/me", { as: noor, body: { show_following: false, show_followers: false } });
    for (const list of ["followers", "following"]) {
      await platform.refused(403, `GET /api/v1/users/${noor.id}/${list}`, { as: mira });
      await platform.done(`GET /api/v1/users/${noor.id}/${list}`, { as: noor });
      await platform.refused(404, `GET /api/v1/users/5/${list}`);
    }
  });

  it("lists videos with GET /api/v1/users/:id/videos, /likes, /favorites, and hides the last two on request", async () => {
    await platform.done(`POST /api/v1/videos/${film}/like`, { as: noor });
    await platform.done(`POST /api/v1/videos/${film}/favorite`, { as: noor });
    for (const [of, list, more] of [
      [mira, "videos", []],
      [noor, "likes", ["liked_at"]],
      [noor, "favorites", ["folder_id", "kept_at"]],
    ] as const) {
      const { list: found } = await platform.done(`GET /api/v1/users/${of.id}/${list}`);
      assert.deepEqual(
        found.map(({ id }) => id),
        [film],
        list,
      );
      has(found[0], video, videoToo, ...more);
      await platform.refused(404, `GET /api/v1/users/5/${list}`);
    }
    await platform.done("PUT /api/v1/users/me", { as: noor, body: { show_likes: false, show_favorites: false } });
    for (const list of ["likes", "favorites"]) {
      await platform.refused(403, `GET /api/v1/users/${noor.id}/${list}`, { as: mira });
      await platform.refused(403, `GET /api/v1/users/${noor.id}/${list}`);
      await platform.done(`GET /api/v1/users/me/${list}`, { as: noor });
    }
  });

  it("filters and sorts one's own videos with GET /api/v1/users/me/videos, and refuses that for others", async () => {
    const line = "/api/v1/users/me/videos?q=BY%20THE&state=published&visibility=public&sort=oldest";
    const { list } = await platform.done(`GET ${line}`, { as: mira });
    assert.deepEqual(
      list.map(({ id }) => id),
      [film],
    );
    has(list[0], video, videoToo);
    const none = await platform.done("GET /api/v1/users/me/videos?state=scheduled", { as: mira });
    assert.deepEqual(none.list, []);
    await platform.refused(400, "GET /api/v1/users/me/videos?state=odd", { as: mira });
    await platform.refused(400, `GET /api/v1/users/${mira.id}/videos?q=sea`, { as: noor });
  });

  it("changes and deletes several videos with PUT /api/v1/users/me/videos", async () => {
    const line = "PUT /api/v1/users/me/videos";
    const one = await platform.publish(mira, { title: "One of several" });
    const change = { ids: [one, 5], visibility: "private", category_id: 2, allow_comment: false };
    const failed = [{ id: 5, error: "video.not_found" }];
    assert.deepEqual((await platform.done(line, { as: mira, body: change })).data, { done: [one], failed });
    const { data } = await platform.done(`GET /api/v1/videos/${one}`, { as: mira });
    assert.deepEqual([data["visibility"], data["category_id"], data["allow_comment"]], ["private", 2, false]);
    const list = (await platform.done("POST /api/v1/playlists", { as: mira, body: { title: "Several" } })).data["id"];
    const added = await platform.done(line, { as: mira, body: { ids: [one], playlist_id: list } });
    assert.deepEqual(added.data, { done: [one], failed: [] });
    const deleted = await platform.done(line, { as: mira, body: { ids: [one], delete: true } });
    assert.deepEqual(deleted.data, { done: [one], failed: [] });
    await platform.refused(404, `GET /api/v1/videos/${one}`, { as: mira });
    const foreign = await platform.done(line, { as: noor, body: { ids: [film], delete: true } });
    assert.deepEqual(foreign.data, { done: [], failed: [{ id: film, error: "video.not_yours" }] });
    await platform.refused(400, line, { as: mira, body: { ids: [film] } });
    await platform.refused(400, line, { as: mira, body: { ids: [], delete: true } });
    await platform.refused(401, line, { body: { ids: [film], delete: true } });
  });

  it("lists, blocks and unblocks users with GET, POST /api/v1/users/blacklist, DELETE /api/v1/users/blacklist/:id", async () => {
    await platform.done("POST /api/v1/users/blacklist", { as: mira, body: { user_id: omar.id } });
    const { list } = await platform.done("GET /api/v1/users/blacklist", { as: mira });
    assert.deepEqual(
      list.map(({ id }) => id),
      [omar.id],
    );
    has(list[0], brief);
    await platform.refused(403, "POST /api/v1/messages", { as: omar, body: { receiver_id: mira.id, content: "but" } });
    await platform.refused(403, `POST /api/v1/videos/${film}/comments`, { as: omar, body: { content: "but" } });
    await platform.refused(403, `POST /api/v1/users/${mira.id}/follow`, { as: omar });
    await platform.done(`GET /api/v1/users/${mira.id}`, { as: omar });
    await platform.refused(400, "POST /api/v1/users/blacklist", { as: mira, body: { user_id: mira.id } });
    await platform.refused(404, "POST /api/v1/users/blacklist", { as: mira, body: { user_id: 5 } });
    await platform.done(`DELETE /api/v1/users/blacklist/${omar.id}`, { as: mira });
    await platform.done(`POST /api/v1/videos/${film}/comments`, { as: omar, body: { content: "at last" } });
  });

  it("ends a session and its refresh token with POST /api/v1/users/logout", async () => {
    const { data } = await platform.done("POST /api/v1/users/login", { body: { username: "petra", password } });
    const petra = { id: Number(data["user_id"]), name: "petra", token: String(data["token"]) };
    assert.deepEqual((await platform.done("POST /api/v1/users/logout", { as: petra })).data, {});
    await platform.becomes("GET /api/v1/users/me", { as: petra }, ({ status }) => status === 401);
    await platform.refused(401, "POST /api/v1/auth/refresh", { body: { refresh_token: data["refresh_token"] } });
  });
});

describe("the documented API of videos", () => {
  it("creates a video with POST /api/v1/videos from a form or a media object, and refuses invalid fields", async () => {
    const line = "POST /api/v1/videos";
    const form = async (fields: Readonly<Record<string, string>>, ...more: [string, string][]) => {
      const body = new FormData();
      body.append("file", new Blob([await readFile(join(import.meta.dirname, "../media/quiet-audio.mp4"))]), "a.mp4");
      for (const [name, value] of [...Object.entries(fields), ...more]) body.append(name, value);
      return body;
    };
    const body = await form(
      { title: "T", description: "D #deep", is_public: "false", allow_comment: "false", hashtags: '["given"]' },
      ["tags", "one"],
      ["tags", "two"],
    );
    const { data } = await platform.done(line, { as: mira, body });
    has(data, video, videoToo);
    has(data["user"], author);
    assert.deepEqual(
      [data["title"], data["is_public"], data["allow_comment"], data["tags"]],
      ["T", false, false, ["one", "two"]],
    );
    // It may be watchable already by the time of the answer.
    assert.ok([0, 1].includes(data["status"] as number), String(data["status"]));
    assert.deepEqual([...(data["hashtags"] as string[])].toSorted(), ["deep", "given"]);
    const sent = await platform.done("POST /api/v1/media/upload", { as: mira, body: await form({ purpose: "video" }) });
    const media_id = sent.data["id"];
    has((await platform.done(line, { as: mira, body: { title: "Again", media_id } })).data, video, videoToo);
    await platform.refused(404, line, { as: noor, body: { title: "Hers", media_id } });
    await platform.refused(404, line, { as: mira, body: { title: "None", media_id: 5 } });
    for (const wrong of [
      { media_id },
      { media_id, title: "" },
      { media_id, title: "x".repeat(201) },
      { media_id, title: "x", description: "x".repeat(1_001) },
      { title: "no film" },
      { title: "x", video_url: "file:///etc/passwd" },
      { title: "x", video_url: "javascript:1" },
    ])
      await platform.refused(400, line, { as: mira, body: wrong });
  });

  it("imports a video by its address with POST /api/v1/videos, and refuses forbidden addresses (S5.1)", async () => {
    const line = "POST /api/v1/videos";
    const film = await readFile(join(import.meta.dirname, "../media/quiet-audio.mp4"));
    const requests: string[] = [];
    const answer: RequestListener = ({ url = "" }, response) => {
      requests.push(url);
      response.writeHead(url.startsWith("/film") ? 200 : 404, { "content-type": "video/mp4" }).end(film);
    };
    const open = createServer(answer).listen(0, allowed);
    const shut = createServer(answer).listen(0, "127.0.0.1");
    await Promise.all([open, shut].map((server) => once(server, "listening")));
    const at = ({ address, port }: AddressInfo, path: string) => `http://${address}:${port}${path}`;
    try {
      const publish = async (server: Server, path: string) => {
        const video_url = at(server.address() as AddressInfo, path); // A TCP server has one.
        const { data } = await platform.done(line, { as: mira, body: { title: "From afar", video_url } });
        has(data, video, videoToo);
        assert.equal(data["status"], 0);
        const { data: over } = await platform.becomes(
          `GET /api/v1/videos/${String(data["id"])}`,
          { as: mira },
          ({ data: now }) => now["status"] !== 0,
        );
        const said = over["status_reason"] as { error: string } | null; // As documented.
        return { over, reason: said?.error };
      };
      const { over: seen, reason } = await publish(open, "/film.mp4");
      assert.deepEqual([seen["status"], seen["width"], seen["height"], reason], [1, 320, 180, undefined]);
      assert.equal((await fetch(String(seen["hls_url"]))).status, 200);
      assert.deepEqual(
        [(await publish(open, "/none")).reason, requests],
        ["upload.nothing_there", ["/film.mp4", "/none"]],
      );
      assert.deepEqual([(await publish(shut, "/film.mp4")).reason, requests.length], ["outgoing.refused", 2]);
    } finally {
      for (const server of [open, shut]) server.close().closeAllConnections();
    }
  });

  it("returns a video with its playback addresses with GET /api/v1/videos/:id", async () => {
    for (const as of [mira, noor, undefined]) {
      const { data } = await platform.done(`GET /api/v1/videos/${film}`, { as });
      has(data, video, videoToo);
      has(data["user"], author);
      assert.deepEqual([data["status"], data["width"], data["height"], data["tags"]], [1, 320, 180, ["blue", "sea"]]);
      for (const address of ["video_url", "hls_url", "dash_url"])
        assert.equal((await fetch(String(data[address]))).status, 200, address);
    }
  });

  it("changes a video with PUT /api/v1/videos/:id, for its owner alone", async () => {
    const input = {
      title: "At the sea #seaside",
      description: "with #waves",
      tags: ["grey"],
      is_public: true,
      allow_comment: true,
    };
    const { data } = await platform.done(`PUT /api/v1/videos/${film}`, { as: mira, body: input });
    has(data, video, videoToo);
    assert.deepEqual([data["title"], data["tags"]], [input.title, ["grey"]]);
    assert.deepEqual([...(data["hashtags"] as string[])].toSorted(), ["seaside", "waves"]);
    for (const category_id of [1, null]) {
      const changed = await platform.done(`PUT /api/v1/videos/${film}`, { as: mira, body: { category_id } });
      assert.equal(changed.data["category_id"], category_id);
    }
    await platform.refused(403, `PUT /api/v1/videos/${film}`, { as: noor, body: { title: "Hers" } });
    await platform.refused(400, `PUT /api/v1/videos/${film}`, { as: mira, body: { title: "" } });
    await platform.refused(404, "PUT /api/v1/videos/5", { as: mira, body: { title: "None" } });
  });

  it("deletes a video with DELETE /api/v1/videos/:id, for its owner alone", async () => {
    const soon = await platform.publish(mira, { title: "Soon gone" });
    await platform.refused(403, `DELETE /api/v1/videos/${soon}`, { as: noor });
    assert.deepEqual((await platform.done(`DELETE /api/v1/videos/${soon}`, { as: mira })).data, {});
    for (const as of [mira, noor, undefined]) await platform.refused(404, `GET /api/v1/videos/${soon}`, { as });
  });

  it("counts likes and favourites with POST, DELETE /api/v1/videos/:id/like and /favorite", async () => {
    for (const [action, done, count] of [
      ["like", "liked", "like_count"],
      ["favorite", "favorited", "favorite_count"],
    ] as const) {
      await platform.done(`DELETE /api/v1/videos/${film}/${action}`, { as: noor });
      const response = await platform.done(`POST /api/v1/videos/${film}/${action}`, { as: noor });
      assert.deepEqual(response.data, { [done]: true, [count]: 1 });
      const undone = await platform.done(`DELETE /api/v1/videos/${film}/${action}`, { as: noor });
      assert.deepEqual(undone.data, { [done]: false, [count]: 0 });
      await platform.refused(404, `POST /api/v1/videos/5/${action}`, { as: noor });
    }
    const folder = await platform.done("POST /api/v1/favorite-folders", { as: noor, body: { name: "Seas" } });
    const body = { folder_id: folder.data["id"] };
    await platform.done(`POST /api/v1/videos/${film}/favorite`, { as: noor, body });
    await platform.refused(404, `POST /api/v1/videos/${film}/favorite`, { as: mira, body });
  });

  it("lists and creates comments with GET, POST /api/v1/videos/:id/comments", async () => {
    const line = `/api/v1/videos/${film}/comments`;
    const { data } = await platform.done(`POST ${line}`, { as: noor, body: { content: "so blue" } });
    has(data, comment, commentToo);
    has(data["user"], author);
    root = Number(data["id"]);
    const reply = await platform.done(`POST ${line}`, { as: mira, body: { content: "is it?", parent_id: root } });
    const { parent_id, root_id, reply_to_user_id } = reply.data;
    assert.deepEqual([parent_id, root_id, reply_to_user_id], [root, root, noor.id]);
    const top = await platform.done(`GET ${line}`);
    assert.ok(top.list.every((one) => one["parent_id"] === null));
    assert.deepEqual(top.list.find(({ id }) => id === root)?.["reply_count"], 1);
    has(top.list[0], comment, commentToo);
    const newest = top.list.map(({ id }) => Number(id));
    assert.deepEqual(
      newest,
      newest.toSorted((a, b) => b - a),
    );
    const hot = await platform.done(`GET ${line}?sort=hot`);
    assert.equal(hot.list[0]?.["id"], root);
    await platform.refused(400, `GET ${line}?sort=best`);
    for (const content of ["", "   ", "x".repeat(1_001)])
      await platform.refused(400, `POST ${line}`, { as: noor, body: { content } });
    await platform.refused(404, `POST ${line}`, { as: noor, body: { content: "to whom", parent_id: 5 } });
    await platform.done(`PUT /api/v1/videos/${film}`, { as: mira, body: { allow_comment: false } });
    await platform.refused(403, `POST ${line}`, { as: noor, body: { content: "still" } });
    await platform.done(`PUT /api/v1/videos/${film}`, { as: mira, body: { allow_comment: true } });
  });

  it("deletes a comment with DELETE /api/v1/comments/:id, for its author and the video's owner", async () => {
    const say = async (as: Member) =>
      String(
        (await platform.done(`POST /api/v1/videos/${film}/comments`, { as, body: { content: "gone" } })).data["id"],
      );
    const [first, second] = [await say(noor), await say(noor)];
    await platform.refused(403, `DELETE /api/v1/comments/${first}`, { as: omar });
    assert.deepEqual((await platform.done(`DELETE /api/v1/comments/${first}`, { as: noor })).data, {});
    await platform.done(`DELETE /api/v1/comments/${second}`, { as: mira });
    await platform.refused(404, `DELETE /api/v1/comments/${first}`, { as: noor });
  });

  it("likes and unlikes a comment with POST, DELETE /api/v1/comments/:id/like", async () => {
    const line = `/api/v1/comments/${root}/like`;
    assert.deepEqual((await platform.done(`POST ${line}`, { as: mira })).data, { liked: true, like_count: 1 });
    assert.deepEqual((await platform.done(`DELETE ${line}`, { as: mira })).data, { liked: false, like_count: 0 });
    await platform.refused(404, "POST /api/v1/comments/5/like", { as: mira });
  });

  it("lists replies with GET /api/v1/comments/:id/replies", async () => {
    const { list } = await platform.done(`GET /api/v1/comments/${root}/replies`);
    assert.deepEqual(
      list.map(({ content }) => content),
      ["is it?"],
    );
    has(list[0], comment, commentToo);
    has(list[0]?.["user"], author);
    await platform.refused(404, "GET /api/v1/comments/5/replies");
  });

  it("counts a view with POST /api/v1/videos/:id/play, with or without a token", async () => {
    const line = `/api/v1/videos/${film}`;
    const before = Number((await platform.done(`GET ${line}`)).data["play_count"]);
    const body = { position: 5.5, duration: 6, finished: true };
    assert.deepEqual((await platform.done(`POST ${line}/play`, { as: noor, body })).data, {});
    assert.deepEqual((await platform.done(`POST ${line}/play`, { body })).data, {});
    const isCounted = ({ data }: { data: Readonly<Record<string, unknown>> }) => Number(data["play_count"]) > before;
    await platform.becomes(`GET ${line}`, {}, isCounted);
    await platform.refused(404, "POST /api/v1/videos/5/play", { body });
    await platform.refused(400, `POST ${line}/play`, { body: { position: -1 } });
  });

  it("counts what was watched with POST /api/v1/videos/:id/play, and answers it with GET …/analytics", async () => {
    const line = `/api/v1/videos/${film}`;
    const report = {
      ranges: [
        [0, 1.5],
        [4, 60],
      ],
      source: "embed",
      site: "example.org",
    };
    const before = Number((await platform.done(`GET ${line}/analytics`, { as: mira })).data["watch_time"]);
    await platform.done(`POST ${line}/play`, { as: omar, body: report });
    const { data } = await platform.done(`GET ${line}/analytics?days=7`, { as: mira });
    has(data, analytics);
    const watched = Number(data["watch_time"]) - before;
    assert.ok(watched > 3 && watched < 4, `${watched} s of six`);
    assert.ok(JSON.stringify(data["sources"]).includes(`{"source":"embed","site":"example.org","views":1}`));
    await platform.becomes("GET /api/v1/users/me/analytics", { as: mira }, ({ data: channel }) => {
      has(channel, analytics, "top");
      return Number(channel["watch_time"]) >= watched && JSON.stringify(channel["top"]).includes(`"id":${film},`);
    });
    for (const path of [`${line}/analytics`, "/api/v1/users/me/analytics"]) {
      const csv = await platform.ask(`GET ${path}`, { as: mira, headers: { accept: "text/csv" } });
      assert.deepEqual([csv.status, csv.headers.get("content-type")?.split(";")[0]], [200, "text/csv"]);
    }
    for (const ranges of [[[2, 1]], [[-1, 1]], [[0]], Array.from({ length: 21 }, () => [0, 1])])
      await platform.refused(400, `POST ${line}/play`, { body: { ranges } });
    await platform.refused(403, `GET ${line}/analytics`, { as: noor });
    await platform.refused(401, "GET /api/v1/users/me/analytics");
    await platform.refused(400, `GET ${line}/analytics?days=30`, { as: mira });
  });
});

describe("the documented API of search", () => {
  it("searches videos, users and hashtags with GET /api/v1/search", async () => {
    const { data } = await platform.becomes("GET /api/v1/search?q=sea", {}, ({ data: found }) =>
      JSON.stringify(found).includes(String(film)),
    );
    has(data, "videos users hashtags did_you_mean", "lives");
    for (const part of ["videos", "users", "hashtags", "lives"])
      has(data[part], "list total page page_size next_cursor has_more");
    await platform.done("GET /api/v1/search?keyword=sea");
    for (const q of ["", "?q=", "?q=%20", "?keyword="]) await platform.refused(400, `GET /api/v1/search${q}`);
  });

  it("searches one kind with GET /api/v1/search/videos, /users, /hashtags", async () => {
    for (const [path, thing, id] of [
      ["videos?q=SEA", [video, videoToo, "highlights moments moments_total"], film],
      ["users?q=MIR", [brief], mira.id],
      ["hashtags?q=seas", [hashtag], undefined],
    ] as const) {
      const { list } = await platform.becomes(`GET /api/v1/search/${path}`, {}, (found) => found.list.length > 0);
      has(list[0], ...thing);
      if (id !== undefined)
        assert.ok(
          list.some((one) => one["id"] === id),
          path,
        );
      await platform.refused(400, `GET /api/v1/search/${path.replace(/q=.*/, "q=")}`);
      await platform.refused(400, `GET /api/v1/search/${path}&sort=best`);
    }
    const chinese = await platform.publish(mira, { title: "海边的日落" });
    const isFound = ({ list }: { list: readonly Readonly<Record<string, unknown>>[] }) =>
      list.some(({ id }) => id === chinese);
    await platform.becomes(`GET /api/v1/search/videos?q=${encodeURIComponent("日落")}`, {}, isFound);
    await platform.done(`DELETE /api/v1/videos/${chinese}`, { as: mira });
    const deletedSearch = `GET /api/v1/search/videos?q=${encodeURIComponent("海边")}`;
    await platform.becomes(deletedSearch, {}, (found) => !isFound(found));
  });

  it("ranks trending searches with GET /api/v1/search/hot", async () => {
    // Searches of new accounts do not trend.
    await platform.platform.change(
      "search",
      `INSERT INTO search.hot_searches (key, keyword, hot_score, searchers)
      VALUES ('sea', 'sea', 0, 5), ('film', 'film', 1, 9)
      ON CONFLICT (key) DO UPDATE SET searchers = excluded.searchers`,
    );
    const { data, list } = await platform.done("GET /api/v1/search/hot?limit=50");
    has(data, "list");
    has(list[0], "keyword score rank");
    assert.deepEqual(
      list.map(({ rank }) => rank),
      list.map((_, place) => place + 1),
    );
    await platform.refused(400, "GET /api/v1/search/hot?limit=51");
  });

  it("suggests words with GET /api/v1/search/suggestions", async () => {
    const { data } = await platform.done("GET /api/v1/search/suggestions?q=sea&limit=20");
    has(data, "list");
    assert.ok((data["list"] as unknown[]).every((word) => typeof word === "string"));
    await platform.refused(400, "GET /api/v1/search/suggestions?q=sea&limit=21");
    await platform.refused(400, "GET /api/v1/search/suggestions?q=");
  });

  it("lists and deletes a user's searches with GET, DELETE /api/v1/search/history", async () => {
    for (const q of ["sea", "mira", "sea"]) await platform.done(`GET /api/v1/search?q=${q}`, { as: noor });
    const { data, list } = await platform.done("GET /api/v1/search/history", { as: noor });
    has(data, "list");
    has(list[0], "keyword created_at");
    assert.deepEqual(
      list.map(({ keyword }) => keyword),
      ["sea", "mira"],
    );
    await platform.done("DELETE /api/v1/search/history", { as: noor });
    assert.deepEqual((await platform.done("GET /api/v1/search/history", { as: noor })).list, []);
  });
});

describe("the documented API of messages", () => {
  it("sends a message with POST /api/v1/messages, and refuses invalid ones", async () => {
    const line = "POST /api/v1/messages";
    await platform.done(`POST /api/v1/users/${noor.id}/follow`, { as: mira });
    const { data } = await platform.done(line, { as: noor, body: { receiver_id: mira.id, content: "hello" } });
    has(data, message);
    const { type, is_mine, is_read, read_at, sender_id, receiver_id } = data;
    assert.deepEqual([type, is_mine, is_read, read_at], [1, true, false, null]);
    assert.deepEqual([sender_id, receiver_id], [noor.id, mira.id]);
    said = Number(data["id"]);
    talk = Number(data["conversation_id"]);
    const more = { receiver_id: mira.id, content: "look", type: 3, video_id: film };
    assert.equal((await platform.done(line, { as: noor, body: more })).data["video_id"], film);
    for (const wrong of [
      { receiver_id: noor.id, content: "self" },
      { receiver_id: mira.id, content: "" },
      { receiver_id: mira.id, content: "x".repeat(2_001) },
      { receiver_id: mira.id, content: "x", type: 5 },
      { content: "to nobody" },
    ])
      await platform.refused(400, line, { as: noor, body: wrong });
    await platform.refused(404, line, { as: noor, body: { receiver_id: 5, content: "who" } });
  });

  it("returns a message to its sender and receiver alone with GET /api/v1/messages/:id", async () => {
    for (const as of [mira, noor]) {
      const { data } = await platform.done(`GET /api/v1/messages/${said}`, { as });
      has(data, message);
      assert.equal(data["is_mine"], as === noor);
    }
    await platform.refused(404, `GET /api/v1/messages/${said}`, { as: omar });
    await platform.refused(404, "GET /api/v1/messages/5", { as: mira });
  });

  it("lists conversations, newest first, with GET /api/v1/conversations", async () => {
    await platform.done("POST /api/v1/messages", { as: omar, body: { receiver_id: noor.id, content: "other" } });
    const { list } = await platform.done("GET /api/v1/conversations", { as: noor });
    assert.deepEqual(
      list.map(({ user_id }) => user_id),
      [omar.id, mira.id],
    );
    has(list[1], conversation, conversationToo);
    has(list[1]?.["last_message"], message);
    const [mine] = (await platform.done("GET /api/v1/conversations", { as: mira })).list;
    assert.deepEqual([mine?.["user_id"], mine?.["unread_count"]], [noor.id, 2]);
  });

  it("lists messages to their participants alone with GET /api/v1/conversations/:id/messages", async () => {
    const line = `GET /api/v1/conversations/${talk}/messages`;
    const { list } = await platform.done(line, { as: mira });
    assert.deepEqual(
      list.map(({ content }) => content),
      ["look", "hello"],
    );
    has(list[0], message);
    await platform.refused(404, line, { as: omar });
    await platform.refused(404, "GET /api/v1/conversations/5/messages", { as: mira });
  });

  it("marks messages as read with PUT /api/v1/conversations/:id/read", async () => {
    const line = `PUT /api/v1/conversations/${talk}/read`;
    await platform.refused(404, line, { as: omar });
    assert.deepEqual((await platform.done(line, { as: mira })).data, { unread_count: 0 });
    const { data } = await platform.done(`GET /api/v1/messages/${said}`, { as: noor });
    assert.equal(data["is_read"], true);
    assert.match(String(data["read_at"]), /Z$/);
  });

  it("lists and filters notifications with GET /api/v1/notifications", async () => {
    const line = "GET /api/v1/notifications";
    const { data, list } = await platform.becomes(`${line}?page_size=100`, { as: mira }, (found) =>
      [1, 2, 3, 5].every((type) => found.list.some((one) => one["type"] === type)),
    );
    assert.equal(typeof data["unread_count"], "number");
    for (const one of list) has(one, notification, notificationToo);
    has(list.find(({ type }) => type === 1)?.["sender"], author);
    const follows = await platform.done(`${line}?type=3`, { as: mira });
    assert.ok(follows.list.length > 0 && follows.list.every(({ type }) => type === 3));
    const unread = await platform.done(`${line}?unread=true`, { as: mira });
    assert.ok(unread.list.every(({ is_read }) => is_read === false));
    await platform.refused(400, `${line}?type=8`, { as: mira });
    assert.ok(
      list.every(({ sender_id }) => sender_id !== mira.id),
      "one's own actions notify nobody",
    );
    notice = Number(list[0]?.["id"]);
  });

  it("marks a notification as read with PUT /api/v1/notifications/:id/read, for its receiver alone", async () => {
    const line = `PUT /api/v1/notifications/${notice}/read`;
    await platform.refused(404, line, { as: noor });
    const { data } = await platform.done(line, { as: mira });
    has(data, notification, notificationToo);
    assert.deepEqual([data["id"], data["is_read"]], [notice, true]);
    await platform.refused(404, "PUT /api/v1/notifications/5/read", { as: mira });
  });

  it("marks all notifications as read with PUT /api/v1/notifications/read-all", async () => {
    const { data } = await platform.done("PUT /api/v1/notifications/read-all", { as: mira });
    has(data, "count");
    assert.ok(Number(data["count"]) > 0);
    assert.equal((await platform.done("GET /api/v1/notifications", { as: mira })).data["unread_count"], 0);
  });

  it("sends one notification for a repeated like and one for a comment, and none for a user's own like", async () => {
    const other = await platform.publish(noor, { title: "Noor's" });
    const before = new Set((await platform.done("GET /api/v1/notifications", { as: noor })).list.map(({ id }) => id));
    for (let round = 0; round < 3; round++) {
      await platform.done(`POST /api/v1/videos/${other}/like`, { as: omar });
      await platform.done(`DELETE /api/v1/videos/${other}/like`, { as: omar });
    }
    await platform.done(`POST /api/v1/videos/${other}/like`, { as: noor });
    await platform.done(`POST /api/v1/videos/${other}/comments`, { as: omar, body: { content: "the end" } });
    const isListed = ({ list }: { list: readonly Readonly<Record<string, unknown>>[] }) =>
      list.some((one) => one["video_id"] === other && one["type"] === 2);
    const { list } = await platform.becomes("GET /api/v1/notifications", { as: noor }, isListed);
    const news = list.filter((one) => !before.has(one["id"]) && one["video_id"] === other);
    const notices = news.map(({ type, sender_id }) => `${Number(type)} ${Number(sender_id)}`);
    assert.deepEqual(new Set(notices), new Set([`1 ${omar.id}`, `2 ${omar.id}`]));
    assert.equal(notices.length, 2);
  });
});

describe("the documented API of gifts, fan clubs and products", () => {
  before(async () => {
    const { data } = await platform.done("POST /api/v1/lives", { as: mira, body: { title: "Harbour, live" } });
    live = Number(data["id"]);
    await platform.done(`POST /api/v1/lives/${live}/start`, { as: mira });
  });

  it("finds a room that is live with GET /api/v1/search/lives", async () => {
    const { list } = await platform.becomes("GET /api/v1/search/lives?q=harbour", {}, (found) => found.list.length > 0);
    assert.equal(list[0]?.["id"], live);
    await platform.refused(400, "GET /api/v1/search/lives?q=");
  });

  it("invites a guest with POST /api/v1/lives/:id/guests, shows it to the two, and removes it with DELETE", async () => {
    const line = `/api/v1/lives/${live}/guests`;
    await platform.refused(401, `POST ${line}`, { body: { user_id: noor.id } });
    await platform.refused(403, `POST ${line}`, { as: noor, body: { user_id: omar.id } });
    await platform.refused(409, `POST ${line}`, { as: mira, body: { user_id: mira.id } });
    const { data } = await platform.done(`POST ${line}`, { as: mira, body: { user_id: noor.id } });
    has(data, "live_id user_id user status invited_at");
    assert.deepEqual([data["status"], data["user_id"]], ["invited", noor.id]);
    for (const [as, count] of [
      [mira, 1],
      [noor, 1],
      [omar, 0],
      [undefined, 0],
    ] as const) {
      const caller = as ? { as } : {};
      assert.equal((await platform.done(`GET ${line}`, caller)).list.length, count);
      const { data: room } = await platform.done(`GET /api/v1/lives/${live}`, caller);
      assert.equal((room["guests"] as unknown[]).length, count); // A list of its own.
    }
    await platform.refused(403, `DELETE ${line}/${noor.id}`, { as: omar });
    await platform.done(`DELETE ${line}/${noor.id}`, { as: noor });
    assert.deepEqual((await platform.done(`GET ${line}`, { as: mira })).list, []);
  });

  it("lists the gifts with GET /api/v1/lives/gifts", async () => {
    const { list } = await platform.done("GET /api/v1/lives/gifts");
    assert.ok(list.length > 0);
    for (const gift of list) has(gift, "id name icon animation price type level", "slug");
  });

  it("sends a gift with POST /api/v1/lives/:id/gifts, and lists it with GET and in the rank", async () => {
    const line = `POST /api/v1/lives/${live}/gifts`;
    const { data } = await platform.done(line, { as: noor, body: { gift_id: 1, quantity: 2, message: "encore" } });
    has(data, giftRecord, "balance", giftRecordToo);
    assert.deepEqual(
      ["gift_name", "unit_price", "total_value", "combo_count", "balance", "target_id"].map((field) => data[field]),
      ["Rose", 5, 10, 2, 990, mira.id],
    );
    for (const [status, as, body] of [
      [402, noor, { gift_id: 6 }],
      [404, noor, { gift_id: 99 }],
      [400, noor, { gift_id: 1, quantity: 0 }],
      [400, noor, { gift_id: 1, quantity: 10_000 }],
      [400, mira, { gift_id: 1 }],
      [401, undefined, { gift_id: 1 }],
    ] as const)
      await platform.refused(status, line, { ...(as && { as }), body });
    const { list } = await platform.done(`GET /api/v1/lives/${live}/gifts`);
    has(list[0], giftRecord, giftRecordToo);
    const { list: givers } = await platform.done(`GET /api/v1/lives/${live}/rank`);
    has(givers[0], "rank user_id user is_anonymous is_mine gift_count total_value");
    const { data: room } = await platform.done(`GET /api/v1/lives/${live}`);
    assert.deepEqual([room["gift_count"], room["gift_value"]], [2, 10]);
  });

  it("shows coins with GET /api/v1/users/me/wallet and …/statement", async () => {
    const { data } = await platform.done("GET /api/v1/users/me/wallet", { as: noor });
    assert.deepEqual(data, {
      balance: 990,
      gift_balance: 990,
      earnings: 0,
      gift_earnings: 0,
      pending_payouts: 0,
    });
    const { list } = await platform.done("GET /api/v1/users/me/wallet/statement", { as: noor });
    for (const entry of list) has(entry, "id account kind amount balance live_id gift_id user_id user payout_id at");
    assert.deepEqual(
      list.map(({ amount }) => amount),
      [-10, 1_000],
    );
  });

  it("joins and leaves a fan club with POST and DELETE /api/v1/lives/:id/fan-club/join", async () => {
    const line = `/api/v1/lives/${live}/fan-club`;
    const member = "level experience badge_name is_member member_count next_level_at";
    has((await platform.done(`POST ${line}/join`, { as: noor })).data, member);
    const { data } = await platform.done(`GET ${line}`, { as: noor });
    has(data, "id name", member);
    assert.deepEqual([data["is_member"], data["member_count"]], [true, 1]);
    has((await platform.done(`DELETE ${line}/join`, { as: noor })).data, member);
  });

  it("sells with …/products and …/reservations, and lists orders for the host", async () => {
    const line = `/api/v1/lives/${live}/products`;
    const product =
      "id live_id name description cover price sale_price currency stock available status is_pinned created_at";
    const body = { name: "Tape", price: 30, sale_price: 24.5, stock: 3 };
    await platform.refused(403, `POST ${line}`, { as: noor, body });
    await platform.refused(400, `POST ${line}`, { as: mira, body: { ...body, price: -1 } });
    const { data } = await platform.done(`POST ${line}`, { as: mira, body });
    has(data, product);
    const one = `${line}/${String(data["id"])}`;
    has((await platform.done(`PUT ${one}`, { as: mira, body: { stock: 2 } })).data, product);
    assert.equal((await platform.done(`POST ${one}/pin`, { as: mira })).data["is_pinned"], true);
    assert.equal((await platform.done(`GET ${line}`)).list.length, 1);
    const reserved = await platform.done(`POST ${one}/reservations`, { as: noor, body: { quantity: 2 } });
    has(reserved.data, "id product_id quantity unit_price total_price currency status expires_at");
    await platform.refused(409, `POST ${one}/reservations`, { as: omar, body: {} });
    const own = `${one}/reservations/${String(reserved.data["id"])}`;
    assert.equal((await platform.done(`POST ${own}/confirm`, { as: noor })).data["status"], "confirmed");
    await platform.refused(409, `DELETE ${own}`, { as: noor });
    const { list } = await platform.done(`GET /api/v1/lives/${live}/orders`, { as: mira });
    has(list[0], "id product_id product_name user_id user quantity unit_price total_price currency confirmed_at");
    assert.equal(list[0]?.["total_price"], 49);
    await platform.done(`DELETE ${one}`, { as: mira });
  });
});

describe("the documented API of hashtags", () => {
  after(() => platform[Symbol.asyncDispose]());

  it("creates a hashtag once in any case with POST /api/v1/hashtags", async () => {
    const line = "POST /api/v1/hashtags";
    const { data } = await platform.done(line, { as: mira, body: { name: "#SunSet", description: "evenings" } });
    has(data, hashtag);
    assert.deepEqual([data["name"], data["description"]], ["SunSet", "evenings"]);
    assert.deepEqual((await platform.done(line, { as: noor, body: { name: "sunset" } })).data["id"], data["id"]);
    assert.equal((await platform.done(line, { as: noor, body: { name: "SUNSET" } })).data["name"], "SunSet");
    for (const name of ["", "#", "x".repeat(51), "a#b"])
      await platform.refused(400, line, { as: mira, body: { name } });
  });

  it("returns hashtags with GET /api/v1/hashtags/:id, /hot", async () => {
    const { list } = await platform.done("GET /api/v1/hashtags/hot?limit=50");
    tag = Number(list.find(({ name }) => name === "seaside")?.["id"]);
    for (const one of list) has(one, hashtag);
    const { data } = await platform.done(`GET /api/v1/hashtags/${tag}`);
    has(data, hashtag);
    assert.deepEqual([data["name"], data["video_count"]], ["seaside", 1]);
  });

  it("lists the videos of a hashtag with GET /api/v1/hashtags/:id/videos", async () => {
    const { list } = await platform.done(`GET /api/v1/hashtags/${tag}/videos`);
    assert.deepEqual(
      list.map(({ id }) => id),
      [film],
    );
    has(list[0], video, videoToo);
    for (const sort of ["new", "hot"]) await platform.done(`GET /api/v1/hashtags/${tag}/videos?sort=${sort}`);
    await platform.refused(400, `GET /api/v1/hashtags/${tag}/videos?sort=best`);
    await platform.refused(404, "GET /api/v1/hashtags/5/videos");
  });

  it("updates video_count when a video is published, edited or deleted", async () => {
    const counts =
      (count: number) =>
      ({ data }: { data: Readonly<Record<string, unknown>> }) =>
        data["video_count"] === count;
    const line = `GET /api/v1/hashtags/${tag}`;
    const second = await platform.publish(mira, { title: "More of it", hashtags: '["Seaside"]' });
    await platform.becomes(line, {}, counts(2));
    await platform.done(`PUT /api/v1/videos/${film}`, {
      as: mira,
      body: { title: "Inland", hashtags: [], description: "" },
    });
    await platform.becomes(line, {}, counts(1));
    await platform.done(`DELETE /api/v1/videos/${second}`, { as: mira });
    await platform.becomes(line, {}, counts(0));
  });
});

const platform = new ContractPlatform({}, { outgoing: createGuardedOutgoing({ allow: [allowed], log: silentLog }) });
let mira: Member;
let noor: Member;
let omar: Member;
let film = 0;
let root = 0;
let said = 0;
let talk = 0;
let notice = 0;
let tag = 0;
let live = 0;
