import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createFileRegistry, type DescMethodStreaming, type DescMethodUnary, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Contract } from "#kernel";
import { embeddedCache } from "#kernel/cache/embedded";
import { CachePolicies } from "#kernel/cache/policies";
import { silentLog } from "#kernel/log/port";
import { describeContract } from "#kernel/rpc/wire/contract-descriptor";
import { createReflectionRegistry } from "#kernel/rpc/server/reflection";
import type { RpcServer } from "#kernel/rpc/server/server";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import {
  cloudFilesAccount,
  cloudFilesDownload,
  cloudFilesProxy,
  cloudFilesUpload,
} from "#gateway/compat/cloud-files/facade-contract";
import { platformUser, platformVideo } from "#gateway/compat/platform/facade-contract";
import { resumableUser, resumableVideo } from "#gateway/compat/resumable/facade-contract";
import { user } from "#services/user/contract";
import { facadeContracts } from "#gateway/compat/contracts";
import { loadConfig } from "../../cmd/compose/config.ts";
import lock from "../../api/contracts.lock.json" with { type: "json" };
import { loadContracts } from "../../cmd/services.ts";
import { openRpc } from "../../cmd/compose/rpc.ts";
import { clip, form, Platform } from "../platform/platform.ts";
import { ForeignClient, hashed, mebibyte } from "./foreign-client.ts";

const entry = "https://files.example";
const download = "https://downloads.example";

describe("the gRPC facades", () => {
  before(async () => {
    await platform.open();
    client = await ForeignClient.of(platform);
    const { config } = loadConfig(["--rpc-port", "0"], { KINORA_DOWNLOAD_URL: download }, "/");
    server = await openRpc({
      config,
      contracts: await loadContracts(),
      share: { services: [], hasGateway: true, isPart: false },
      host: await platform.host.host(),
      blob: platform.blob,
      address: () => entry,
      cache: embeddedCache(),
      caches: new CachePolicies(),
      limits: undefined,
      secrets: ["s".repeat(43)],
      readiness: { missing: async () => ({}), degradations: async () => ({}) },
      log: silentLog,
      metrics: createPrometheusMetrics(),
    });
    [mira, noor] = [await joined(), await joined()];
  });
  after(async () => {
    await server.stop();
    await platform[Symbol.asyncDispose]();
  });

  it("number their fields from one, in the order of the contract", () => {
    const expected = {
      "kinora.compat.resumable.v1": {
        RegisterRequest: ["username", "password"],
        RegisterResponse: ["code", "msg", "user_id"],
        LoginRequest: ["username", "password"],
        LoginResponse: ["code", "msg", "token", "user_id"],
        InitUploadRequest: ["file_hash", "filename"],
        InitUploadResponse: ["code", "msg", "status", "finished_chunks", "url"],
        UploadChunkRequest: ["file_hash", "index", "data"],
        UploadChunkResponse: ["code", "msg"],
        MergeFileRequest: ["file_hash", "filename", "total_chunks"],
        MergeFileResponse: ["code", "msg", "url"],
      },
      "kinora.compat.cloudfiles.v1": {
        UploadEntryRequest: [],
        UploadEntryResponse: ["code", "message", "entry", "token", "expires_at"],
        DownloadEntryResponse: ["code", "message", "entry", "token", "expires_at"],
        ExecuteActionRequest: ["sequence", "transaction", "result_type", "actions"],
        "ExecuteActionRequest.Actions": ["name", "params"],
      },
    };
    const registries = facadeContracts.map((contract) => describeContract(contract, lock).registry);
    for (const [name, messages] of Object.entries(expected))
      for (const [message, fields] of Object.entries(messages)) {
        const match = registries.map((one) => one.getMessage(`${name}.${message}`)).find((one) => one !== undefined);
        assert.deepEqual(
          match?.fields.map((field) => [field.number, field.name]),
          fields.map((field, n) => [n + 1, field]),
          message,
        );
      }
  });

  it("have exactly the methods that clients of those systems call", async () => {
    for (const [service, calls] of Object.entries(promised))
      assert.deepEqual((await callsOf(service)).toSorted(), calls.toSorted(), service);
  });

  it("are served next to the native services with their batch queries", async () => {
    for (const [service, calls] of Object.entries(batches)) {
      const served = await callsOf(service);
      for (const call of calls) assert.ok(served.includes(call), `${service}/${call}`);
    }
  });

  it("are listed by reflection and report healthy", async () => {
    const { service: listed = [] } = await reflected("listServices", "");
    const names = listed.map(({ name }) => name);
    for (const service of ["resumable.v1.UserService", "resumable.v1.VideoService"])
      assert.ok(names.includes(`kinora.compat.${service}`), service);
    for (const service of ["AccountService", "UploadService", "DownloadService", "DBProxyService"])
      assert.ok(names.includes(`kinora.compat.cloudfiles.v1.${service}`), service);
    for (const service of ["api.user.v1.UserService", "api.video.v1.VideoService"])
      assert.ok(names.includes(service), service);
    assert.ok(names.includes("kinora.user.v1.UserService"), "beside our own");
    const { fileDescriptorProto: [file] = [] } = await reflected("fileContainingSymbol", "grpc.health.v1.Health");
    assert.ok(file);
    const registry = createFileRegistry(fromBinary(FileDescriptorProtoSchema, file), () => undefined);
    const check = registry.getService("grpc.health.v1.Health")?.method["check"];
    assert.ok(check);
    for (const service of names.filter((name) => name.startsWith("kinora.compat."))) {
      const input = { service } as never; // DescribedContract at run time.
      const { message } = await transport().unary(check as DescMethodUnary, undefined, 60_000, {}, input);
      assert.partialDeepStrictEqual(message, { status: 1 }, service);
    }
  });

  describe("of the platform's first names", () => {
    it("register and sign in users, and answer profiles one by one and in batches", async () => {
      const username = `i_${randomBytes(5).toString("hex")}`;
      const ask = (method: string, given: object, token?: string) => grpc(platformUser, method, given, token);
      const fields = { username, password, email: "", nickname: "Nick", phone: "" };
      const { code, userId } = await ask("register", fields);
      assert.deepEqual([code, Number(userId) > 0], [0n, true]);
      assert.equal((await ask("register", fields))["code"], 409n);
      assert.partialDeepStrictEqual(await ask("login", { username, password }), { code: 0n, userId, token: "" });
      assert.equal((await ask("login", { username, password: "wrong one" }))["code"], 401n);
      assert.partialDeepStrictEqual(await ask("getUser", { userId }), {
        code: 0n,
        user: { username, nickname: "Nick" },
      });
      const nobody = await ask("getUser", { userId: 7n });
      assert.partialDeepStrictEqual(nobody, { code: 404n, user: { id: 0n, username: "" } });
      const { users } = await ask("getUsersByIDs", { userIds: [userId, 7n] });
      assert.partialDeepStrictEqual(users, [{ id: userId, username }]);
      assert.equal((users as unknown[]).length, 1);
    });

    it("change the caller's own profile alone", async () => {
      const { json } = await client.ask("/api/v1/users/me", { headers: bearer(mira.token) });
      const { id } = json["data"] as { id: number };
      const change = (token?: string) =>
        grpc(
          platformUser,
          "updateUser",
          { userId: BigInt(id), nickname: "", avatar: "", backgroundImage: "", bio: "new" },
          token,
        );
      assert.deepEqual([(await change())["code"], (await change(noor.token))["code"]], [401n, 403n]);
      assert.partialDeepStrictEqual(await change(mira.token), { code: 0n, user: { username: mira.name, bio: "new" } });
    });

    it("publish, change and delete videos of the caller, and show private ones to nobody else", async () => {
      const { body, headers } = form({ name: "a.mp4", bytes: await clip("one-frame.mp4") });
      const sending = { method: "POST", headers: { ...headers, ...bearer(mira.token) }, body: new Uint8Array(body) };
      const { json } = await client.ask("/api/v1/media/upload", sending);
      const mediaId = BigInt((json["data"] as { id: number }).id);
      const ask = (method: string, given: object, token?: string) => grpc(platformVideo, method, given, token);
      const fields = { mediaId, title: "Sea", description: "", isPrivate: true };
      assert.equal((await ask("createVideo", fields))["code"], 401n);
      assert.equal((await ask("createVideo", fields, noor.token))["code"], 404n);
      const created = await ask("createVideo", fields, mira.token);
      const { id: videoId, userId } = created["video"] as { id: bigint; userId: bigint };
      assert.deepEqual([created["code"], videoId > 0n], [0n, true]);
      const changed = await ask("updateVideo", { videoId, title: "", description: "calm" }, mira.token);
      assert.partialDeepStrictEqual(changed, {
        code: 0n,
        video: { title: "Sea", description: "calm", isPublic: false },
      });
      assert.deepEqual(
        [(await ask("getVideo", { videoId }))["code"], (await ask("getVideo", { videoId }, mira.token))["code"]],
        [404n, 0n],
      );
      const mine = await ask("getUserVideos", { userId, limit: 0n }, mira.token);
      const theirs = await ask("getUserVideos", { userId, limit: 0n }, noor.token);
      assert.deepEqual([(mine["videos"] as unknown[]).length, theirs["videos"]], [1, []]);
      assert.deepEqual((await ask("getVideosByIDs", { videoIds: [videoId] }))["videos"], []);
      assert.equal((await ask("deleteVideo", { videoId }, noor.token))["code"], 404n);
      assert.equal((await ask("deleteVideo", { videoId }, mira.token))["code"], 0n);
      assert.equal((await ask("getVideo", { videoId }, mira.token))["code"], 404n);
    });
  });

  describe("of the resumable API", () => {
    it("register and sign in users, and issue no token", async () => {
      const username = `g_${randomBytes(5).toString("hex")}`;
      const ask = (method: string, given: object) => grpc(resumableUser, method, { username, password, ...given });
      const registered = await ask("register", {});
      assert.deepEqual([registered["code"], Number(registered["userId"]) > 0], [200n, true]);
      assert.equal((await ask("register", {}))["code"], 400n);
      assert.equal((await ask("register", { username: "a b" }))["code"], 400n);
      const login = await ask("login", {});
      assert.deepEqual([login["code"], login["token"], login["userId"]], [200n, "", registered["userId"]]);
      const wrong = await ask("login", { password: "wrong one" });
      const nobody = await ask("login", { username: "nobody_here" });
      assert.deepEqual([wrong["code"], nobody["code"], wrong["msg"]], [401n, 401n, nobody["msg"]]);
    });

    it("accept chunks of up to six MiB, and show their upload over HTTP", async () => {
      const bytes = randomBytes(13 * mebibyte);
      const fileHash = hashed("sha256", bytes);
      const parts = [
        bytes.subarray(0, 6 * mebibyte),
        bytes.subarray(6 * mebibyte, 12 * mebibyte),
        bytes.subarray(12 * mebibyte),
      ];
      const begun = await video("initUpload", { fileHash, filename: "a.bin" });
      assert.partialDeepStrictEqual(begun, { code: 200n, status: "uploading", finishedChunks: [], url: "" });
      for (const index of [2, 0])
        assert.equal((await video("uploadChunk", chunk(fileHash, index, parts)))["code"], 200n);
      const lacking = await video("mergeFile", { fileHash, filename: "a.bin", totalChunks: 3n });
      assert.deepEqual([lacking["code"], lacking["url"]], [400n, ""]);
      const seen = await client.ask(`/upload/status?file_hash=${fileHash}`, { headers: bearer(mira.token) });
      assert.deepEqual(seen.json["finished_chunks"], ["0", "2"]);
      assert.equal((await video("uploadChunk", chunk(fileHash, 1, parts)))["code"], 200n);
      const merged = await video("mergeFile", { fileHash, filename: "a.bin", totalChunks: 3n });
      assert.equal(merged["code"], 200n);
      const got = await client.ask(String(merged["url"]), { headers: bearer(mira.token) });
      assert.ok(got.bytes.equals(bytes));
      const again = await video("initUpload", { fileHash, filename: "b.bin" }, noor);
      assert.deepEqual([again["status"], again["url"]], ["finished", merged["url"]]);
      assert.equal((await video("uploadChunk", chunk(fileHash, 1, parts)))["code"], 409n);
    });

    it("report failures in `code`, and never as a gRPC status", async () => {
      const fileHash = hashed("sha256", randomBytes(9));
      const input = { fileHash, filename: "a" };
      for (const token of [undefined, "", "nonsense"])
        assert.equal((await grpc(resumableVideo, "initUpload", input, token))["code"], 401n, token);
      assert.equal((await video("initUpload", { ...input, fileHash: "x" }))["code"], 400n);
      assert.equal((await video("initUpload", { ...input, filename: "" }))["code"], 400n);
      assert.equal((await video("uploadChunk", chunk(fileHash, 0, [Buffer.from("x")])))["code"], 404n);
      await video("initUpload", input);
      for (const index of ["x", "-1", ""])
        assert.equal((await video("uploadChunk", { fileHash, index, data: Buffer.from("x") }))["code"], 400n, index);
      assert.equal((await video("uploadChunk", { fileHash, index: "0", data: Buffer.alloc(0) }))["code"], 400n);
      const large = { fileHash, index: "0", data: Buffer.alloc(6 * mebibyte + 1) };
      assert.equal((await video("uploadChunk", large))["code"], 413n);
      assert.equal((await video("mergeFile", { ...input, totalChunks: 0n }))["code"], 400n);
    });
  });

  describe("of the cloud-files API", () => {
    it("sign up and sign in accounts, and verify the owner of a token", async () => {
      const username = `h_${randomBytes(5).toString("hex")}`;
      const ask = (method: string, given: object, token?: string) => grpc(cloudFilesAccount, method, given, token);
      assert.equal((await ask("signup", { username, password }))["code"], 0n);
      assert.equal((await ask("signup", { username, password }))["code"], 10_003n);
      assert.equal((await ask("signup", { username: "a", password }))["code"], 10_001n);
      const login = await ask("signin", { username, password });
      assert.deepEqual([login["code"], login["token"]], [0n, ""]);
      assert.equal((await ask("signin", { username, password: "wrong" }))["code"], 10_004n);
      const own = await ask("userInfo", { username: mira.name }, mira.token);
      assert.partialDeepStrictEqual(own, { code: 0n, username: mira.name, status: 0n });
      assert.equal((await ask("userInfo", { username: noor.name }, mira.token))["code"], 10_005n);
      assert.equal((await ask("userInfo", { username: mira.name }))["code"], 10_005n);
      assert.equal((await ask("verifyToken", { username: mira.name, token: mira.token }))["code"], 0n);
      assert.equal((await ask("verifyToken", { username: noor.name, token: mira.token }))["code"], 10_005n);
      assert.equal((await ask("verifyToken", { username: mira.name, token: "x" }))["code"], 10_005n);
    });

    it("return the addresses for uploads and downloads, and refuse an invalid token", async () => {
      for (const [contract, method, expected] of [
        [cloudFilesUpload, "uploadEntry", entry],
        [cloudFilesDownload, "downloadEntry", download],
      ] as const) {
        const { code, message, entry: received, ...token } = await grpc(contract, method, {});
        assert.deepEqual([code, message, received], [0n, "success", expected]);
        assert.partialDeepStrictEqual(token, { token: "", expiresAt: 0n });
        // A token that is not good is refused also where none is needed.
        assert.equal((await grpc(contract, method, {}, "nonsense"))["code"], 10_005n);
      }
    });

    it("give a signed-in caller tokens for uploads and downloads, each good for that and its account alone", async () => {
      const tokenOf = async (contract: Contract, method: string) => {
        const { code, token, expiresAt } = await grpc(contract, method, {}, mira.token);
        assert.equal(code, 0n);
        const lifeS = Number(expiresAt) - Date.now() / 1_000;
        assert.ok(lifeS > 500 && lifeS <= 600, String(lifeS));
        return String(token);
      };
      const upload = await tokenOf(cloudFilesUpload, "uploadEntry");
      const downloading = await tokenOf(cloudFilesDownload, "downloadEntry");
      const bytes = randomBytes(70);
      const filehash = hashed("sha1", bytes);
      const send = (username: string, token: string) => client.form("/file/upload", { username, token, file: bytes });
      const fetched = (username: string, token: string) =>
        client.ask(`/file/download?${new URLSearchParams({ username, token, filehash }).toString()}`);
      assert.equal((await send(mira.name, upload)).json["code"], 0);
      assert.deepEqual((await fetched(mira.name, downloading)).bytes, bytes);
      const altered = `${upload.slice(0, -2)}${upload.endsWith("AA") ? "BB" : "AA"}`;
      for (const [name, token] of [
        [mira.name, downloading],
        [noor.name, upload],
        [mira.name, altered],
      ] as const)
        assert.equal((await send(name, token)).json["code"], 10_005);
      assert.equal((await fetched(mira.name, upload)).status, 401);
      assert.equal((await fetched(noor.name, downloading)).status, 401);
      for (const token of [upload, downloading]) {
        const about = new URLSearchParams({ username: mira.name, token });
        for (const path of ["/user/info", "/file/query", "/file/update"])
          assert.equal((await client.ask(path, { method: "POST", body: about })).json["code"], 10_005, path);
        assert.equal((await client.ask("/api/v1/users/me", { headers: bearer(token) })).status, 401);
        assert.equal((await grpc(cloudFilesUpload, "uploadEntry", {}, token))["code"], 10_005n);
      }
    });

    it("list and rename a user's own files", async () => {
      const filehash = await sent("listed.txt", randomBytes(50));
      const ask = (method: string, given: object) =>
        grpc(cloudFilesAccount, method, { username: mira.name, ...given }, mira.token);
      const { code, fileData } = await ask("userFiles", { limit: 1n, offset: 0n });
      const [item] = parsed(fileData) as Record<string, unknown>[];
      assert.deepEqual([code, item?.["FileHash"], item?.["FileName"]], [0n, filehash, "listed.txt"]);
      assert.equal((await ask("userFileRename", { filehash, filename: "other.txt" }))["code"], 0n);
      assert.equal((await ask("userFileRename", { filehash: "0".repeat(40), filename: "x" }))["code"], -1n);
      assert.equal((await ask("userFileRename", { filehash, filename: "" }))["code"], 10_001n);
    });

    it("execute listed actions separately, in sequence or in one transaction", async () => {
      const [one, two] = [await sent("one.txt", randomBytes(60)), await sent("two.txt", randomBytes(61))];
      const rename = (hash: string, to: string) => action("/ufile/RenameFileName", [mira.name, hash, to]);
      const nameOf = async (hash: string) => {
        const { data } = await execute([action("/file/GetFileMeta", [hash])]);
        return (parsed(data) as { Data: { FileName: string }[] }[])[0]?.Data[0]?.FileName;
      };
      const missing = rename("0".repeat(40), "nothing.txt");
      const all = await execute([rename(one, "1.txt"), missing, rename(two, "2.txt")]);
      assert.equal(all["code"], 0n);
      assert.deepEqual(
        (parsed(all["data"]) as { Suc: boolean }[]).map(({ Suc }) => Suc),
        [true, false, true],
      );
      assert.deepEqual([await nameOf(one), await nameOf(two)], ["1.txt", "2.txt"]);
      const stopped = await execute([rename(one, "a.txt"), missing, rename(two, "b.txt")], { sequence: true });
      assert.equal((parsed(stopped["data"]) as object[]).length, 2);
      assert.deepEqual([await nameOf(one), await nameOf(two)], ["a.txt", "2.txt"]);
      const undone = await execute([rename(one, "lost.txt"), rename(two, "lost.txt"), missing], { transaction: true });
      assert.deepEqual([undone["code"], Buffer.from(undone["data"] as Uint8Array).length], [-1n, 0]);
      assert.deepEqual([await nameOf(one), await nameOf(two)], ["a.txt", "2.txt"], "all or nothing");
      const whole = await execute(
        [
          rename(one, "c.txt"),
          action("/ufile/QueryUserFileMeta", [mira.name, one]),
          action("/ufile/QueryUserFileMetas", [mira.name, 100]),
          action("/ufile/DeleteUserFile", [mira.name, two]),
        ],
        { transaction: true },
      );
      const [, found, list] = parsed(whole["data"]) as { Data: { FileName: string; FileHash: string }[] }[];
      assert.deepEqual([whole["code"], found?.Data[0]?.FileName], [0n, "c.txt"]);
      assert.ok(list?.Data.some(({ FileHash }) => FileHash === two));
      assert.equal(await nameOf(two), undefined);
      const last = await execute([rename(one, "d.txt"), rename(one, "e.txt")], { resultType: 1n });
      assert.equal((parsed(last["data"]) as { Data: { FileName: string }[] }).Data[0]?.FileName, "e.txt");
    });

    it("execute no unlisted action, and no action on another user's files", async () => {
      const filehash = await sent("mine.txt", randomBytes(62));
      const rename = action("/ufile/RenameFileName", [mira.name, filehash, "taken.txt"]);
      for (const bad of [
        action("/user/UpdateToken", [mira.name, "x"]),
        action("constructor", []),
        action("/ufile/renamefilename", [mira.name, filehash, "x"]),
      ])
        assert.equal((await execute([rename, bad]))["code"], -1n);
      assert.equal((await execute([rename, action("/ufile/RenameFileName", [mira.name])]))["code"], 10_001n);
      assert.equal((await execute([{ name: "/file/GetFileMeta", params: Buffer.from("{") }]))["code"], 10_001n);
      assert.equal((await execute([action("/ufile/QueryUserFileMetas", [noor.name, 5])]))["code"], 10_005n);
      const { code } = await grpc(cloudFilesProxy, "executeAction", batch([rename]));
      assert.equal(code, 10_005n);
      const { data } = await execute([action("/file/GetFileMeta", [filehash])]);
      assert.equal((parsed(data) as { Data: { FileName: string }[] }[])[0]?.Data[0]?.FileName, "mine.txt");
      const foreign = await grpc(
        cloudFilesProxy,
        "executeAction",
        batch([action("/file/GetFileMeta", [filehash])]),
        noor.token,
      );
      assert.equal((parsed(foreign["data"]) as { Suc: boolean }[])[0]?.Suc, false);
    });
  });

  it("do not open a native command to unauthenticated clients", async () => {
    const refused = grpc(user, "update", { id: 1n, nickname: "x" });
    await assert.rejects(refused, (error) => error instanceof ConnectError && error.code === Code.Unauthenticated);
  });
});

/** The methods that clients of those systems call. */
const promised: Readonly<Record<string, readonly string[]>> = {
  "kinora.compat.resumable.v1.UserService": ["Register", "Login"],
  "kinora.compat.resumable.v1.VideoService": ["InitUpload", "UploadChunk", "MergeFile"],
  "kinora.compat.cloudfiles.v1.AccountService": [
    "Signup",
    "Signin",
    "UserInfo",
    "UserFiles",
    "UserFileRename",
    "VerifyToken",
  ],
  "kinora.compat.cloudfiles.v1.UploadService": ["UploadEntry"],
  "api.user.v1.UserService": ["Register", "Login", "GetUser", "UpdateUser", "GetUsersByIDs"],
  "api.video.v1.VideoService": [
    "CreateVideo",
    "GetVideo",
    "UpdateVideo",
    "DeleteVideo",
    "GetUserVideos",
    "GetVideosByIDs",
  ],
  "kinora.compat.cloudfiles.v1.DownloadService": ["DownloadEntry"],
  "kinora.compat.cloudfiles.v1.DBProxyService": ["ExecuteAction"],
};
/**
 * One query for many, where other systems have a call for each: of users, videos, relations, counts, hashtags,
 * messages.
 */
const batches: Readonly<Record<string, readonly string[]>> = {
  "kinora.auth.v1.AuthService": ["Register", "Login", "Refresh", "Logout"],
  "kinora.user.v1.UserService": ["Briefs", "Cards", "Privacy", "Named"],
  "kinora.relation.v1.RelationService": ["States", "Between", "Counts"],
  "kinora.video.v1.VideoService": ["Visible", "AuthorCounts"],
  "kinora.interaction.v1.InteractionService": ["States", "AuthorCounts"],
  "kinora.hashtag.v1.HashtagService": ["Briefs"],
  "kinora.search.v1.SearchService": ["All", "Suggestions"],
  "kinora.message.v1.MessageService": ["LatestWith", "Updates"],
  "kinora.moderation.v1.ModerationService": ["Report", "Queue"],
};

const password = "secret-7";
const platform = new Platform({}, { upload: { instant: "anyone" } });
interface Person {
  readonly name: string;
  readonly token: string;
}
let client: ForeignClient;
let server: RpcServer;
let mira: Person;
let noor: Person;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const transport = () =>
  createGrpcTransport({ baseUrl: `http://127.0.0.1:${server.port}`, idleConnectionTimeoutMs: 100 });

async function joined(): Promise<Person> {
  const name = `p_${randomBytes(6).toString("hex")}`;
  await client.post("/register", { username: name, password });
  const { json } = await client.post("/login", { username: name, password });
  return { name, token: String(json["token"]) };
}

interface Reflected {
  readonly service?: readonly { readonly name: string }[];
  readonly fileDescriptorProto?: readonly Uint8Array[];
}
async function reflected(question: string, value: string): Promise<Reflected> {
  const desc = createReflectionRegistry("v1").getService("grpc.reflection.v1.ServerReflection")?.methods[0];
  assert.ok(desc);
  const questions = (async function* () {
    yield { messageRequest: { case: question, value } };
  })();
  const stream = desc as DescMethodStreaming;
  const { message } = await transport().stream(stream, undefined, 60_000, {}, questions as never); // DescribedContract at run time.
  const answers = await Array.fromAsync(message);
  const [answer] = answers as unknown as { readonly messageResponse: { readonly value: Reflected } }[];
  return answer?.messageResponse.value ?? {};
}

/** The calls a client in any language finds under the name of a service. */
async function callsOf(service: string): Promise<string[]> {
  const { fileDescriptorProto: files = [] } = await reflected("fileContainingSymbol", service);
  const name = service.split(".").at(-1);
  const services = files.flatMap((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).service);
  return services.filter((one) => one.name === name).flatMap(({ method }) => method.map((one) => one.name));
}

async function grpc(contract: Contract, method: string, input: object, token?: string) {
  const desc = describeContract(contract, lock).methods.get(method)?.desc;
  assert.ok(desc);
  const headers = token === undefined ? {} : bearer(token);
  // None of these streams.
  const { message } = await transport().unary(desc as DescMethodUnary, undefined, 20_000, headers, input as never);
  return message as unknown as Record<string, unknown>;
}
const video = (method: string, input: object, by = mira) => grpc(resumableVideo, method, input, by.token);
const chunk = (fileHash: string, index: number, parts: readonly Uint8Array[]) => ({
  fileHash,
  index: String(index),
  data: parts[index] ?? parts[0],
});

/** Sends a file over HTTP; yields its SHA-1. */
async function sent(name: string, bytes: Buffer): Promise<string> {
  const { body, headers } = form({ name, bytes });
  const sending = { method: "POST", headers: { ...headers, ...bearer(mira.token) }, body: new Uint8Array(body) };
  const { json } = await client.ask("/file/upload", sending);
  assert.equal(json["code"], 0);
  return hashed("sha1", bytes);
}
const action = (name: string, params: readonly unknown[]) => ({ name, params: Buffer.from(JSON.stringify(params)) });
const batch = (actions: readonly object[], more: object = {}) => ({
  sequence: false,
  transaction: false,
  resultType: 0n,
  actions,
  ...more,
});
const execute = (actions: readonly object[], more: object = {}) =>
  grpc(cloudFilesProxy, "executeAction", batch(actions, more), mira.token);
const parsed = (data: unknown): unknown => JSON.parse(Buffer.from(data as Uint8Array).toString());
