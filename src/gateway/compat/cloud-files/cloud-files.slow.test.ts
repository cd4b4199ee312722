import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { request as raw } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { pinoLog } from "#kernel/log/pino";
import { ForeignClient, hashed, type ForeignAnswer, mebibyte } from "#test/compatible/foreign-client";
import { callerRates } from "#kernel/http/limits";
import { Platform } from "#test/platform/platform";

describe("the cloud-files API", () => {
  before(async () => {
    await platform.open();
    client = await ForeignClient.of(platform);
    mira = await joined();
    noor = await joined();
  });
  after(() => platform[Symbol.asyncDispose]());

  describe("parameters and tokens", () => {
    it("are taken from the query and both kinds of forms, with precedence for the form", async () => {
      const { name, token } = mira;
      const both = new URLSearchParams({ username: name, token });
      for (const [how, answer] of [
        ["query", await client.ask(`/user/info?${both.toString()}`, { method: "POST" })],
        ["urlencoded", await client.ask("/user/info", { method: "POST", body: both })],
        ["multipart", await client.form("/user/info", { username: name, token })],
        [
          "split",
          await client.ask(`/user/info?username=${name}`, { method: "POST", body: new URLSearchParams({ token }) }),
        ],
        ["the form wins", await client.form("/user/info?username=nobody&token=wrong", { username: name, token })],
        ["header", await client.ask("/user/info", { method: "POST", headers: bearer(token) })],
        [
          "header and name",
          await client.ask(`/user/info?username=${name}`, { method: "POST", headers: bearer(token) }),
        ],
      ] as const) {
        is(answer, 0, how);
        assert.equal(dataOf(answer)["Username"], name, how);
      }
      is(await client.form("/user/info?username=x", { username: "nobody", token }), 10_005, "the form wins here too");
    });

    it("are refused with one code when token and user name do not belong together", async () => {
      const { name, token } = mira;
      const opaque = "A".repeat(token.length);
      for (const [path, code, status] of [
        ["/user/info", 10_005, 200],
        ["/file/query", 10_005, 200],
        ["/file/update", 10_005, 200],
        ["/file/fastupload", 10_005, 200],
        ["/file/mpupload/init", 10_005, 200],
        ["/file/mpupload/uppart", 10_005, 200],
        ["/file/mpupload/complete", 10_005, 200],
        ["/file/downloadurl", 10_005, 200],
        ["/file/download", 10_005, 401],
      ] as const) {
        const method = path === "/file/download" ? "GET" : "POST";
        for (const query of [
          "",
          `token=${token}`,
          `username=${name}`,
          `username=${noor.name}&token=${token}`,
          `username=${name}&token=${noor.token}`,
          `username=${name}&token=${opaque}`,
          `username=${name}&token=`,
          `username=${name}&token=x`,
        ]) {
          const answer = await client.ask(`${path}?${query}`, { method });
          assert.deepEqual([answer.status, answer.json["code"]], [status, code], `${path} ${query.slice(0, 20)}`);
        }
        for (const headers of [
          { authorization: token },
          bearer("x"),
          { cookie: `kinora_access=${token}; token=${token}` },
        ] as Record<string, string>[]) {
          const answer = await client.ask(path, { method, headers });
          assert.deepEqual([answer.status, answer.json["code"]], [status, code], `${path} ${JSON.stringify(headers)}`);
        }
        const other = await client.ask(`${path}?username=${noor.name}`, { method, headers: bearer(token) });
        assert.deepEqual([other.status, other.json["code"]], [status, code], `${path} with somebody else's name`);
      }
      is(await client.form("/file/upload", { file: Buffer.from("x") }), 10_005);
      is(await client.form(`/file/upload?username=${noor.name}&token=${token}`, { file: Buffer.from("x") }), 10_005);
    });

    it("are opaque, URL-safe and at least forty characters long, and expire", async () => {
      assert.match(mira.token, /^[A-Za-z0-9_-]{40,}$/);
      const { token, name } = await joined();
      await sql`UPDATE sessions SET expires_at_ms = 1 WHERE user_id = (
        SELECT user_id FROM credentials WHERE username = ${name})`.execute(platform.host.database("auth"));
      is(await client.ask(`/user/info?username=${name}&token=${token}`, { method: "POST" }), 10_005);
    });

    it("never reach a log (security S8.3)", async () => {
      const { token } = mira;
      await ask("/user/info");
      await client.ask(`/file/download?username=${mira.name}&token=${token}&filehash=${"0".repeat(40)}`);
      await client.ask(`/file/none?token=${token}`);
      assert.ok(lines.length > 5);
      for (const secret of [token, token.slice(22)])
        assert.deepEqual(
          lines.filter((line) => line.includes(secret)),
          [],
        );
    });
  });

  describe("accounts", () => {
    it("have sign-up and sign-in pages, to which browsers are redirected", async () => {
      for (const [path, page] of [
        ["/user/signup", "/signup"],
        ["/user/signin", "/login"],
      ] as const) {
        const { status, headers } = await client.ask(path);
        assert.deepEqual([status, headers.get("location")], [302, page]);
        assert.match((await client.ask(page)).headers.get("content-type") ?? "", /^text\/html/);
      }
    });

    it("need names of three and passwords of five characters, and are created once per name", async () => {
      const username = `a_${randomBytes(4).toString("hex")}`;
      const make = (given: Record<string, string>) =>
        client.ask("/user/signup", { method: "POST", body: new URLSearchParams(given) });
      is(await make({ username: "ab", password: "12345" }), 10_001);
      is(await make({ username, password: "1234" }), 10_001);
      is(await make({ username }), 10_001);
      is(await make({ password: "12345" }), 10_001);
      is(await make({ username, password: "12345" }), 0);
      is(await make({ username, password: "12345" }), 10_003);
      is(await make({ username: username.toUpperCase(), password: "12345" }), 10_003);
    });

    it("get a new token and the upload and download addresses at sign-in", async () => {
      const sign = (given: Record<string, string>) => client.form("/user/signin", given);
      const answer = await sign({ username: mira.name, password });
      is(answer, 0);
      const { Token, ...others } = dataOf(answer);
      assert.deepEqual(others, {
        Location: `${client.base}/`,
        Username: mira.name,
        UploadEntry: client.base,
        DownloadEntry: client.base,
      });
      assert.notEqual(Token, mira.token);
      is(await sign({ username: mira.name, password: "wrong" }), 10_004);
      is(await sign({ username: "nobody_here", password }), 10_004);
      is(await sign({ username: mira.name }), 10_001);
    });

    it("return their profile with the times of sign-up and last activity", async () => {
      const data = dataOf(await ask("/user/info"));
      assert.deepEqual(Object.keys(data), ["Username", "Email", "Phone", "SignupAt", "LastActive", "Status"]);
      assert.match(String(data["SignupAt"]), timeText);
      assert.match(String(data["LastActive"]), timeText);
      assert.ok(Math.abs(Date.parse(`${String(data["SignupAt"]).replace(" ", "T")}Z`) - Date.now()) < 600_000);
    });
  });

  describe("files in one request", () => {
    it("are accepted with form fields in any order, and found by their SHA-1", async () => {
      const { token, name: username } = mira;
      for (const parts of [
        { username, token, file: randomBytes(3_000) },
        { file: randomBytes(3_001), username, token },
        { username, file: randomBytes(3_002), token },
      ]) {
        const filehash = hashed("sha1", parts.file);
        const answer = await client.form("/file/upload", { ...parts, filehash: filehash.toUpperCase() });
        is(answer, 0);
        assert.deepEqual(dataOf(answer), {
          FileHash: filehash,
          FileName: dataOf(answer)["FileName"],
          FileSize: parts.file.byteLength,
        });
        assert.ok((await get(filehash)).bytes.equals(parts.file));
      }
    });

    it("are refused when they do not match their hash, and leave nothing stored", async () => {
      const file = randomBytes(3_000);
      const before = await stored();
      for (const order of ["first", "last"]) {
        const filehash = hashed("sha1", randomBytes(3));
        const parts = order === "first" ? { filehash, file } : { file, filehash };
        is(await client.form(`/file/upload?${who(mira)}`, parts), -3, order);
      }
      is(await client.form(`/file/upload?${who(mira)}`, { filehash: "x", file }), 10_001);
      is(await client.form(`/file/upload?${who(mira)}`, { other: file }), 10_001);
      is(await client.form(`/file/upload?${who(mira)}`, { filehash: hashed("sha1", file) }), 10_001);
      is(await client.ask(`/file/upload?${who(mira)}`, { method: "POST", body: "no form" }), 10_001);
      assert.deepEqual(await stored(), before);
      assert.equal((await get(hashed("sha1", file))).status, 404);
    });

    it("make one entry per user and content, under the latest name", async () => {
      const file = randomBytes(2_000);
      const name = (given: string) =>
        client.ask(`/file/upload?${who(mira)}`, { method: "POST", body: named(given, file) });
      const first = await stored();
      is(await name("first.txt"), 0);
      is(await name("second.txt"), 0);
      const same = (await listed(mira)).filter(({ FileHash }) => FileHash === hashed("sha1", file));
      assert.deepEqual(
        same.map(({ FileName, FileSize }) => [FileName, FileSize]),
        [["second.txt", 2_000]],
      );
      is(await client.ask(`/file/upload?${who(noor)}`, { method: "POST", body: named("third.txt", file) }), 0);
      assert.equal((await stored()).contents, first.contents + 1, "content is kept once");
      assert.equal((await listed(noor))[0]?.["FileName"], "third.txt");
    });

    it("may be empty", async () => {
      const answer = await client.form(`/file/upload?${who(mira)}`, { file: Buffer.alloc(0) });
      is(answer, 0);
      assert.deepEqual([dataOf(answer)["FileHash"], dataOf(answer)["FileSize"]], [hashed("sha1", Buffer.alloc(0)), 0]);
      const got = await get(hashed("sha1", Buffer.alloc(0)));
      assert.deepEqual([got.status, got.bytes.byteLength], [200, 0]);
    });

    it("get names without folders and control characters", async () => {
      for (const [given, kept] of [
        ["../../etc/passwd", "passwd"],
        ["C:\\windows\\win.ini", "win.ini"],
        ["a\u0007b\u202e.txt", "ab.txt"],
        ["..", "file"],
      ] as const) {
        const file = randomBytes(500);
        const answer = await client.ask(`/file/upload?${who(noor)}`, { method: "POST", body: named(given, file) });
        is(answer, 0);
        assert.match(
          String(dataOf(answer)["FileName"]),
          new RegExp(`^${kept.replace(".", "(?: \\(\\d+\\))?\\.")}`),
          given,
        );
      }
    });

    it("redirect a browser to the home page", async () => {
      const headers = { accept: "text/html,application/xhtml+xml" };
      const answer = await client.form(`/file/upload?${who(mira)}`, { file: randomBytes(9) }, headers);
      assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/"]);
    });

    it("are refused beyond the quota, and leave nothing stored", async () => {
      const poor = await joined();
      const before = await stored();
      is(await client.form(`/file/upload?${who(poor)}`, { file: Buffer.alloc(quotaBytes + 1) }), -1);
      assert.deepEqual(await stored(), before);
    });
  });

  describe("the list of files", () => {
    it("is a bare array, the latest upload first, in pages", async () => {
      const by = await joined();
      assert.deepEqual(await listed(by), []);
      const all = Array.from({ length: 17 }, (_, n) => Buffer.from(`${by.name} ${n}`));
      for (const [n, file] of all.entries())
        is(await client.ask(`/file/upload?${who(by)}`, { method: "POST", body: named(`f${n}.txt`, file) }), 0);
      const items = await listed(by);
      assert.equal(items.length, 15);
      assert.deepEqual(
        items.map(({ FileName }) => FileName),
        all
          .map((_, n) => `f${n}.txt`)
          .toReversed()
          .slice(0, 15),
      );
      const [first] = items;
      assert.deepEqual(Object.keys(first ?? {}), [
        "UserName",
        "FileHash",
        "FileName",
        "FileSize",
        "UploadAt",
        "LastUpdated",
      ]);
      assert.equal(first?.["UserName"], by.name);
      assert.match(String(first?.["UploadAt"]), timeText);
      assert.match(String(first?.["LastUpdated"]), timeText);
      assert.equal((await listed(by, "limit=100")).length, 17);
      assert.equal((await listed(by, "limit=1000")).length, 17);
      assert.equal((await listed(by, "limit=0")).length, 0);
      assert.deepEqual(
        (await listed(by, "limit=2&offset=15")).map(({ FileName }) => FileName),
        ["f1.txt", "f0.txt"],
      );
      assert.deepEqual(await listed(by, "offset=99999999"), []);
      for (const wrong of ["limit=-1", "limit=x", "limit=1.5", "offset=-1", "offset=a"])
        is(await ask("/file/query", {}, by, wrong), 10_001, wrong);
    });

    it("lets users rename their own files alone", async () => {
      const file = randomBytes(100);
      const filehash = hashed("sha1", file);
      await client.ask(`/file/upload?${who(mira)}`, { method: "POST", body: named("before.txt", file) });
      const rename = (given: Record<string, string>, by = mira) => ask("/file/update", given, by);
      is(await rename({ op: "0", filehash: filehash.toUpperCase(), filename: "../after.txt" }), 0);
      assert.equal((await listed(mira))[0]?.["FileName"], "after.txt");
      is(await rename({ op: "1", filehash, filename: "x" }), -1);
      is(await rename({ op: "", filehash, filename: "x" }), -1);
      is(await rename({ op: "0", filehash, filename: "" }), 10_001);
      is(await rename({ op: "0", filehash, filename: "folder/" }), 10_001);
      is(await rename({ op: "0", filehash: "x", filename: "x" }), 10_001);
      is(await rename({ filehash, filename: "x" }), 10_001);
      is(await rename({ op: "0", filehash, filename: "x" }, noor), -1);
      is(await rename({ op: "0", filehash: "0".repeat(40), filename: "x" }), -1);
    });
  });

  describe("instant upload", () => {
    it("makes an entry of stored content with exactly this hash and size", async () => {
      const file = randomBytes(5_000);
      const filehash = hashed("sha1", file);
      const fast = (given: Record<string, string> = {}, by = noor) =>
        ask("/file/fastupload", { filehash, filename: "fast.bin", filesize: "5000", ...given }, by);
      is(await fast(), -1);
      is(await client.form(`/file/upload?${who(mira)}`, { file }), 0);
      is(await fast({ filesize: "4999" }), -1);
      assert.equal((await get(filehash, noor)).status, 404);
      is(await fast({ filehash: filehash.toUpperCase() }), 0);
      assert.ok((await get(filehash, noor)).bytes.equals(file));
      assert.equal((await listed(noor))[0]?.["FileName"], "fast.bin");
      for (const wrong of [
        { filehash: "x" },
        { filename: "" },
        { filesize: "" },
        { filesize: "-1" },
        { filesize: "5k" },
      ])
        is(await fast(wrong), 10_001, JSON.stringify(wrong));
    });

    it("is refused when two stored contents share the SHA-1 (security S4.6)", async () => {
      const file = randomBytes(700);
      const filehash = hashed("sha1", file);
      is(await client.form(`/file/upload?${who(mira)}`, { file }), 0);
      await sql`
        INSERT INTO contents (key, size_bytes, sha1, created_at_ms)
        VALUES (${`upload/${hashed("sha256", randomBytes(9))}`}, 700, ${filehash}, 1)
        `.execute(platform.host.database("upload"));
      is(await ask("/file/fastupload", { filehash, filename: "a", filesize: "700" }, noor), -1);
    });

    it("answers 429 to a client that asks too often (security S4.6)", async () => {
      const limits = callerRates({ costly: 2 });
      await using counted = new Platform({ limits });
      await counted.open();
      const there = await ForeignClient.of(counted);
      const by = await joined(there);
      const query = new URLSearchParams({ filehash: "0".repeat(40), filename: "a", filesize: "1" }).toString();
      const fast = () => there.ask(`/file/fastupload?${who(by)}&${query}`, { method: "POST" });
      is(await fast(), -1);
      is(await fast(), -1);
      const refused = await fast();
      assert.deepEqual([refused.status, refused.json["code"]], [429, -1]);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
    });
  });

  describe("uploads in parts", () => {
    it("accept parts in any order and in parallel, resume, and assemble one file", async () => {
      const { bytes, filehash, parts } = content(12);
      const begun = await begin(filehash, bytes.byteLength);
      is(begun, 0);
      const { UploadID, ...others } = dataOf(begun);
      assert.deepEqual(others, {
        FileHash: filehash,
        FileSize: bytes.byteLength,
        UploadId: UploadID,
        ChunkSize: 5_242_880,
        ChunkCount: 3,
        ChunkExists: [],
      });
      const id = String(UploadID);
      is(await part(id, 3, parts[2]), 0);
      assert.deepEqual(dataOf(await begin(filehash.toUpperCase(), bytes.byteLength))["ChunkExists"], [3]);
      const two = await Promise.all([part(id, 2, parts[1]), part(id, 1, parts[0]), part(id, 1, parts[0])]);
      for (const one of two) is(one, 0);
      const again = dataOf(await begin(filehash, bytes.byteLength));
      assert.deepEqual([again["UploadID"], again["ChunkExists"]], [UploadID, [1, 2, 3]]);
      const all = await Promise.all([
        complete(id, filehash, bytes.byteLength),
        complete(id, filehash, bytes.byteLength),
      ]);
      assert.ok(all.some(({ json }) => json["code"] === 0));
      is(await complete(id, filehash, bytes.byteLength), 0, "repeated");
      assert.ok((await get(filehash)).bytes.equals(bytes));
      is(await part(id, 1, parts[0]), -2, "it is over");
      assert.equal((await listed(mira)).filter(({ FileHash }) => FileHash === filehash).length, 1);
    });

    it("accept raw bytes of any content type, and multipart forms", async () => {
      const { bytes, filehash, parts } = content(31);
      const id = String(dataOf(await begin(filehash, bytes.byteLength))["UploadID"]);
      const types = [
        "application/octet-stream",
        undefined,
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "application/json",
        "text/plain; charset=utf-8",
      ];
      for (const [n, type] of types.entries()) is(await bare(id, n + 1, parts[n], type), 0, String(type));
      const query = `uploadid=${id}&index=7`;
      is(await client.form(`/file/mpupload/uppart?${who(mira)}&${query}`, { data: parts[6] ?? "" }), 0, "data");
      const { name: username, token } = mira;
      const [file = Buffer.alloc(0)] = [parts[6]];
      is(
        await client.form("/file/mpupload/uppart", {
          file,
          uploadid: id,
          index: "7",
          chkhash: hashed("sha1", file),
          username,
          token,
        }),
        0,
        "all in the form, the bytes first",
      );
      is(await complete(id, filehash, bytes.byteLength), 0);
      assert.ok((await get(filehash)).bytes.equals(bytes));
    });

    it("refuse a part with a wrong index, hash, size, user or upload", async () => {
      const { bytes, filehash, parts } = content(6);
      const id = String(dataOf(await begin(filehash, bytes.byteLength))["UploadID"]);
      for (const index of ["0", "3", "-1", "x", "1.5", "", "100001"])
        is(await part(id, index, parts[0]), 10_001, `index ${index}`);
      is(await part(id, 1, parts[0], mira, `chkhash=${hashed("sha1", Buffer.from("x"))}`), -3);
      is(await part(id, 1, parts[0], mira, "chkhash=x"), 10_001);
      is(await part(id, 1, Buffer.alloc(0)), 10_001);
      is(await part(id, 1, parts[1]), -3, "of another size");
      is(await part(id, 1, parts[0], noor), -2, "somebody else's");
      for (const unknown of ["7", "x", "", "0"]) is(await part(unknown, 1, parts[0]), -2, `upload ${unknown}`);
      assert.deepEqual(dataOf(await begin(filehash, bytes.byteLength))["ChunkExists"], []);
      is(await part(id, 1, parts[0], mira, `chkhash=${hashed("sha1", parts[0] ?? bytes).toUpperCase()}`), 0);
    });

    it("stay open when parts are missing, and end when the content does not match", async () => {
      const { bytes, filehash, parts } = content(6);
      const size = bytes.byteLength;
      const id = String(dataOf(await begin(filehash, size))["UploadID"]);
      await part(id, 2, parts[1]);
      is(await complete(id, filehash, size), -2);
      is(await complete(id, filehash, size, noor), -2);
      assert.deepEqual(dataOf(await begin(filehash, size))["ChunkExists"], [2]);
      await part(id, 1, randomBytes(5 * mebibyte));
      is(await complete(id, filehash, size), -3);
      is(await complete(id, filehash, size), -2, "the session is gone");
      is(await part(id, 1, parts[0]), -2);
      const next = dataOf(await begin(filehash, size));
      assert.notEqual(next["UploadID"], id);
      assert.deepEqual(next["ChunkExists"], []);
      const other = String(next["UploadID"]);
      for (const [n, one] of parts.entries()) await part(other, n + 1, one);
      is(await complete(other, filehash, size + 1), -3, "another size");
      is(await complete(other, filehash, size), -2);
      assert.equal((await get(filehash)).status, 404);
      for (const wrong of [{ filehash: "x" }, { filesize: "x" }])
        is(
          await ask("/file/mpupload/complete", { uploadid: other, filehash, filesize: String(size), ...wrong }),
          10_001,
        );
    });

    it("share one session for concurrent inits of one content, and have another per size and user", async () => {
      const { bytes, filehash } = content(6);
      const all = await Promise.all(Array.from({ length: 6 }, () => begin(filehash, bytes.byteLength)));
      assert.equal(new Set(all.map((one) => dataOf(one)["UploadID"])).size, 1);
      const id = dataOf(await begin(filehash, bytes.byteLength))["UploadID"];
      assert.notEqual(dataOf(await begin(filehash, bytes.byteLength + 1))["UploadID"], id);
      assert.notEqual(dataOf(await begin(filehash, bytes.byteLength, noor))["UploadID"], id);
      assert.equal(dataOf(await begin(filehash, bytes.byteLength))["UploadID"], id, "still the first");
      for (const wrong of [{ filehash: "x" }, { filesize: "" }, { filesize: "-1" }])
        is(await ask("/file/mpupload/init", { filehash, filesize: "7", ...wrong }), 10_001);
    });

    it("can begin for stored content, and for an empty file", async () => {
      const { bytes, filehash } = content(1);
      is(await client.form(`/file/upload?${who(mira)}`, { file: bytes }), 0);
      is(await begin(filehash, bytes.byteLength), 0);
      const empty = hashed("sha1", Buffer.alloc(0));
      const begun = dataOf(await begin(empty, 0));
      assert.equal(begun["ChunkCount"], 0);
      is(await complete(String(begun["UploadID"]), empty, 0), 0);
    });

    it("refuse parts and completion after they expire", async () => {
      const { bytes, filehash, parts } = content(1);
      const id = String(dataOf(await begin(filehash, bytes.byteLength))["UploadID"]);
      await sql`UPDATE upload_sessions SET state = 'expired' WHERE id = ${id}`.execute(
        platform.host.database("upload"),
      );
      is(await part(id, 1, parts[0]), -2);
      is(await complete(id, filehash, bytes.byteLength), -2);
      assert.notEqual(dataOf(await begin(filehash, bytes.byteLength))["UploadID"], id);
    });

    it("have parts no larger than the chunk limit of the server", async () => {
      await using narrow = new Platform({}, { upload: { chunkBytesMax: mebibyte } });
      await narrow.open();
      const there = await ForeignClient.of(narrow);
      const by = await joined(there);
      const query = new URLSearchParams({ filehash: "0".repeat(40), filesize: String(3 * mebibyte) }).toString();
      const begun = dataOf(await there.ask(`/file/mpupload/init?${who(by)}&${query}`, { method: "POST" }));
      assert.deepEqual([begun["ChunkSize"], begun["ChunkCount"]], [mebibyte, 3]);
    });

    it("are refused beyond fifty open ones, until one is over", async () => {
      const lena = await joined();
      await client.fillUploads(lena.token);
      const { filehash, bytes } = content(1);
      const refused = await begin(filehash, bytes.byteLength, lena);
      is(refused, -1);
      assert.match(String(refused.json["msg"]), /uploads/);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
      const open = await client.ask("/api/v1/upload/list", { headers: bearer(lena.token) });
      const [first] = (open.json["data"] as { list: { id: number }[] }).list; // As the contract says.
      await client.ask(`/api/v1/upload/${first?.id}`, { method: "DELETE", headers: bearer(lena.token) });
      is(await begin(filehash, bytes.byteLength, lena), 0);
    });

    it("are refused beyond the quota", async () => {
      const poor = await joined();
      is(await begin("0".repeat(40), quotaBytes + 1, poor), -1);
      is(await begin("0".repeat(40), 10 ** 14, poor), -1);
    });
  });

  describe("downloads", () => {
    before(async () => {
      is(await client.ask(`/file/upload?${who(mira)}`, { method: "POST", body: named("日本 (1).bin", bytes) }), 0);
    });

    it("honour ranges and conditions", async () => {
      const size = bytes.byteLength;
      const all = await get(filehash);
      assert.ok(all.status === 200 && all.bytes.equals(bytes));
      for (const name of ["accept-ranges", "content-length", "etag", "last-modified"])
        assert.ok(all.headers.get(name), name);
      const [etag = "", changed = ""] = [all.headers.get("etag"), all.headers.get("last-modified")].map(String);
      for (const [headers, status, from, to] of [
        [{ range: "bytes=0-99" }, 206, 0, 99],
        [{ range: "bytes=100-" }, 206, 100, size - 1],
        [{ range: "bytes=-5" }, 206, size - 5, size - 1],
        [{ range: "bytes=5-6", "if-range": etag }, 206, 5, 6],
        [{ range: "bytes=5-6", "if-range": changed }, 206, 5, 6],
        [{ range: "bytes=5-6", "if-range": '"other"' }, 200, 0, size - 1],
        [{ "if-none-match": '"other"' }, 200, 0, size - 1],
      ] as const) {
        const some = await get(filehash, mira, headers);
        assert.equal(some.status, status, JSON.stringify(headers));
        assert.ok(some.bytes.equals(bytes.subarray(from, to + 1)), JSON.stringify(headers));
        if (status === 206) assert.equal(some.headers.get("content-range"), `bytes ${from}-${to}/${size}`);
      }
      const beyond = await get(filehash, mira, { range: `bytes=${size}-` });
      assert.deepEqual([beyond.status, beyond.headers.get("content-range")], [416, `bytes */${size}`]);
      for (const headers of [{ "if-none-match": etag }, { "if-modified-since": changed }] as Record<string, string>[])
        assert.equal((await get(filehash, mira, headers)).status, 304);
      const head = await get(filehash, mira, {}, "HEAD");
      assert.deepEqual([head.status, head.headers.get("content-length")], [200, String(size)]);
    });

    it("reassemble exactly from ranges fetched in parallel, under their own name", async () => {
      const step = 100_000;
      const count = Math.ceil(bytes.byteLength / step);
      const pieces = await Promise.all(
        Array.from({ length: count }, (_, n) =>
          get(filehash, mira, { range: `bytes=${n * step}-${(n + 1) * step - 1}` }),
        ),
      );
      assert.ok(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes));
      const disposition = pieces[0]?.headers.get("content-disposition") ?? "";
      assert.match(
        disposition,
        /^attachment; filename="__ \(1\)\.bin"; filename\*=UTF-8''%E6%97%A5%E6%9C%AC%20%281%29\.bin$/,
      );
    });

    it("are limited to the user's own files", async () => {
      const foreign = await get(filehash, noor);
      assert.deepEqual([foreign.status, foreign.json["code"]], [404, -1]);
      assert.equal((await get("0".repeat(40))).status, 404);
      assert.equal((await get("x")).status, 400);
      assert.equal((await client.ask(`/file/download?filehash=${filehash}`)).status, 401);
      const ownDownload = await client.ask(`/file/download?filehash=${filehash.toUpperCase()}`, {
        headers: bearer(mira.token),
      });
      assert.equal(ownDownload.status, 200);
    });

    it("have ticket URLs that need no sign-in and contain no token", async () => {
      const answer = await ask("/file/downloadurl", { filehash });
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
      const url = answer.text;
      assert.ok(url.startsWith(`${client.base}/`));
      assert.ok(!url.includes(mira.token) && !url.includes(mira.token.slice(22)));
      assert.ok((await client.ask(url)).bytes.equals(bytes));
      const some = await client.ask(url, { headers: { range: "bytes=7-11" } });
      assert.ok(some.status === 206 && some.bytes.equals(bytes.subarray(7, 12)));
      const claims = Buffer.from(new URL(url).searchParams.get("ticket") ?? "", "base64url").toString("latin1");
      assert.ok(claims.length > 0);
      assert.equal((await client.ask(`${url.slice(0, -4)}AAAA`)).status, 404);
      is(await ask("/file/downloadurl", { filehash }, noor), -1);
      is(await ask("/file/downloadurl", { filehash: "x" }), 10_001);
    });
  });

  it("answers unknown paths in its own error format", async () => {
    for (const path of ["/file/none", "/user/none"])
      for (const method of ["GET", "POST"]) {
        const { status, json } = await client.ask(path, { method });
        assert.deepEqual([status, json["code"]], [404, -1], path);
      }
    assert.equal((await client.ask("/file/upload")).status, 405);
  });
});

const quotaBytes = 150 * mebibyte;
const password = "12345";
const timeText = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const lines: string[] = [];
const log = pinoLog({
  level: () => "debug",
  instance: "test",
  version: "0",
  to: { write: (line) => void lines.push(line) },
});
const platform = new Platform({ log }, { upload: { quotaBytes, instant: "anyone" } });
const bytes = randomBytes(1_234_567);
const filehash = hashed("sha1", bytes);
interface Person {
  readonly name: string;
  readonly token: string;
}
let client: ForeignClient;
let mira: Person;
let noor: Person;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const who = ({ name, token }: Person) => `username=${name}&token=${token}`;
const dataOf = ({ json }: ForeignAnswer) => json["data"] as Readonly<Record<string, unknown>>; // As the envelope has it.

/** The envelope: HTTP 200, and a code that says what. */
function is({ status, json, text }: ForeignAnswer, code: number, message = ""): void {
  assert.deepEqual([status, json["code"]], [200, code], `${message} ${text.slice(0, 200)}`);
  assert.deepEqual(Object.keys(json), ["code", "msg", "data"], message);
}

async function joined(to = client): Promise<Person> {
  const name = `c_${randomBytes(6).toString("hex")}`;
  is(await to.form("/user/signup", { username: name, password }), 0);
  return { name, token: String(dataOf(await to.form("/user/signin", { username: name, password }))["Token"]) };
}

const ask = (path: string, form: Record<string, string> = {}, by = mira, query = "") =>
  client.ask(`${path}?${who(by)}&${query}`, { method: "POST", body: new URLSearchParams(form) });
const get = (hash: string, by = mira, headers: Record<string, string> = {}, method = "GET") =>
  client.ask(`/file/download?${who(by)}&filehash=${hash}`, { method, headers });

async function listed(by: Person, query = ""): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { json, status } = await ask("/file/query", {}, by, query);
  assert.ok(status === 200 && Array.isArray(json));
  return json;
}

function named(name: string, file: Uint8Array): FormData {
  const form = new FormData();
  form.append("file", new Blob([Buffer.from(file)]), name);
  return form;
}

/** New content of so many MiB, in parts of five. */
function content(mebibytes: number) {
  const all = randomBytes(mebibytes * mebibyte);
  const size = 5 * mebibyte;
  const count = Math.ceil(all.byteLength / size);
  const parts = Array.from({ length: count }, (_, n) => all.subarray(n * size, (n + 1) * size));
  return { bytes: all, filehash: hashed("sha1", all), parts };
}
const begin = (hash: string, size: number, by = mira) =>
  ask("/file/mpupload/init", { filehash: hash, filesize: String(size), filename: "parts.bin" }, by);
const complete = (uploadid: string, hash: string, size: number, by = mira) =>
  ask("/file/mpupload/complete", { uploadid, filehash: hash, filesize: String(size), filename: "parts.bin" }, by);
const part = (uploadid: string, index: number | string, body: Uint8Array = Buffer.alloc(0), by = mira, query = "") =>
  client.ask(`/file/mpupload/uppart?${who(by)}&uploadid=${uploadid}&index=${index}&${query}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: Buffer.from(body),
  });

/** A part as `node:http` sends it: with exactly this type, or none. */
async function bare(
  uploadid: string,
  index: number,
  body: Uint8Array = Buffer.alloc(0),
  type?: string,
): Promise<ForeignAnswer> {
  const url = `${client.base}/file/mpupload/uppart?${who(mira)}&uploadid=${uploadid}&index=${index}`;
  const headers = { "content-length": String(body.byteLength), ...(type !== undefined && { "content-type": type }) };
  const text = await new Promise<string>((resolve, reject) => {
    const sent = raw(url, { method: "POST", headers }, (answer) => void textOf(answer).then(resolve, reject));
    sent.once("error", reject).end(body);
  });
  const json = JSON.parse(text) as Record<string, unknown>;
  return { status: 200, headers: new Headers(), bytes: Buffer.from(text), text, json };
}

async function stored(): Promise<{ contents: number; pieces: number; open: number }> {
  const { rows } = await sql<{ contents: number; pieces: number; open: number }>`
    SELECT (SELECT count(*)::int FROM contents) AS contents,
           (SELECT count(*)::int FROM upload_pieces) AS pieces,
           (SELECT count(*)::int FROM upload_sessions WHERE state = 'open' AND endpoint = 'form') AS open
    `.execute(platform.host.database("upload"));
  const [row] = rows;
  assert.ok(row);
  return row;
}
