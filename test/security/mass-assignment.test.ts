import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import {
  type Account,
  bodyOf,
  clip,
  type Document,
  form,
  isWrite,
  type Operation,
  operationsOf,
  Platform,
  resolved,
  sample,
  type Schema,
  takesForm,
} from "../platform/platform.ts";

describe("the input of a client", () => {
  before(async () => {
    await platform.open();
    document = await platform.document();
    [mira, noor] = [await platform.join(), await platform.join()];
    picture = await clip("animated.gif");
    const foreign = await platform.upload(
      "/api/v1/videos",
      noor.token,
      { name: "n.mp4", bytes: await clip("one-frame.mp4") },
      { title: "Hers" },
    );
    [foreignVideo, foreignMedia] = [Number(foreign.data["id"]), Number(foreign.data["media_id"])];
    await platform.host.drain();
    const [file] = await rows("upload", "files");
    foreignFile = Number(file?.["id"]);
  });
  after(() => platform[Symbol.asyncDispose]());

  it("sets only the fields that the route lists (S1.3)", async () => {
    const writes = operationsOf(document).filter(isWrite);
    let done = 0;
    assert.ok(writes.length >= 12, `${writes.length} writing routes`);
    for (const operation of writes) {
      for (const isForm of takesForm(operation) ? [true, false] : [false]) {
        const answer = await send(operation, isForm);
        const subject = `${operation.verb} ${operation.path}${isForm ? " as a form" : ""}`;
        assert.ok(answer.status < 500, subject);
        if (!isForm && bodyOf(operation))
          assert.notEqual(answer.body["error"], "kernel.invalid_input", `${subject} ${answer.text}`);
        assert.doesNotMatch(answer.text, planted, `${subject} gives back what was planted: ${answer.text}`);
        // The answers of compatible APIs are for their own suites to check.
        if (answer.status !== 200 || !hasSchema(operation)) continue;
        done += 1;
        assert.deepEqual(unlisted(operation, answer.body), [], `${subject} gives more than its document says`);
      }
    }
    assert.ok(done >= 11, `only ${done} of the requests were taken`);
    await platform.host.drain();
    await nothingSticks();
  });

  it("cannot refer to another user's file, media object or video (S1.3)", async () => {
    const { token } = mira;
    const post = (path: string, body: object) => platform.ask(path, { method: "POST", token, body });
    assert.equal((await post("/api/v1/videos", { title: "x", media_id: foreignMedia })).status, 404);
    assert.equal((await post("/api/v1/media/upload", { file_id: foreignFile })).status, 415);
    assert.equal((await post(`/api/v1/media/${foreignMedia}/transcode`, {})).status, 404);
    const body = { title: "taken", id: foreignVideo, user_id: mira.id, media_id: foreignMedia };
    assert.equal((await platform.ask(`/api/v1/videos/${foreignVideo}`, { method: "PUT", token, body })).status, 403);
    // The file of a form is what counts, whatever the form says besides.
    const response = await platform.upload(
      "/api/v1/media/upload",
      token,
      { name: "a.gif", bytes: picture },
      { file_id: String(foreignFile), purpose: "picture" },
    );
    assert.deepEqual([response.status, response.data["user_id"]], [200, mira.id]);
    assert.notEqual(response.data["id"], foreignMedia);
  });
});

const platform = new Platform();
let document: Document;
let mira: Account;
let noor: Account;
let picture: Buffer;
let foreignVideo = 0;
let foreignMedia = 0;
let foreignFile = 0;

const plantedId = 8_111_222_333_444_555;
const plantedCount = 424_243;
const plantedTime = "2003-02-01T04:05:06.000Z";
/** Any of it in an answer or in a row has come from the client. */
const planted = new RegExp(
  `${plantedId}|${plantedCount}|2003-02-01|${String(Date.parse(plantedTime)).slice(0, 9)}|planted`,
);
const extras: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    ["id", "user_id", "owner_id", "author_id", "media_id", "file_id", "video_id", "account_id", "session_id"].map(
      (name) => [name, plantedId],
    ),
  ),
  ...Object.fromEntries(
    [
      "balance",
      "coins",
      "like_count",
      "play_count",
      "comment_count",
      "share_count",
      "favorite_count",
      "follower_count",
      "follow_count",
      "video_count",
      "version",
      "generation",
      "size",
      "file_size",
      "quota_bytes",
    ].map((name) => [name, plantedCount]),
  ),
  ...Object.fromEntries(
    ["created_at", "updated_at", "published_at", "deleted_at", "expires_at", "createdAtMs", "created_at_ms"].map(
      (name) => [name, plantedTime],
    ),
  ),
  ...Object.fromEntries(
    ["is_verified", "is_demo", "is_admin", "is_mine", "has_cover", "isVerified", "isDemo"].map((name) => [name, true]),
  ),
  role: "admin",
  roles: ["admin"],
  status: 1,
  state: "ready",
  sha256: "planted".padEnd(64, "0"),
  mime: "text/planted",
  key: "upload/planted",
  password_hash: "planted",
  status_reason: { error: "planted", message: "planted" },
  __v: plantedCount,
};

/** The valid request with everything it does not list, in the body and in the query. */
async function send(operation: Operation, isForm: boolean) {
  const { verb, path } = operation;
  const own = path.includes("/users/{") ? "me" : path.includes("/media/") ? String(foreignMedia) : String(foreignVideo);
  const listed = bodyOf(operation) ?? Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const names = new Set(Object.keys(listed?.properties ?? {}));
  const added = Object.fromEntries(Object.entries(extras).filter(([name]) => !names.has(name)));
  const query = new URLSearchParams(texts(added)).toString();
  const address = path.replace("{kind}", "video").replaceAll(/\{(?:id|video|pid|rid|user_id|held_id|seq)\}/g, own);
  const url = `${address}?${query}`;
  // Logging out must not end what the others are sent with.
  const token = path.endsWith("/logout")
    ? (await platform.join()).token
    : path.includes("/users/")
      ? mira.token
      : noor.token;
  if (!isForm) {
    const sampleBody = listed ? (sample(document, listed) as object) : {}; // A body's schema is an object.
    const body = { ...sampleBody, ...(names.has("media_id") && { media_id: foreignMedia }), ...added };
    // Registering is what nobody is signed in for; removing what the other requests need comes to nothing.
    const isLogin = operation["x-rate"] === "login";
    const at = verb === "DELETE" && path.endsWith("/videos/{id}") ? url.replace(own, "5") : url;
    return platform.ask(at, { method: verb, body, ...(!isLogin && { token }) });
  }
  const request = form({ name: "a.gif", bytes: picture }, texts({ title: "x", ...added }));
  return platform.ask(url, { method: verb, token, ...request });
}

/** Fields as a form or a query has them. */
const texts = (given: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]: [string, unknown]) => [
      name,
      JSON.stringify(value).replaceAll(/^"|"$/g, ""),
    ]),
  );

/** Every row of every table of every service, as text. */
async function nothingSticks(): Promise<void> {
  let seen = 0;
  for (const service of (await platform.host.host()).services) {
    const { rows: tables } = await sql<{ name: string }>`
      SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migrations'`.execute(
      platform.host.database(service),
    );
    for (const { name } of tables)
      for (const row of await rows(service, name)) {
        seen += 1;
        assert.doesNotMatch(JSON.stringify(row), planted, `${service}.${name}`);
        assert.notEqual(row["role"], "admin", `${service}.${name}`);
        for (const claim of ["is_verified", "is_demo"])
          assert.notEqual(row[claim], true, `${service}.${name}.${claim}`);
      }
  }
  assert.ok(seen > 30, `${seen} rows`);
}

const rows = async (service: string, table: string) =>
  (await sql<Record<string, unknown>>`SELECT * FROM ${sql.ref(table)}`.execute(platform.host.database(service))).rows;

/** Lines of progress, and answers of other systems' APIs, have no schema of one document. */
const hasSchema = ({ operationId, responses }: Operation): boolean =>
  !/^(?:resumable|cloudfiles|douyin)\./.test(operationId) &&
  responses["200"]?.content?.["application/x-ndjson"] === undefined;
/** Paths in an answer that its document does not list. */
function unlisted({ responses }: Operation, body: unknown): string[] {
  const schema = responses["200"]?.content?.["application/json"]?.schema;
  return schema ? beyond(body, schema, "") : ["no schema"];
}
function beyond(value: unknown, given: Schema, path: string): string[] {
  const { properties, items, anyOf } = resolved(document, given);
  if (anyOf) {
    const all = anyOf.map((one) => beyond(value, one, path));
    return all.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }
  if (Array.isArray(value)) return items ? value.flatMap((item) => beyond(item, items, path)) : [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const property = properties?.[name];
    return property ? beyond(inner, property, `${path}.${name}`) : [`${path}.${name}`];
  });
}
