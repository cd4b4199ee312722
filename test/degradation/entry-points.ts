import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { cloudFilesUpload } from "#gateway/compat/cloud-files/facade-contract";
import { describeContract } from "#kernel/rpc/wire/contract-descriptor";
import lock from "../../api/contracts.lock.json" with { type: "json" };
import { distinctClip } from "../uploads/distinct-clip.ts";
import { formOf, Person } from "../users/person.ts";

const clipFile = join(import.meta.dirname, "../media/one-frame.mp4");

/** The content that entry points are asked about, and the accounts that ask. */
export interface World {
  readonly url: string;
  /** The address of the gateway for gRPC. */
  readonly rpcUrl: string;
  readonly author: Person;
  readonly authorId: number;
  readonly viewer: Person;
  readonly administrator: Person;
  readonly videoId: number;
  readonly mediaId: number;
  readonly liveId: number;
  readonly douyinToken: string;
  readonly cloudToken: string;
  readonly resumableToken: string;
}

/** An answer without what differs each time. */
export interface Seen {
  readonly status: number;
  /** A code of the older APIs, which answer 200 whatever happened; 0 is success. */
  readonly code?: number;
  /** The fields of its body. */
  readonly shape: string;
}

export interface EntryPoint {
  readonly group: string;
  readonly name: string;
  readonly ask: (world: World) => Promise<Seen>;
}

type Asked = Parameters<Person["ask"]>[2];

const get = (path: string | ((world: World) => string), who: "viewer" | "administrator" | "author" = "viewer") =>
  ask("GET", path, () => ({}), who);

function ask(
  method: string,
  path: string | ((world: World) => string),
  parts: (world: World) => NonNullable<Asked> | Promise<NonNullable<Asked>>,
  who: "viewer" | "administrator" | "author" = "viewer",
) {
  return async (world: World): Promise<Seen> => {
    const target = typeof path === "string" ? path : path(world);
    const { status, error, data } = await world[who].ask(method, target, await parts(world));
    return { status, shape: error === "" ? shapeOf(data) : error };
  };
}

/** A request of a client that knows nothing but an address. */
function open(path: (world: World) => string, asked: (world: World) => RequestInit = () => ({})) {
  return async (world: World): Promise<Seen> => {
    const url = world.url + path(world);
    const answer = await fetch(url, { redirect: "manual", ...asked(world) }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    // No answer, or half of a file, which its reader notices by its length or its last chunk.
    if (answer === undefined || text === undefined) return { status: 0, shape: "cut" };
    const isJson = answer.headers.get("content-type")?.includes("json") === true && text !== "";
    const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : undefined; // Every envelope is an object.
    const code = body?.["status_code"] ?? body?.["code"];
    const hasItems = /<(item|url|sitemap)>|#EXT-X-STREAM-INF/.test(text);
    return {
      status: answer.status,
      ...(typeof code === "number" && { code }),
      shape: body ? shapeOf(body) : hasItems ? "items" : "no items",
    };
  };
}

const form = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: "POST",
  body: new URLSearchParams(fields),
});

/** The structure of a value: numbers, texts and times do not count. A list is empty, or has the structure of its first. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? `[${shapeOf(value[0])}]` : "[]";
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([name, field]) => `${name}:${shapeOf(field)}`)
      .toSorted()
      .join()}}`;
  return value === null ? "null" : typeof value;
}

async function uploadEntry({ rpcUrl }: World): Promise<Seen> {
  const { registry } = describeContract(cloudFilesUpload, lock);
  const [service] = [...registry].filter((type) => type.kind === "service");
  if (!service) throw new Error("the facade has no service");
  const client = createClient(service, createGrpcTransport({ baseUrl: rpcUrl })) as Readonly<
    Record<string, (request: object) => Promise<{ readonly code?: unknown }>>
  >; // The methods of a service that was read from its description.
  const { code = 0 } = (await client["uploadEntry"]?.({})) ?? { code: -1 };
  return { status: 200, code: Number(code), shape: "entry" };
}

/** Prepares a room and deletes it: an account has some that wait at most. */
async function prepareRoom({ author }: World): Promise<Seen> {
  const { status, error, data } = await author.ask("POST", "/lives", { body: { title: "Quay" } });
  if (status === 200) await author.ask("DELETE", `/lives/${String(data["id"])}`);
  return { status, shape: error === "" ? shapeOf(data) : error };
}

const newClip = async () => distinctClip(await readFile(clipFile), randomBytes(6).toString("hex"));
const password = "blue bicycle";
const newName = () => `n${randomBytes(6).toString("hex")}`;

/** The first answers of a client at each public API: for REST at least one of each tag. */
export const entryPoints: readonly EntryPoint[] = [
  ...Object.entries({
    "auth: sign up": ask("POST", "/users/register", () => ({ body: { username: newName(), password } })),
    "auth: log in": ask("POST", "/users/login", ({ viewer }) => ({ body: { username: viewer.username, password } })),
    "auth: own account": get("/users/me"),
    "user: profile": get(({ authorId }) => `/users/${authorId}`),
    "relation: followers": get(({ authorId }) => `/users/${authorId}/followers`),
    "relation: follow": ask(
      "POST",
      ({ authorId }) => `/users/${authorId}/follow`,
      () => ({}),
    ),
    "video: detail": get(({ videoId }) => `/videos/${videoId}`),
    "video: publish": ask(
      "POST",
      "/videos",
      ({ mediaId }) => ({ body: { title: "Quay", media_id: mediaId } }),
      "author",
    ),
    "video: videos of a user": get(({ authorId }) => `/users/${authorId}/videos`),
    "recommend: feed": get("/recommend/feed"),
    "recommend: list of videos": get("/videos"),
    "recommend: related": get(({ videoId }) => `/videos/${videoId}/related`),
    "interaction: comments": get(({ videoId }) => `/videos/${videoId}/comments`),
    "interaction: write a comment": ask(
      "POST",
      ({ videoId }) => `/videos/${videoId}/comments`,
      () => ({ body: { content: "Fine" } }),
    ),
    "interaction: like": ask(
      "POST",
      ({ videoId }) => `/videos/${videoId}/like`,
      () => ({}),
    ),
    "interaction: view": ask(
      "POST",
      ({ videoId }) => `/videos/${videoId}/play`,
      () => ({ body: { position: 1, duration: 2, finished: false } }),
    ),
    "streaming: manifest": open(({ videoId }) => `/api/v1/streaming/${videoId}/master.m3u8`),
    "streaming: address": get(({ videoId }) => `/streaming/${videoId}/address`),
    "media: upload a clip": ask(
      "POST",
      "/media/upload",
      async () => ({ raw: formOf(await newClip(), { purpose: "video" }) }),
      "author",
    ),
    "media: state": get(({ mediaId }) => `/media/${mediaId}`, "author"),
    "upload: usage": get("/upload/usage"),
    "upload: store a file": ask(
      "POST",
      () => `/upload?name=${newName()}.bin&purpose=drive`,
      () => ({
        raw: { type: "application/octet-stream", bytes: randomBytes(1_024) },
      }),
    ),
    "drive: folder": get("/drive"),
    "search: all": get("/search?q=harbour"),
    "search: hot": get("/search/hot"),
    "hashtag: hot": get("/hashtags/hot"),
    "message: conversations": get("/conversations"),
    "message: write": ask("POST", "/messages", ({ authorId }) => ({
      body: { receiver_id: authorId, content: "Ahoy" },
    })),
    "message: notifications": get("/notifications", "author"),
    "message: unread": get("/updates/unread"),
    "live: rooms": get("/lives"),
    "live: room": get(({ liveId }) => `/lives/${liveId}`),
    "live: chat": get(({ liveId }) => `/lives/${liveId}/messages`),
    "live: prepare a room": prepareRoom,
    "moderation: report": ask("POST", "/reports", ({ videoId }) => ({
      body: { kind: "video", id: videoId, reason: "spam" },
    })),
    "moderation: audit log": get("/admin/audit", "administrator"),
    "instance: name and rules": open(() => "/api/v1/instance"),
    "worker: dead jobs": get("/admin/jobs/dead", "administrator"),
    "transcoder: decoders": get("/admin/media/decoders", "administrator"),
    "transfer: stores": get("/transfer/stores", "administrator"),
    "cache: policies": get("/cache/policies", "administrator"),
    "monitor: health": get("/monitor/health", "administrator"),
    "export: own data": open(
      () => "/api/v1/users/me/export",
      ({ viewer }) => ({ headers: { authorization: `Bearer ${viewer.token}` } }),
    ),
  }).map(([name, asking]) => ({ group: "REST", name, ask: asking })),
  ...Object.entries({
    "log in": open(
      () => "/douyin/user/login",
      ({ viewer }) => form({ username: viewer.username, password }),
    ),
    feed: open(() => "/douyin/feed"),
    "published videos": open(
      ({ authorId, douyinToken }) => `/douyin/publish/list?user_id=${authorId}&token=${douyinToken}`,
    ),
    comments: open(({ videoId, douyinToken }) => `/douyin/comment/list?video_id=${videoId}&token=${douyinToken}`),
    like: open(
      () => "/douyin/favorite/action",
      ({ videoId, douyinToken }) => form({ video_id: `${videoId}`, action_type: "1", token: douyinToken }),
    ),
    followers: open(
      ({ authorId, douyinToken }) => `/douyin/relation/follower/list?user_id=${authorId}&token=${douyinToken}`,
    ),
    messages: open(({ authorId, douyinToken }) => `/douyin/message/chat?to_user_id=${authorId}&token=${douyinToken}`),
  }).map(([name, asking]) => ({ group: "Douyin", name, ask: asking })),
  ...Object.entries({
    "sign in": open(
      () => "/user/signin",
      ({ viewer }) => form({ username: viewer.username, password }),
    ),
    "own account": open(
      () => "/user/info",
      ({ viewer, cloudToken }) => form({ username: viewer.username, token: cloudToken }),
    ),
    files: open(
      () => "/file/query",
      ({ viewer, cloudToken }) => form({ username: viewer.username, token: cloudToken, limit: "15" }),
    ),
  }).map(([name, asking]) => ({ group: "Cloud files", name, ask: asking })),
  ...Object.entries({
    "log in": open(
      () => "/api/login",
      ({ viewer }) => json({ username: viewer.username, password }),
    ),
    profile: open(
      () => "/api/profile",
      ({ resumableToken }) => bearer(resumableToken),
    ),
    "begin an upload": open(
      () => "/upload/init",
      ({ resumableToken }) => {
        // The same upload is resumed: an account has some at most.
        const file_hash = createHash("sha256").update("quay").digest("hex");
        return { ...json({ file_hash, filename: "quay.mp4", file_size: 1_024, total_chunks: 1 }, resumableToken) };
      },
    ),
  }).map(([name, asking]) => ({ group: "Resumable uploads", name, ask: asking })),
  { group: "gRPC", name: "UploadEntry", ask: uploadEntry },
  ...Object.entries({
    home: open(() => "/"),
    "video with its preview": open(({ videoId }) => `/watch/${videoId}`),
    "embedded player": open(({ videoId }) => `/embed/${videoId}`),
    "live room": open(({ liveId }) => `/live/${liveId}`),
  }).map(([name, asking]) => ({ group: "Pages", name, ask: asking })),
  ...Object.entries({
    "RSS of a user": open(({ author }) => `/feeds/users/${author.username}`),
    sitemap: open(() => "/sitemap.xml"),
    oEmbed: open(({ url, videoId }) => `/api/v1/oembed?url=${encodeURIComponent(`${url}/watch/${videoId}`)}`),
  }).map(([name, asking]) => ({ group: "Open web", name, ask: asking })),
  ...Object.entries({
    "/health": open(() => "/health"),
    "/ready": open(() => "/ready"),
  }).map(([name, asking]) => ({ group: "Operation", name, ask: asking })),
];

function bearer(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}

function json(body: object, token?: string): RequestInit {
  const headers = {
    "content-type": "application/json",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return { method: "POST", headers, body: JSON.stringify(body) };
}
