import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { ForeignClient, hashed, type ForeignAnswer, mebibyte } from "#test/compatible/foreign-client";
import { clip, Platform } from "#test/platform/platform";
import { callerRates } from "#kernel/http/limits";
import { until } from "#test/until";

/** The same operations under the newer names of the API and, as far as they have any, the older ones. */
const namings = [
  {
    register: "/register",
    login: "/login",
    profile: "/profile",
    init: "/upload/init",
    chunk: "/upload/chunk",
    merge: "/upload/merge",
  },
  {
    register: "/api/register",
    login: "/api/login",
    profile: "/api/profile",
    init: "/api/video/init",
    chunk: "/api/video/upload_chunk",
    merge: "/api/video/merge",
  },
] as const;

describe("the resumable API", () => {
  before(async () => {
    await platform.open();
    client = await ForeignClient.of(platform);
  });
  after(() => platform[Symbol.asyncDispose]());

  for (const names of namings)
    describe(`under ${names.init}`, () => {
      before(async () => {
        Object.assign(paths, names);
        mira = await joined();
        noor = await joined();
      });

      it("registers names of letters, digits and underscores, once", async () => {
        const username = `New_${randomBytes(4).toString("hex")}`;
        const response = await client.post(names.register, { username, password: "secret" });
        is(response, 200);
        assert.ok(Number.isSafeInteger(response.json["user_id"]));
        assert.deepEqual(Object.keys(response.json), ["code", "msg", "user_id"]);
        is(await client.post(names.register, { username, password: "secret" }), 400);
        for (const body of [
          { username: "ab", password: "secret" },
          { username: "a".repeat(21), password: "secret" },
          { username: "a-b.c", password: "secret" },
          { username: "日本語です", password: "secret" },
          { username: "fine_name", password: "12345" },
          { username: "fine_name", password: "1".repeat(33) },
          { username: "fine_name" },
          { password: "secret" },
          { username: 7, password: "secret" },
          { username: "fine_name", password: ["secret"] },
          [],
          "text",
          null,
        ])
          is(await client.post(names.register, body), 400, JSON.stringify(body));
        const broken = { method: "POST", headers: { "content-type": "application/json" }, body: '{"username": ' };
        is(await client.ask(names.register, broken), 400, "malformed JSON");
        const plain = { ...broken, headers: { "content-type": "text/plain" }, body: "{}" };
        is(await client.ask(names.register, plain), 400, "no JSON");
        for (const username of ["abc", "a".repeat(20)]) {
          const name = `${username.slice(0, -6)}${randomBytes(3).toString("hex")}`.slice(-20);
          is(await client.post(names.register, { username: name, password: "1".repeat(32) }), 200);
        }
      });

      it("signs in with a signed token of thirty days that names its session", async () => {
        const { json, status } = await client.post(names.login, { username: mira.name, password });
        assert.deepEqual([status, Object.keys(json)], [200, ["code", "msg", "user_id", "token"]]);
        const token = String(json["token"]);
        const claims = decodeJwt(token);
        assert.equal(decodeProtectedHeader(token).alg, "EdDSA");
        assert.deepEqual([claims["user_id"], claims["username"]], [mira.id, mira.name]);
        assert.equal(typeof claims["sid"], "string");
        assert.ok(Number(claims.exp) - Number(claims.iat) > 29 * 86_400);
        const me = await client.ask(names.profile, { headers: bearer(token) });
        is(me, 200);
        assert.deepEqual(me.json["data"], { user_id: mira.id, username: mira.name });
        const over = await client.ask("/api/v1/users/logout", {
          method: "POST",
          headers: { ...bearer(token), "content-type": "application/json" },
          body: "{}",
        });
        assert.equal(over.status, 200);
        is(await client.ask(names.profile, { headers: bearer(token) }), 401, "its session is over");
        const wrong = await client.post(names.login, { username: mira.name, password: "wrong one" });
        const nobody = await client.post(names.login, { username: "nobody_here", password });
        is(wrong, 401);
        is(nobody, 401);
        assert.equal(wrong.json["msg"], nobody.json["msg"]);
        for (const body of [{ username: mira.name }, { password }, { username: 1, password }, 7])
          is(await client.post(names.login, body), 400);
      });

      it("requires a valid bearer token, and ignores cookies", async () => {
        const [head = "", claims = "", signature = ""] = mira.token.split(".");
        const none = `${Buffer.from('{"alg":"none","typ":"session+jwt"}').toString("base64url")}.${claims}.`;
        const other = Buffer.from(JSON.stringify({ ...decodeJwt(mira.token), user_id: 1 })).toString("base64url");
        for (const headers of [
          {},
          { authorization: mira.token },
          { authorization: `Token ${mira.token}` },
          bearer(""),
          bearer("nonsense"),
          bearer(none),
          bearer(`${head}.${other}.${signature}`),
          bearer(`${head}.${claims}.${"A".repeat(signature.length)}`),
          { cookie: `kinora_access=${mira.token}` },
        ] as Record<string, string>[]) {
          is(await client.ask(names.profile, { headers }), 401, JSON.stringify(headers));
          is(await client.post(names.init, { file_hash: "0".repeat(32), filename: "a" }, headers), 401);
          is(await client.post(names.merge, {}, headers), 401);
          is(await client.form(names.chunk, { file_hash: "x", index: "0", data: Buffer.from("x") }, headers), 401);
        }
      });

      it("gives every answer a request id, the caller's own if it is valid", async () => {
        const profile = await client.ask(names.profile, { headers: { "x-request-id": "from-client.7" } });
        assert.equal(profile.headers.get("x-request-id"), "from-client.7");
        const odd = await client.ask(names.profile, { headers: { "x-request-id": "a b" } });
        assert.match(odd.headers.get("x-request-id") ?? "", /^[0-9a-f]{16}$/);
        const broken = await client.ask(names.init, {
          method: "POST",
          headers: { "content-type": "application/json", "x-request-id": "r1", ...bearer(mira.token) },
          body: "{",
        });
        is(broken, 400);
        assert.equal(broken.headers.get("x-request-id"), "r1");
      });

      it("accepts chunks in any order and in parallel, resumes, and assembles one file", async () => {
        const { bytes, hash, parts } = content(11);
        const first = await begin(hash, { filename: "sea.bin", file_size: bytes.byteLength, total_chunks: 3 });
        is(first, 200);
        assert.deepEqual(
          [first.json["status"], first.json["finished_chunks"], first.json["url"]],
          ["uploading", [], ""],
        );
        const second = await part(hash, 2, parts[2]);
        is(second, 200);
        assert.deepEqual(second.json, { code: 200, msg: "success", index: 2 });
        assert.deepEqual((await begin(hash)).json["finished_chunks"], ["2"]);
        const [a, b] = await Promise.all([part(hash, 1, parts[1], { as: "chunk" }), part(hash, 0, parts[0])]);
        is(a, 200);
        is(b, 200);
        const again = await begin(hash);
        assert.deepEqual(again.json["finished_chunks"], ["0", "1", "2"]);
        assert.equal(again.json["upload_id"], first.json["upload_id"]);
        const merged = await merge(hash, 3, { filename: "../../sea.bin" });
        is(merged, 200);
        assert.deepEqual(Object.keys(merged.json), ["code", "msg", "url", "file_size"]);
        assert.equal(merged.json["file_size"], bytes.byteLength);
        const got = await client.ask(String(merged.json["url"]), { headers: bearer(mira.token) });
        assert.ok(got.bytes.equals(bytes));
        assert.match(got.headers.get("content-disposition") ?? "", /filename="sea.bin"/);
        const repeated = await merge(hash, 3);
        is(repeated, 200);
        assert.equal(repeated.json["url"], merged.json["url"]);
        is(await part(hash, 0, parts[0]), 409, "a chunk after the merge");
      });

      it("orders chunk indexes as numbers, not as text", async () => {
        const { hash } = content(1);
        const keyed = { ...bearer(mira.token), "idempotency-key": "the same" };
        for (const filename of ["a", "b"]) is(await client.post(names.init, { file_hash: hash, filename }, keyed), 200);
        for (const index of [10, 2, 0]) is(await part(hash, index, randomBytes(10)), 200);
        assert.deepEqual((await begin(hash)).json["finished_chunks"], ["0", "2", "10"]);
      });

      it("opens one session for concurrent inits of one user and hash, and hides chunks of other users", async () => {
        const { hash, parts } = content(6);
        const all = await Promise.all(
          Array.from({ length: 8 }, (_, n) => begin(hash, n % 2 === 0 ? {} : { file_size: 6 * mebibyte })),
        );
        assert.equal(new Set(all.map(({ json }) => json["upload_id"])).size, 1);
        await part(hash, 0, parts[0]);
        const others = await begin(hash, {}, noor);
        assert.deepEqual(others.json["finished_chunks"], []);
        assert.notEqual(others.json["upload_id"], all[0]?.json["upload_id"]);
        is(await merge(hash, 1, {}, noor), 400, "somebody else's chunks are not used");
      });

      it("finishes an upload immediately when any user has stored its content, and adds it to the library", async () => {
        const { bytes, hash, parts } = content(6);
        const begun = await begin(hash, {}, noor);
        const url = await whole(hash, parts);
        for (const [size, status] of [
          [bytes.byteLength + 1, "uploading"],
          [bytes.byteLength, "finished"],
          [undefined, "finished"],
        ] as const) {
          const { json } = await begin(hash, size === undefined ? {} : { file_size: size }, noor);
          assert.deepEqual([json["status"], json["url"]], [status, status === "finished" ? url : ""], `${size}`);
        }
        assert.equal(begun.json["status"], "uploading");
        const got = await client.ask(url, { headers: bearer(noor.token) });
        assert.ok(got.bytes.equals(bytes));
        is(await part(hash, 0, parts[0], { by: noor }), 409, "nothing is left to be sent");
        is(await merge(hash, 2, {}, noor), 200);
      });

      it("finds content by MD5 in any letter case as well as by SHA-256", async () => {
        const { bytes, parts } = content(2);
        const md5 = hashed("md5", bytes).toUpperCase();
        await begin(md5);
        for (const [index, one] of parts.entries())
          is(await part(md5.toLowerCase(), index, one, { chunk_hash: hashed("md5", one) }), 200);
        const merged = await merge(md5, 1);
        is(merged, 200);
        const sha256 = await begin(hashed("sha256", bytes).toUpperCase(), {}, noor);
        assert.deepEqual([sha256.json["status"], sha256.json["url"]], ["finished", merged.json["url"]]);
      });

      it("answers 400 for invalid hashes, names, indexes and numbers", async () => {
        const good = { file_hash: "0".repeat(64), filename: "a.mp4" };
        for (const body of [
          { ...good, file_hash: "0".repeat(63) },
          { ...good, file_hash: "g".repeat(64) },
          { ...good, file_hash: 7 },
          { filename: "a" },
          { file_hash: good.file_hash },
          { ...good, filename: "" },
          { ...good, filename: "folder/" },
          { ...good, filename: "a".repeat(256) },
          { ...good, file_size: "7" },
          { ...good, file_size: -1 },
          { ...good, file_size: 1.5 },
          { ...good, width: "wide" },
        ])
          is(await client.post(names.init, body, bearer(mira.token)), 400, JSON.stringify(body));
        const { hash, parts } = content(1);
        await begin(hash);
        for (const index of ["-1", "1.5", "x", "", "0x1", "1e2", "100000"])
          is(await chunk(mira, { file_hash: hash, index, data: parts[0] ?? "" }), 400, index);
        is(await chunk(mira, { file_hash: "zz", index: "0", data: Buffer.from("x") }), 400);
        is(await chunk(mira, { index: "0", data: Buffer.from("x") }), 400);
        is(await chunk(mira, { file_hash: hash, data: Buffer.from("x") }), 400);
        is(await chunk(mira, { file_hash: hash, index: "0" }), 400, "no part");
        is(await chunk(mira, { file_hash: hash, index: "0", data: Buffer.alloc(0) }), 400, "an empty part");
        for (const total_chunks of [0, -1, 1.5, "1", undefined])
          is(await merge(hash, total_chunks), 400, String(total_chunks));
        assert.deepEqual((await begin(hash)).json["finished_chunks"], []);
        assert.equal(await pieceCount(hash), 0);
      });

      it("refuses a chunk that does not match its hash, sent before or after the data", async () => {
        const { hash, parts } = content(1);
        const [data = Buffer.alloc(0)] = parts;
        await begin(hash);
        const other = Buffer.from("other");
        for (const kind of ["md5", "sha256"] as const) {
          const wrong = hashed(kind, other);
          is(await chunk(mira, { file_hash: hash, index: "0", chunk_hash: wrong, data }), 400);
          is(await chunk(mira, { data, file_hash: hash, index: "0", chunk_hash: wrong }), 400, `${kind} behind`);
          assert.deepEqual((await begin(hash)).json["finished_chunks"], []);
        }
        is(await chunk(mira, { file_hash: hash, index: "0", chunk_hash: "short", data }), 400);
        assert.equal(await pieceCount(hash), 0);
        is(await chunk(mira, { data, file_hash: hash, index: "0", chunk_hash: hashed("md5", data) }), 200);
      });

      it("ignores a repeated chunk, and replaces one that has other bytes", async () => {
        const { hash, parts } = content(1);
        await begin(hash);
        is(await part(hash, 0, randomBytes(100)), 200);
        for (let time = 0; time < 2; time++) is(await part(hash, 0, parts[0]), 200);
        assert.equal(await pieceCount(hash), 1);
        is(await merge(hash, 1), 200);
        assert.equal(await pieceCount(hash), 0);
      });

      it("accepts chunks of sixteen MiB, and answers 413 for larger ones", async () => {
        const { hash } = content(1);
        await begin(hash);
        is(await part(hash, 0, Buffer.alloc(16 * mebibyte, 7)), 200);
        is(await part(hash, 1, Buffer.alloc(16 * mebibyte + 1, 7)), 413);
        assert.deepEqual((await begin(hash)).json["finished_chunks"], ["0"]);
      });

      it("answers 404 for a chunk or a merge before an init", async () => {
        const { hash, parts } = content(1);
        is(await part(hash, 0, parts[0]), 404);
        is(await merge(hash, 1), 404);
        assert.equal(await pieceCount(hash), 0);
      });

      it("names the missing chunks at a merge, keeps the others, and refuses surplus chunks", async () => {
        const { hash, parts } = content(16);
        await begin(hash);
        await part(hash, 2, parts[2]);
        const lacking = await merge(hash, 4);
        is(lacking, 400);
        assert.deepEqual(lacking.json["missing_chunks"], ["0", "1", "3"]);
        assert.deepEqual((await begin(hash)).json["finished_chunks"], ["2"]);
        for (const index of [0, 1, 3]) await part(hash, index, parts[index]);
        is(await merge(hash, 3), 400, "extra chunks");
        assert.equal((await begin(hash)).json["status"], "uploading");
        is(await merge(hash, 4), 200);
      });

      it("drops content that does not match its hash, and accepts it again", async () => {
        const { hash, parts } = content(2);
        await begin(hash);
        await part(hash, 0, randomBytes(2 * mebibyte));
        is(await merge(hash, 1), 400);
        assert.deepEqual((await begin(hash)).json["finished_chunks"], []);
        await part(hash, 0, parts[0]);
        is(await merge(hash, 1), 200);
      });

      it("refuses content of another size than announced, until the size is corrected", async () => {
        const { hash, parts } = content(2);
        await begin(hash, { file_size: 2 * mebibyte + 1 });
        await part(hash, 0, parts[0]);
        is(await merge(hash, 1), 400);
        await begin(hash, { file_size: 2 * mebibyte });
        await part(hash, 0, parts[0]);
        is(await merge(hash, 1), 200);
      });

      it("makes one file of concurrent merges", async () => {
        const { hash, parts } = content(11);
        await begin(hash);
        for (const [index, one] of parts.entries()) await part(hash, index, one);
        const all = await Promise.all(Array.from({ length: 6 }, () => merge(hash, 3)));
        for (const { status } of all) assert.ok(status === 200 || status === 409, String(status));
        const urls = all.filter(({ status }) => status === 200).map(({ json }) => json["url"]);
        assert.equal(new Set(urls).size, 1);
        const { rows } = await sql<{ n: number }>`
          SELECT count(*)::int AS n FROM files WHERE sha256 = ${hash} AND deleted_at_ms IS NULL
          `.execute(platform.host.database("upload"));
        assert.equal(rows[0]?.n, 1);
      });

      it("answers 413 beyond the quota, at the init or at the chunk", async () => {
        const poor = await joined();
        const { hash } = content(1);
        is(await begin(hash, { file_size: 10 ** 15 }, poor), 413);
        is(await begin(hash, { file_size: quotaBytes + 1 }, poor), 413);
        is(await begin(hash, {}, poor), 200);
        const sixteen = Buffer.alloc(16 * mebibyte);
        const filled = Math.floor(quotaBytes / sixteen.byteLength);
        for (let n = 0; n < filled; n++) is(await part(hash, n, sixteen, { by: poor }), 200);
        is(await part(hash, filled, sixteen, { by: poor }), 413);
        is(await merge(hash, filled, {}, poor), 400);
      });

      it("ignores a user id in a body", async () => {
        const { hash, parts } = content(1);
        await begin(hash, { user_id: noor.id });
        is(await chunk(mira, { user_id: String(noor.id), file_hash: hash, index: "0", data: parts[0] ?? "" }), 200);
        assert.deepEqual((await begin(hash)).json["finished_chunks"], ["0"]);
        assert.deepEqual((await begin(hash, {}, noor)).json["finished_chunks"], []);
      });

      it("finds no instant content when two stored contents share the MD5 (security S4.6)", async () => {
        const { bytes, parts } = content(1);
        const md5 = hashed("md5", bytes);
        await begin(md5);
        await part(md5, 0, parts[0]);
        is(await merge(md5, 1), 200);
        assert.equal((await begin(md5, {}, noor)).json["status"], "finished");
        const third = await joined();
        await sql`
          INSERT INTO contents (key, size_bytes, md5, created_at_ms)
          VALUES (${`upload/${hashed("sha256", randomBytes(9))}`}, ${bytes.byteLength}, ${md5}, 1)
          `.execute(platform.host.database("upload"));
        assert.equal((await begin(md5, {}, third)).json["status"], "uploading");
        const { json } = await begin(hashed("sha256", bytes), {}, third);
        assert.equal(json["status"], "finished", "another hash still names it");
      });
    });

  describe("under its newer names alone", () => {
    before(async () => {
      Object.assign(paths, namings[0]);
      mira = await joined();
      noor = await joined();
    });

    it("answers 429 beyond fifty open uploads, and when to come again", async () => {
      const lena = await joined();
      await client.fillUploads(lena.token);
      const refused = await begin(content(1).hash, { file_size: mebibyte }, lena);
      is(refused, 429);
      assert.match(String(refused.json["msg"]), /uploads/);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
    });

    it("cancels uploads, and refuses late chunks until the next init", async () => {
      const { hash, parts } = content(6);
      const cancel = () => client.post("/upload/cancel", { file_hash: hash }, bearer(mira.token));
      is(await cancel(), 404);
      await begin(hash);
      await part(hash, 0, parts[0]);
      is(await cancel(), 200);
      is(await cancel(), 200);
      is(await part(hash, 1, parts[1]), 410);
      is(await merge(hash, 2), 410);
      is(await look(hash), 410);
      assert.equal(await pieceCount(hash), 0);
      assert.deepEqual((await begin(hash)).json["finished_chunks"], []);
      for (const [index, one] of parts.entries()) is(await part(hash, index, one), 200);
      is(await merge(hash, 2), 200);
      is(await cancel(), 409);
      is(await client.post("/upload/cancel", {}, bearer(mira.token)), 400);
      is(await client.post("/upload/cancel", { file_hash: hash }), 401);
    });

    it("reports the status of an upload without starting one", async () => {
      const { hash, parts } = content(6);
      is(await look(hash), 404);
      is(await look(hash), 404, "asking began nothing");
      const begun = await begin(hash);
      await part(hash, 1, parts[1]);
      const open = await look(hash);
      assert.deepEqual(
        [open.json["status"], open.json["finished_chunks"], open.json["url"], open.json["upload_id"]],
        ["uploading", ["1"], "", begun.json["upload_id"]],
      );
      is(await look(hash, noor), 404);
      await part(hash, 0, parts[0]);
      const { json } = await merge(hash, 2);
      const over = await look(hash);
      assert.deepEqual([over.json["status"], over.json["url"]], ["finished", json["url"]]);
      assert.deepEqual(over.json["finished_chunks"], []);
      is(await client.ask(`/upload/status?file_hash=${hash}`), 401);
      is(await client.ask("/upload/status", { headers: bearer(mira.token) }), 400);
      is(await look(content(1).hash, noor), 404, "it is in nobody's library");
    });

    it("answers 410 for an expired upload until the next init", async () => {
      const { hash, parts } = content(6);
      await begin(hash);
      await part(hash, 0, parts[0]);
      const database = platform.host.database("upload");
      await sql`UPDATE upload_sessions SET state = 'expired', expires_at_ms = 1 WHERE hash = ${hash}`.execute(database);
      is(await part(hash, 1, parts[1]), 410);
      is(await merge(hash, 2), 410);
      const { json } = await begin(hash);
      assert.deepEqual([json["status"], json["finished_chunks"]], ["uploading", []]);
    });

    it("serves ranges with cache headers to users who have the file", async () => {
      const { bytes, hash, parts } = content(6);
      const url = await whole(hash, parts);
      const get = (headers: Record<string, string> = {}, method = "GET") =>
        client.ask(url, { method, headers: { ...bearer(mira.token), ...headers } });
      const all = await get();
      assert.ok(all.bytes.equals(bytes));
      const size = bytes.byteLength;
      for (const [range, from, to] of [
        ["bytes=0-0", 0, 0],
        ["bytes=5-99", 5, 99],
        [`bytes=${size - 10}-`, size - 10, size - 1],
        ["bytes=-7", size - 7, size - 1],
      ] as const) {
        const some = await get({ range });
        assert.equal(some.status, 206, range);
        assert.ok(some.bytes.equals(bytes.subarray(from, to + 1)), range);
        assert.equal(some.headers.get("content-range"), `bytes ${from}-${to}/${size}`);
        assert.equal(some.headers.get("content-length"), String(to - from + 1));
      }
      const beyond = await get({ range: `bytes=${size}-` });
      assert.deepEqual([beyond.status, beyond.headers.get("content-range")], [416, `bytes */${size}`]);
      const head = await get({}, "HEAD");
      assert.deepEqual([head.status, head.bytes.byteLength], [200, 0]);
      for (const { headers } of [all, head, await get({ range: "bytes=0-1" })])
        for (const name of ["accept-ranges", "etag", "content-length"]) assert.ok(headers.get(name), name);
      assert.equal(head.headers.get("content-length"), String(size));
      assert.equal((await get({ "if-none-match": all.headers.get("etag") ?? "" })).status, 304);
      is(await client.ask(url), 401);
      is(await client.ask(url, { headers: bearer(noor.token) }), 404);
      is(await client.ask(`/upload/files/${"0".repeat(64)}`, { headers: bearer(mira.token) }), 404);
      is(await client.ask("/upload/files/x", { headers: bearer(mira.token) }), 404);
    });

    it("serves signed URLs that need no token and expire", async () => {
      const { bytes, hash, parts } = content(2);
      await whole(hash, parts);
      const recent = await platform.ask("/api/v1/drive/recent", { token: mira.token });
      const [entry] = recent.data["list"] as { id: number }[];
      const link = async (expires: number) =>
        String(
          (
            await platform.ask(`/api/v1/drive/${entry?.id}/link`, {
              method: "POST",
              token: mira.token,
              body: { expires_in: expires },
            })
          ).data["url"],
        ).replace(/^https?:\/\/[^/]*/, "");
      const url = await link(60);
      const some = await client.ask(url, { headers: { range: "bytes=3-9" } });
      assert.ok(some.status === 206 && some.bytes.equals(bytes.subarray(3, 10)));
      const brief = await link(5);
      assert.equal((await client.ask(brief)).status, 200);
      await until(async () => (await client.ask(brief)).status === 404);
      const [path = "", query = ""] = url.split("?");
      assert.equal((await client.ask(`${path}?${query.slice(0, -3)}AAA`)).status, 404);
      assert.equal((await client.ask(path)).status, 404);
    });

    it("accepts native upload requests at the same paths", async () => {
      const bytes = randomBytes(1_000);
      const file = { name: "short.bin", bytes };
      const sent = await platform.upload("/upload", mira.token, file, { purpose: "drive" });
      assert.deepEqual([sent.status, sent.body["code"], sent.data["sha256"]], [200, 0, hashed("sha256", bytes)]);
      const init = await platform.ask("/api/v1/upload/init", {
        method: "POST",
        token: mira.token,
        body: { name: "a", size: 1_000, purpose: "drive" },
      });
      const { id } = init.data["upload"] as { id: number };
      const form = await client.form(
        "/upload/chunk",
        { upload_id: String(id), index: "0", chunk: bytes },
        bearer(mira.token),
      );
      assert.deepEqual([form.status, form.json["code"], form.json["data"]], [200, 0, { index: 0, size: 1_000 }]);
      const bare = await client.ask(`/upload/chunk?upload_id=${id}&index=0`, {
        method: "POST",
        headers: { ...bearer(mira.token), "content-type": "application/octet-stream" },
        body: bytes,
      });
      assert.deepEqual([bare.status, bare.json["code"]], [200, 0]);
      const far = await client.form(
        "/upload/chunk",
        { upload_id: String(id), index: "7", chunk: bytes },
        bearer(mira.token),
      );
      assert.deepEqual([far.status, far.json["error"]], [400, "upload.bad_index"]);
      const done = await platform.ask(`/api/v1/upload/${id}/complete`, { method: "POST", token: mira.token, body: {} });
      assert.equal(done.status, 200);
    });

    it("answers unknown paths in its own format, and leaves the pages of the web app alone", async () => {
      for (const path of ["/upload/none", "/api/video/none"])
        for (const method of ["GET", "POST", "DELETE"]) is(await client.ask(path, { method }), 404, path);
      is(await client.ask("/upload/init"), 405);
      for (const path of ["/login", "/upload"]) {
        const { status, headers } = await client.ask(path);
        assert.deepEqual([status, headers.get("content-type")?.split(";")[0]], [200, "text/html"], path);
      }
    });
  });

  describe("with rate limits", () => {
    before(async () => {
      await counted.open();
      there = await ForeignClient.of(counted);
      Object.assign(paths, namings[0]);
      mira = await joined(there);
      noor = await joined(there);
    });
    after(() => counted[Symbol.asyncDispose]());

    it("answers 429 beyond the limit of inits, and counts chunks separately", async () => {
      const begun = () => begin(hashed("md5", randomBytes(9)), {}, mira, there);
      for (let n = 0; n < counts.account.upload; n++) is(await begun(), 200);
      const refused = await begun();
      is(refused, 429);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
      const late = { file_hash: hashed("md5", randomBytes(9)), index: "0", data: Buffer.from("x") };
      is(await there.form(paths.chunk, late, bearer(mira.token)), 404, "a class of its own");
    });

    it("requires the bytes from a client that asks by hash too often (security S4.6)", async () => {
      const bytes = randomBytes(100);
      const stored = hashed("sha256", bytes);
      await begin(stored, {}, noor, there);
      const data = { file_hash: stored, index: "0", data: bytes };
      is(await there.form(paths.chunk, data, bearer(noor.token)), 200);
      is(await there.post(paths.merge, { file_hash: stored, filename: "a", total_chunks: 1 }, bearer(noor.token)), 200);
      const prober = await joined(there);
      const statuses = [];
      for (let n = 0; n <= counts.account.costly; n++)
        statuses.push((await begin(stored, {}, prober, there)).json["status"]);
      assert.deepEqual(statuses, [...Array<string>(counts.account.costly).fill("finished"), "uploading"]);
    });
  });

  describe("for videos, under its older names", () => {
    before(async () => {
      Object.assign(paths, namings[1]);
      mira = await joined();
      noor = await joined();
      film = await clip("one-frame.mp4");
      hash = hashed("sha256", film);
      await begin(hash, { filename: "film.mp4", width: 320, height: 240 });
      await part(hash, 0, film);
      is(await merge(hash, 1, { filename: "film.mp4" }), 200);
    });

    it("returns the metadata of a file to its owner", async () => {
      const { json, status } = await get(`/api/video/info?file_hash=${hash}`);
      assert.equal(status, 200);
      assert.partialDeepStrictEqual(json, {
        file_hash: hash,
        filename: "film.mp4",
        file_size: film.byteLength,
        width: 320,
        height: 240,
        transcode_urls: [],
        transcode_status: "pending",
      });
      assert.ok((await get(String(json["url"]))).bytes.equals(film));
      is(await get(`/api/video/info?file_hash=${hash}`, noor), 404);
      is(await get("/api/video/info"), 400);
      is(await client.ask(`/api/video/info?file_hash=${hash}`), 401);
    });

    it("serves a file between a start and an end position", async () => {
      const at = (rest: string) => `/api/video/download?file_hash=${hash}${rest}`;
      assert.ok((await get(at(""))).bytes.equals(film));
      for (const [rest, from, to] of [
        ["&start=3&end=9", 3, 9],
        ["&start=100", 100, film.byteLength - 1],
        ["&end=5", 0, 5],
      ] as const) {
        const some = await get(at(rest));
        assert.ok(some.status === 206 && some.bytes.equals(film.subarray(from, to + 1)), rest);
      }
      const ranged = await client.ask(at("&start=3&end=9"), { headers: { ...bearer(mira.token), range: "bytes=1-2" } });
      assert.ok(ranged.bytes.equals(film.subarray(1, 3)), "the header wins");
      assert.equal((await get(at(`&start=${film.byteLength}`))).status, 416);
      for (const wrong of ["&start=x", "&start=-1", "&start=9&end=3"]) is(await get(at(wrong)), 400, wrong);
      is(await get(at(""), noor), 404);
      is(await client.ask(at("")), 401);
    });

    it("transcodes the requested resolutions once, and reports the progress", async () => {
      const ask = (body: object, by = mira) => client.post("/api/video/transcode", body, bearer(by.token));
      const body = { file_hash: hash, resolutions: ["720p", "480p", "360p"] };
      const [first, second] = await Promise.all([ask(body), ask(body)]);
      is(first, 200);
      assert.deepEqual(second.json, first.json);
      const taskId = String(first.json["task_id"]);
      await platform.host.drain();
      const look = () => get(`/api/video/transcode/status?task_id=${taskId}`);
      await until(async () => {
        await platform.host.drain();
        return (await look()).json["status"] === "completed";
      });
      const { json, status } = await look();
      assert.deepEqual([status, json["progress"]], [200, 100]);
      const info = await get(`/api/video/info?file_hash=${hash}`);
      assert.deepEqual([info.json["transcode_status"], info.json["width"]], ["completed", 320]);
      assert.deepEqual(info.json["transcode_urls"], json["completed_urls"]);
      const [url = ""] = json["completed_urls"] as string[];
      assert.equal((await client.ask(url)).status, 200, "it plays without a token");
      is(await ask({ ...body, resolutions: ["999p"] }), 400);
      is(await ask({ ...body, resolutions: "720p" }), 400);
      is(await ask({ file_hash: hash }), 400);
      is(await ask(body, noor), 404);
      is(await get(`/api/video/transcode/status?task_id=${taskId}`, noor), 404);
      for (const wrong of ["x", "0", "99999999"]) is(await get(`/api/video/transcode/status?task_id=${wrong}`), 404);
      is(await get("/api/video/transcode/status"), 400);
      const text = Buffer.from("a text and no video");
      const other = hashed("md5", text);
      await begin(other);
      await part(other, 0, text);
      await merge(other, 1);
      is(await ask({ ...body, file_hash: other }), 400, "no video");
    });
  });
});

const quotaBytes = 120 * mebibyte;
const platform = new Platform({}, { upload: { quotaBytes, instant: "anyone" } });
const counts = callerRates({ costly: 3, upload: 6 });
const counted = new Platform({ limits: counts }, { upload: { instant: "anyone" } });
let there: ForeignClient;
const password = "secret-7";
interface Person {
  readonly id: number;
  readonly name: string;
  readonly token: string;
}
let client: ForeignClient;
let mira: Person;
let noor: Person;
let film: Buffer;
let hash = "";
const paths: Record<keyof (typeof namings)[0], string> = { ...namings[0] };

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The envelope of every answer that is no file: its code is the status. */
function is({ status, json, text }: ForeignAnswer, expected: number, message = ""): void {
  assert.equal(status, expected, `${message} ${text.slice(0, 200)}`);
  assert.equal(json["code"], expected, `${message} ${text.slice(0, 200)}`);
  assert.equal(typeof json["msg"], "string", message);
}

async function joined(to = client): Promise<Person> {
  const name = `u_${randomBytes(6).toString("hex")}`;
  is(await to.post(paths.register, { username: name, password }), 200);
  const { json } = await to.post(paths.login, { username: name, password });
  return { name, id: Number(json["user_id"]), token: String(json["token"]) };
}

/** New content of so many MiB, in the parts a client sends it in. */
function content(mebibytes: number) {
  const bytes = randomBytes(mebibytes * mebibyte);
  const size = 5 * mebibyte;
  const count = Math.ceil(bytes.byteLength / size);
  const parts = Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
  return { bytes, hash: hashed("sha256", bytes), parts };
}

const begin = (file_hash: string, more: object = {}, by = mira, to = client) =>
  to.post(paths.init, { file_hash, filename: "a.bin", ...more }, bearer(by.token));
const merge = (file_hash: string, total_chunks: unknown, more: object = {}, by = mira) =>
  client.post(paths.merge, { file_hash, filename: "a.bin", total_chunks, ...more }, bearer(by.token));
const chunk = (by: Person, parts: Record<string, string | Uint8Array>) =>
  client.form(paths.chunk, parts, bearer(by.token));
const part = (
  file_hash: string,
  index: number,
  bytes: Uint8Array = Buffer.alloc(0),
  { as = "data", by = mira, ...more }: { as?: string; by?: Person; chunk_hash?: string } = {},
) => chunk(by, { file_hash, index: String(index), ...more, [as]: bytes });
const get = (path: string, by = mira) => client.ask(path, { headers: bearer(by.token) });
const look = (file_hash: string, by = mira) => get(`/upload/status?file_hash=${file_hash}`, by);

async function whole(file_hash: string, parts: readonly Uint8Array[]): Promise<string> {
  await begin(file_hash);
  for (const [index, one] of parts.entries()) is(await part(file_hash, index, one), 200);
  const merged = await merge(file_hash, parts.length);
  is(merged, 200);
  return String(merged.json["url"]);
}

async function pieceCount(file_hash: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM upload_pieces JOIN upload_sessions s ON s.id = session_id
    WHERE s.hash = ${file_hash}`.execute(platform.host.database("upload"));
  return rows[0]?.n ?? 0;
}
