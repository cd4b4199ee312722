import assert from "node:assert/strict";
import { request as raw } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { ForeignClient, type ForeignAnswer } from "#test/compatible/foreign-client";
import { withFreeBox } from "#test/uploads/free-box";
import { clip, Platform } from "#test/platform/platform";
import { instantIn, wholeNumber } from "./parameters.ts";

describe("the Douyin API", () => {
  before(async () => {
    await platform.open();
    client = await ForeignClient.of(platform);
    [film, picture] = [await clip("basic-720p.mp4"), await clip("one-frame.mp4")];
    mira = await joined();
    noor = await joined();
    sea = await published(mira, "The sea 🌊 <script>");
  });
  after(() => platform[Symbol.asyncDispose]());

  describe("requests", () => {
    it("are answered with and without a trailing slash, without a redirect", async () => {
      for (const path of ["/douyin/feed", "/douyin/feed/"]) {
        const answer = await client.ask(path);
        assert.deepEqual([answer.status, answer.json["status_code"]], [200, 0], path);
        assert.equal(typeof answer.json["status_msg"], "string");
        assert.ok(!("data" in answer.json));
      }
    });

    it("take parameters from the query, both kinds of forms and JSON, with precedence for the query", async () => {
      const { token, id } = mira;
      const body = new URLSearchParams({ token, user_id: String(id) });
      const parts = [...body].map(
        ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
      const multipart = `${parts.join("")}--x--\r\n`;
      const requests: readonly [string, Promise<ForeignAnswer>][] = [
        ["query", client.ask(`/douyin/user/?${body.toString()}`)],
        ["header", client.ask(`/douyin/user/?user_id=${id}`, { headers: { authorization: `Bearer ${token}` } })],
        ["form on GET", onGet("/douyin/user/", "application/x-www-form-urlencoded", body.toString())],
        ["JSON on GET", onGet("/douyin/user/", "application/json", JSON.stringify({ token, user_id: id }))],
        ["nonsense on GET", onGet(`/douyin/user?${body.toString()}`, "text/plain", "what is this")],
        ["multipart on GET", onGet("/douyin/user/", "multipart/form-data; boundary=x", multipart)],
        [
          "half a form on GET",
          onGet(`/douyin/user?${body.toString()}`, "multipart/form-data; boundary=x", "--x\r\nCont"),
        ],
        ["half of JSON on GET", onGet(`/douyin/user?${body.toString()}`, "application/json", "{")],
        ["query wins", onGet(`/douyin/user?${body.toString()}`, "application/x-www-form-urlencoded", "token=wrong")],
      ];
      for (const [how, answer] of requests) {
        const { json } = await answer;
        assert.deepEqual([json["status_code"], user(json)["id"]], [0, id], `${how}: ${JSON.stringify(json)}`);
      }
      const like = { token: noor.token, video_id: String(sea), action_type: "1" };
      for (const [how, answer] of [
        ["urlencoded", await post("/douyin/favorite/action/", like)],
        ["JSON", await json("/douyin/favorite/action", { ...like, video_id: sea, action_type: 1 })],
        ["multipart", await client.form("/douyin/favorite/action/", like)],
        ["query and form", await post(`/douyin/favorite/action/?${new URLSearchParams(like).toString()}`, like)],
      ] as const)
        is(answer, 0, how);
      is(await json("/douyin/favorite/action", "{"), 10_001);
    });

    it("accept ids in exponent notation, and refuse other non-integers", async () => {
      const { token } = noor;
      const exponent = (id: number) => id.toExponential().replace("e+", "e+");
      is(await post("/douyin/favorite/action/", { token, video_id: exponent(sea), action_type: "1" }), 0);
      // A plus sign that was not encoded is a blank to every parser of a query.
      const plain = `token=${token}&action_type=1&video_id=${exponent(sea)}`;
      is(await client.ask(`/douyin/favorite/action/?${plain}`, { method: "POST" }), 0);
      for (const wrong of ["", "x", "1.5", "-1", "0x10", "1e400", "99999999999999999999", "NaN", " 1"])
        is(await post("/douyin/favorite/action/", { token, video_id: wrong, action_type: "1" }), 10_001, wrong);
      assert.deepEqual(
        ["1e+06", "1.234567e+06", "12", "12e5", "9.0071992547409905e15", "1.5e0", "1e-3", "1e16"].map(wholeNumber),
        [1_000_000, 1_234_567, 12, 1_200_000, undefined, undefined, undefined, undefined],
      );
      fc.assert(
        fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (n) => {
          assert.equal(wholeNumber(String(n)), n);
          assert.equal(wholeNumber(n.toExponential()), n);
        }),
      );
    });

    it("report failures with HTTP 200, and unknown operations with 404 or 405", async () => {
      for (const [path, method, status] of [
        ["/douyin/nothing/", "GET", 404],
        ["/douyin/feed/", "POST", 405],
        ["/douyin/favorite/action/", "GET", 405],
      ] as const) {
        // Whatever is sent with it.
        for (const type of [undefined, "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
          if (type !== undefined && method === "GET") continue;
          const sent = type === undefined ? {} : { body: "a=b", headers: { "content-type": type } };
          const answer = await client.ask(path, { method, ...sent });
          assert.ok(answer.status === status || answer.status === 404, `${method} ${path} ${type}: ${answer.status}`);
        }
      }
      const { token } = mira;
      for (const [path, given, code] of [
        ["/douyin/favorite/action/", { video_id: String(sea), action_type: "1" }, 10_004],
        ["/douyin/favorite/action/", { video_id: String(sea), action_type: "1", token: "x" }, 10_004],
        ["/douyin/favorite/action/", { video_id: "1", action_type: "1", token }, 10_005],
        ["/douyin/favorite/action/", { video_id: String(sea), action_type: "3", token }, 10_001],
        ["/douyin/relation/action/", { to_user_id: String(mira.id), action_type: "1", token }, 10_006],
        ["/douyin/relation/action/", { to_user_id: "5", action_type: "1", token }, 10_005],
        ["/douyin/comment/action/", { video_id: String(sea), action_type: "1", comment_text: "  ", token }, 10_001],
        ["/douyin/comment/action/", { video_id: String(sea), action_type: "2", comment_id: "9", token }, 10_005],
      ] as const)
        is(await post(path, given), code, `${path} ${JSON.stringify(given)}`);
      // A token that is not good is refused also where none is needed.
      is(await client.ask("/douyin/feed/?token=wrong"), 10_004);
      is(await client.ask(`/douyin/publish/list/?token=wrong&user_id=${mira.id}`), 10_004);
      is(await client.ask("/douyin/publish/list/"), 10_004);
    });
  });

  describe("accounts", () => {
    it("get a token that works immediately in every API, and an empty one when they fail", async () => {
      const name = "小明 🎬 <b>";
      const response = await post("/douyin/user/register/", { username: name, password: "12345" });
      is(response, 0);
      const { token, user_id: id } = response.json as { token: string; user_id: number };
      assert.ok(Number.isSafeInteger(id) && id > 0);
      const alone = await client.ask(`/douyin/user/?token=${token}`);
      assert.deepEqual([user(alone.json)["id"], user(alone.json)["name"]], [id, name], alone.text);
      const native = await platform.ask("/api/v1/users/me", { token });
      assert.deepEqual([native.status, native.data["username"]], [200, name]);
      for (const [path, given, code] of [
        ["/douyin/user/register/", { username: name, password: "12345" }, 10_002],
        ["/douyin/user/register/", { username: "", password: "12345" }, 10_001],
        ["/douyin/user/register/", { username: "x".repeat(33), password: "12345" }, 10_001],
        ["/douyin/user/register/", { username: "short", password: "1234" }, 10_001],
        ["/douyin/user/register/", { username: "long", password: "1".repeat(33) }, 10_001],
        ["/douyin/user/login/", { username: name, password: "wrong" }, 10_003],
        ["/douyin/user/login/", { username: "nobody at all", password: "wrong" }, 10_003],
        ["/douyin/user/login/", {}, 10_003],
      ] as const) {
        const answer = await post(path, given);
        is(answer, code, `${path} ${JSON.stringify(given)}`);
        assert.deepEqual([answer.json["user_id"], answer.json["token"]], [0, ""]);
      }
      const again = await post("/douyin/user/login/", { username: name, password: "12345" });
      assert.equal(again.json["user_id"], id);
    });

    it("get a name once when many clients register it concurrently", async () => {
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => post("/douyin/user/register/", { username: "wanted", password: "12345" })),
      );
      const codes = answers.map(({ json: body }) => Number(body["status_code"])).toSorted((a, b) => a - b);
      assert.deepEqual(codes, [0, ...Array.from({ length: 11 }, () => 10_002)]);
    });

    it("have every field of the API, and nothing private", async () => {
      const { json } = await client.ask(`/douyin/user/?token=${noor.token}&user_id=${mira.id}`);
      const shown = user(json);
      assert.deepEqual(Object.keys(shown).toSorted(), [
        "avatar",
        "background_image",
        "favorite_count",
        "follow_count",
        "follower_count",
        "id",
        "is_follow",
        "name",
        "signature",
        "total_favorited",
        "work_count",
      ]);
      for (const picture of [shown["avatar"], shown["background_image"]]) {
        assert.match(String(picture), /^https?:\/\//);
        assert.equal((await fetch(String(picture))).status, 200);
      }
      is(await client.ask(`/douyin/user/?token=${noor.token}&user_id=5`), 10_005);
    });
  });

  describe("videos", () => {
    it("are accepted with the token after the file, and have working URLs immediately", async () => {
      const before = work(await client.ask(`/douyin/user/?token=${noor.token}`));
      const form = new FormData();
      form.append("data", new Blob([new Uint8Array(film)]), "film.bin");
      form.append("title", "");
      form.append("token", noor.token);
      is(await client.ask("/douyin/publish/action", { method: "POST", body: form }), 0);
      const [mine] = videos(await client.ask(`/douyin/publish/list/?token=${noor.token}`));
      assert.ok(mine);
      assert.equal(mine["title"], "");
      for (const field of ["play_url", "cover_url"] as const) {
        const answer = await fetch(String(mine[field]));
        assert.equal(answer.status, 200, `${field}: ${String(mine[field])}`);
      }
      const part = await fetch(String(mine["play_url"]), { headers: { range: "bytes=0-99" } });
      assert.deepEqual([part.status, part.headers.get("accept-ranges")], [206, "bytes"]);
      assert.deepEqual(Buffer.from(await part.arrayBuffer()), film.subarray(0, 100));
      await platform.host.drain();
      assert.equal(work(await client.ask(`/douyin/user/?token=${noor.token}`)), before + 1);
    });

    it("play their own file each, also after other videos of their author were cached", async () => {
      const author = await joined();
      const other = withFreeBox(picture);
      const films = new Map([[await published(author, "first"), picture]]);
      await client.ask("/douyin/feed/");
      films.set(await published(author, "second", other), other);
      for (const path of [`/douyin/publish/list/?user_id=${author.id}`, "/douyin/feed/"]) {
        const own = videos(await client.ask(path)).filter(({ id }) => films.has(Number(id)));
        assert.equal(own.length, 2);
        for (const { id, play_url } of own) {
          const bytes = Buffer.from(await (await fetch(String(play_url))).arrayBuffer());
          assert.ok(films.get(Number(id))?.equals(bytes), `${path}: ${String(play_url)} is not of ${String(id)}`);
        }
      }
    });

    it("are refused with 10008 and 429 beyond fifty open uploads", async () => {
      const lena = await joined();
      await client.fillUploads(lena.token);
      const form = new FormData();
      form.append("token", lena.token);
      form.append("title", "one too many");
      form.append("data", new Blob([new Uint8Array(film)]), "film.mp4");
      const refused = await client.ask("/douyin/publish/action/", { method: "POST", body: form });
      assert.deepEqual([refused.status, refused.json["status_code"]], [429, 10_008], refused.text);
      assert.match(String(refused.json["status_msg"]), /uploads/);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
    });

    it("are refused without video content, a token or a valid title, and leave nothing", async () => {
      const { token } = mira;
      for (const [bytes, what] of [
        [Buffer.alloc(0), "empty"],
        [Buffer.from("a film it is not".repeat(500)), "text"],
        [await clip("audio-only-cover.mp3"), "sound"],
        [await clip("html-as-video.mp4"), "a page"],
      ] as const) {
        const form = new FormData();
        form.append("token", token);
        form.append("title", what);
        form.append("data", new Blob([new Uint8Array(bytes)]), "film.mp4");
        is(await client.ask("/douyin/publish/action/", { method: "POST", body: form }), 10_007, what);
      }
      const long = new FormData();
      long.append("token", token);
      long.append("title", emoji.repeat(201));
      long.append("data", new Blob([new Uint8Array(film)]), "film.mp4");
      is(await client.ask("/douyin/publish/action/", { method: "POST", body: long }), 10_001);
      const title = `x${emoji.repeat(199)}`;
      const whole = await published(await joined(), title);
      assert.equal((await platform.ask(`/api/v1/videos/${whole}`)).data["title"], title);
      const nobody = new FormData();
      nobody.append("data", new Blob([new Uint8Array(film)]), "film.mp4");
      is(await client.ask("/douyin/publish/action/", { method: "POST", body: nobody }), 10_004);
      const nothing = new FormData();
      nothing.append("title", "without a film");
      is(await client.ask("/douyin/publish/action/", { method: "POST", body: nothing }), 10_004);
      is(await json("/douyin/publish/action/", { title: "no form" }), 10_004);
      is(await json("/douyin/publish/action/", { title: "no form", token: "x" }), 10_004);
      assert.deepEqual(
        videos(await client.ask(`/douyin/publish/list/?user_id=${mira.id}`)).map((one) => one["id"]),
        [sea],
      );
    });

    it("are in the feed with all fields, up to a time in seconds or milliseconds", async () => {
      for (let n = 0; n < 3; n++) await published(noor, `n${n}`);
      const whole = videos(await client.ask("/douyin/feed/"));
      assert.ok(whole.length >= 4 && whole.length <= 30);
      for (const field of [
        "id",
        "author",
        "play_url",
        "cover_url",
        "favorite_count",
        "comment_count",
        "is_favorite",
        "title",
      ])
        assert.ok(
          whole.every((one) => field in one),
          field,
        );
      const first = await client.ask("/douyin/feed/");
      const oldest = Number(first.json["next_time"]);
      assert.ok(oldest > 1e12);
      assert.deepEqual((await client.ask(`/douyin/feed/?latest_time=${oldest}`)).json["video_list"], []);
      assert.equal((await client.ask("/douyin/feed/?latest_time=1")).json["next_time"], 0);
      // Seconds, nonsense and nothing.
      const soon = Math.floor(Date.now() / 1_000) + 60;
      for (const time of [String(soon), `${soon}000`, "0", "", "soon", soon.toExponential()])
        assert.equal(videos(await client.ask(`/douyin/feed/?latest_time=${time}`)).length, whole.length, time);
      assert.deepEqual([instantIn("1700000000"), instantIn("1700000000000")], [1_700_000_000_000, 1_700_000_000_000]);
    });

    it("keep their title verbatim", async () => {
      const [one] = videos(await client.ask(`/douyin/publish/list/?user_id=${mira.id}`));
      assert.equal(one?.["title"], "The sea 🌊 <script>");
    });
  });

  describe("likes and follows", () => {
    it("may be repeated, and are visible to their user in the next request", async () => {
      const fan = await joined();
      const act = (action_type: string) =>
        post("/douyin/favorite/action/", { token: fan.token, video_id: String(sea), action_type });
      const state = async () => {
        const list = videos(await client.ask(`/douyin/publish/list/?user_id=${mira.id}&token=${fan.token}`));
        return list.map((one) => one["is_favorite"]);
      };
      const count = async () =>
        videos(await client.ask(`/douyin/publish/list/?user_id=${mira.id}`))[0]?.["favorite_count"];
      const before = Number(await count());
      for (const [action, liked, by] of [
        ["1", true, 1],
        ["1", true, 1],
        ["2", false, 0],
        ["2", false, 0],
        ["1", true, 1],
      ] as const) {
        is(await act(action), 0);
        assert.deepEqual([await state(), await count()], [[liked], before + by]);
      }
      const own = await client.ask(`/douyin/favorite/list/?token=${fan.token}`);
      assert.deepEqual(
        videos(own).map((one) => one["id"]),
        [sea],
      );
      const seen = user((await client.ask(`/douyin/user/?token=${fan.token}`)).json);
      assert.equal(seen["favorite_count"], 1);
      await platform.ask("/api/v1/users/me", { method: "PUT", token: fan.token, body: { show_likes: false } });
      is(await client.ask(`/douyin/favorite/list/?token=${mira.token}&user_id=${fan.id}`), 10_006);
    });

    it("list followed users and followers to signed-in users alone", async () => {
      const [a, b] = [await joined(), await joined()];
      const follow = (action_type: string) =>
        post("/douyin/relation/action/", { token: a.token, to_user_id: String(b.id), action_type });
      for (const _ of [1, 2]) is(await follow("1"), 0);
      const list = async (name: string, of: Person, by: Person) =>
        ((await client.ask(`/douyin/relation/${name}/list/?token=${by.token}&user_id=${of.id}`)).json["user_list"] ??
          []) as Record<string, unknown>[];
      assert.deepEqual(
        (await list("follow", a, b)).map((one) => [one["id"], one["is_follow"]]),
        [[b.id, false]],
      );
      assert.deepEqual(
        (await list("follower", b, a)).map((one) => [one["id"], one["follow_count"], one["is_follow"]]),
        [[a.id, 1, false]],
      );
      const seen = user((await client.ask(`/douyin/user/?token=${a.token}&user_id=${b.id}`)).json);
      assert.deepEqual([seen["is_follow"], seen["follower_count"]], [true, 1]);
      for (const _ of [1, 2]) is(await follow("2"), 0);
      assert.deepEqual(await list("follow", a, b), []);
      is(await client.ask("/douyin/relation/follow/list/"), 10_004);
    });
  });

  describe("messages", () => {
    it("are the same for both users, hidden from others, and read after a time without gap or repeat", async () => {
      const [a, b, c] = [await joined(), await joined(), await joined()];
      const send = (by: Person, to: number, content: string, action_type = "1") =>
        post("/douyin/message/action/", { token: by.token, to_user_id: String(to), action_type, content });
      const chat = async (by: Person, to: Person, after = "") =>
        ((await client.ask(`/douyin/message/chat/?token=${by.token}&to_user_id=${to.id}&pre_msg_time=${after}`)).json[
          "message_list"
        ] ?? []) as { id: number; from_user_id: number; to_user_id: number; content: string; create_time: number }[];
      const said = ["你好 <b>", "🎬", "  as it was sent\n", ...Array.from({ length: 8 }, (_, n) => `m${n}`)];
      await Promise.all(said.map((text, n) => send(n % 2 === 0 ? a : b, n % 2 === 0 ? b.id : a.id, text)));
      const whole = await chat(a, b);
      assert.deepEqual(whole, await chat(b, a));
      assert.deepEqual(whole.map(({ content }) => content).toSorted(), said.toSorted());
      assert.ok(whole.every((one, n) => n === 0 || one.create_time > (whole[n - 1]?.create_time ?? 0)));
      for (const [n, { create_time: time, from_user_id: from, to_user_id: to }] of whole.entries()) {
        assert.deepEqual(
          [from, to].toSorted((x, y) => x - y),
          [a.id, b.id],
        );
        assert.deepEqual(await chat(a, b, String(time)), whole.slice(n + 1));
      }
      assert.deepEqual(await chat(c, a), []);
      assert.deepEqual(await chat(a, c), []);
      for (const [answer, code] of [
        [await send(a, a.id, "me"), 10_006],
        [await send(a, 5, "nobody"), 10_005],
        [await send(a, b.id, "  "), 10_001],
        [await send(a, b.id, "x".repeat(2_001)), 10_001],
        [await send(a, b.id, emoji.repeat(2_001)), 10_001],
        [await send(a, b.id, "x", "2"), 10_001],
        [await client.ask(`/douyin/message/chat/?token=${a.token}&to_user_id=${b.id}&pre_msg_time=soon`), 10_001],
        [await client.ask(`/douyin/message/chat/?to_user_id=${b.id}`), 10_004],
      ] as const)
        is(answer, code);
      is(await send(a, b.id, emoji.repeat(2_000)), 0);
      assert.equal((await chat(b, a)).at(-1)?.content, emoji.repeat(2_000));
      const native = await platform.ask("/api/v1/conversations", { token: b.token });
      assert.equal(native.status, 200);
    });

    it("are in the list of friends, with the latest text and its direction", async () => {
      const [a, b, c] = [await joined(), await joined(), await joined()];
      const follow = (by: Person, to: Person) =>
        post("/douyin/relation/action/", { token: by.token, to_user_id: String(to.id), action_type: "1" });
      for (const [by, to] of [
        [a, b],
        [b, a],
        [a, c],
        [c, a],
        [b, c],
      ] as const)
        is(await follow(by, to), 0);
      const send = (by: Person, to: Person, content: string) =>
        post("/douyin/message/action/", { token: by.token, to_user_id: String(to.id), action_type: "1", content });
      is(await send(a, b, "first"), 0);
      is(await send(b, a, "second"), 0);
      const friends = async (by: Person) =>
        (
          ((await client.ask(`/douyin/relation/friend/list/?token=${by.token}`)).json["user_list"] ?? []) as {
            id: number;
            message: string;
            msgType: number;
          }[]
        )
          .map(({ id, message, msgType }) => [id, message, msgType])
          .toSorted(([x], [y]) => Number(x) - Number(y));
      assert.deepEqual(await friends(a), [
        [b.id, "second", 0],
        [c.id, "", 0],
      ]);
      assert.deepEqual(await friends(b), [[a.id, "second", 1]]);
    });
  });

  describe("comments", () => {
    it("are listed newest first with their author, and deleted by their author or the video's owner", async () => {
      const say = async (by: Person, comment_text: string) => {
        const answer = await post("/douyin/comment/action/", {
          token: by.token,
          video_id: String(sea),
          action_type: "1",
          comment_text,
        });
        is(answer, 0);
        return answer.json["comment"] as Record<string, unknown>;
      };
      const drop = (by: Person, comment: unknown, video = sea) =>
        post("/douyin/comment/action/", {
          token: by.token,
          video_id: String(video),
          action_type: "2",
          comment_id: String(comment),
        });
      const list = async () =>
        ((await client.ask(`/douyin/comment/list/?video_id=${sea}`)).json["comment_list"] ?? []) as {
          id: number;
          content: string;
          user: { id: number };
          create_date: string;
        }[];
      const first = await say(noor, " 好看 <script>alert(1)</script> 🎬 ");
      const second = await say(mira, "thanks");
      assert.ok(Number(first["id"]) > 0);
      assert.deepEqual(
        (await list()).map(({ id, content, user: by }) => [id, content, by.id]),
        [
          [second["id"], "thanks", mira.id],
          [first["id"], "好看 <script>alert(1)</script> 🎬", noor.id],
        ],
      );
      for (const { create_date } of await list()) assert.match(create_date, /^\d\d-\d\d$/);
      const [shown] = videos(await client.ask(`/douyin/publish/list/?user_id=${mira.id}`));
      assert.equal(shown?.["comment_count"], 2);
      const other = await published(noor, "another");
      is(await drop(noor, first["id"], other), 10_005);
      is(await drop(noor, second["id"]), 10_006);
      assert.equal((await list()).length, 2);
      const dropped = await drop(mira, first["id"]);
      is(dropped, 0);
      assert.equal(dropped.json["comment"] ?? null, null);
      is(await drop(mira, second["id"]), 0);
      is(await drop(mira, second["id"]), 10_005);
      assert.deepEqual(await list(), []);
      const long = await say(noor, ` ${emoji.repeat(1_000)} `);
      assert.equal(long["content"], emoji.repeat(1_000));
      for (const comment_text of ["x".repeat(1_001), emoji.repeat(1_001), "\ud83d"])
        is(
          await json("/douyin/comment/action/", { token: noor.token, video_id: sea, action_type: 1, comment_text }),
          10_001,
        );
    });
  });
});

interface Person {
  readonly id: number;
  readonly token: string;
}
/** One character of two units. */
const emoji = "\u{1f600}";
const platform = new Platform();
let client: ForeignClient;
let film: Buffer;
/** A film that is soon processed, for tests of what is around it. */
let picture: Buffer;
let mira: Person;
let noor: Person;
/** A video of hers. */
let sea: number;
let people = 0;

function is({ status, json: body }: ForeignAnswer, code: number, message = ""): void {
  assert.deepEqual([status, body["status_code"]], [200, code], `${message} ${JSON.stringify(body)}`);
  assert.equal(typeof body["status_msg"], "string");
}
const post = (path: string, given: Readonly<Record<string, string>>) =>
  client.ask(path, { method: "POST", body: new URLSearchParams(given) });
const json = (path: string, given: unknown) =>
  client.ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof given === "string" ? given : JSON.stringify(given),
  });

/** A body on GET, which `fetch` does not send. */
async function onGet(path: string, type: string, body: string): Promise<ForeignAnswer> {
  const headers = { "content-type": type, "content-length": String(Buffer.byteLength(body)) };
  const [status, text] = await new Promise<[number, string]>((resolve, reject) => {
    const sent = raw(client.base + path, { method: "GET", headers }, (answer) => {
      void textOf(answer).then((said) => resolve([answer.statusCode ?? 0, said]), reject);
    });
    sent.once("error", reject).end(body);
  });
  return {
    status,
    headers: new Headers(),
    bytes: Buffer.from(text),
    text,
    json: JSON.parse(text) as ForeignAnswer["json"],
  };
}

async function joined(): Promise<Person> {
  people += 1;
  const response = await post("/douyin/user/register/", { username: `Person ${people}`, password: "12345" });
  is(response, 0);
  return { id: Number(response.json["user_id"]), token: String(response.json["token"]) };
}

/** Settles when it is in everybody's feed. */
async function published({ token, id }: Person, title: string, bytes = picture): Promise<number> {
  const form = new FormData();
  form.append("token", token);
  form.append("title", title);
  form.append("data", new Blob([new Uint8Array(bytes)]), "film.mp4");
  is(await client.ask("/douyin/publish/action/", { method: "POST", body: form }), 0);
  await platform.host.drain();
  return Number(videos(await client.ask(`/douyin/publish/list/?user_id=${id}`))[0]?.["id"]);
}

const user = (body: ForeignAnswer["json"]) => (body["user"] ?? {}) as Record<string, unknown>;
const work = ({ json: body }: ForeignAnswer): number => Number(user(body)["work_count"]);
const videos = ({ json: body }: ForeignAnswer) => (body["video_list"] ?? []) as Record<string, unknown>[];
