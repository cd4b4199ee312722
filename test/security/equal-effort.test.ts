import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { after, before, describe, it } from "node:test";
import { ServiceHost } from "#kernel/host/host";
import { sql } from "kysely";
import pg from "pg";
import { type Account, type Answered, type Asked, clip, Platform, type Verb } from "../platform/platform.ts";

/** How a way is asked; `for` says who is refused on admission. */
interface Way extends Pick<Asked, "body" | "headers"> {
  readonly verb: Verb;
  readonly path: (id: number) => string;
  readonly for: "anybody" | "user";
}
const isFor = (who: Way["for"], way: Way): boolean => way.for === who;
const video =
  (rest = "") =>
  (id: number) =>
    `/api/v1/videos/${id}${rest}`;
const stream = (rest: string) => (id: number) => `/api/v1/streaming/${id}/${rest}`;
const range = { range: "bytes=0-9" };
/** Every route that reads or changes one video. */
const ways: Readonly<Record<string, Way>> = {
  detail: { verb: "GET", path: video(), for: "anybody" },
  like: { verb: "POST", path: video("/like"), for: "user" },
  unlike: { verb: "DELETE", path: video("/like"), for: "user" },
  play: { verb: "POST", path: video("/play"), body: { position: 5 }, for: "anybody" },
  edit: { verb: "PUT", path: video(), body: { description: "changed" }, for: "user" },
  delete: { verb: "DELETE", path: video(), for: "user" },
  master: { verb: "GET", path: stream("master.m3u8"), for: "anybody" },
  playlist: { verb: "GET", path: stream("480p/index.m3u8"), for: "anybody" },
  segment: { verb: "GET", path: stream("g1/480p.mp4"), headers: range, for: "anybody" },
  "segment of another generation": { verb: "GET", path: stream("g2/480p.mp4"), headers: range, for: "anybody" },
  cover: { verb: "GET", path: stream("g1/cover.jpg"), for: "anybody" },
  original: { verb: "GET", path: stream("g1/source"), for: "anybody" },
};

/*
 * S2.4: hidden and absent things get the same answer after the same work, so that no clock distinguishes
 * them: the same calls of services and the same statements of databases, in the same order, asked once and again.
 */
describe("S2.4: access to a hidden video", () => {
  before(prepare);
  after(async () => {
    for (const restore of originals) restore();
    await platform[Symbol.asyncDispose]();
  });

  for (const actor of ["anonymous", "other", "admin"] as const)
    for (const [action, way] of Object.entries(ways))
      it(`does the same work and gets the same answer as for an absent one: ${action} of ${actor}`, async () => {
        const absent = await work(way, absentId, actor);
        for (const state of ["private", "turned", "processing", "deleted"] as const) {
          const hidden = await work(way, ids[state], actor);
          assert.deepEqual(hidden, absent, state);
        }
        const isRefused = absent.every(({ status }) => status === (isFor("user", way) && !tokens[actor] ? 401 : 404));
        assert.ok(isRefused, JSON.stringify(absent));
        // A case without any query was not counted: the caller was refused on admission.
        const lookups = absent.filter(({ done }) => !done.some((one) => one.startsWith("SELECT")));
        assert.equal(lookups.length, isFor("user", way) && !tokens[actor] ? absent.length : 0);
      });

  it("does more work for the video's owner", async () => {
    const detail = ways["detail"];
    assert.ok(detail);
    const [shown] = await work(detail, ids.private, "owner");
    const [absent] = await work(detail, absentId, "owner");
    assert.deepEqual([shown?.status, absent?.status], [200, 404]);
    assert.ok((shown?.done.length ?? 0) > (absent?.done.length ?? 0));
  });
});

const platform = new Platform();
const absentId = 4_444_444_444_444_444;
const ids = { private: 0, turned: 0, processing: 0, deleted: 0 };
let tokens: Readonly<Record<"anonymous" | "other" | "admin" | "owner", string | undefined>>;

async function prepare(): Promise<void> {
  watch();
  await platform.open();
  const owner: Account = await platform.join();
  const [other, admin] = [await platform.join(), await platform.administrator()];
  tokens = { anonymous: undefined, other: other.token, admin: admin.token, owner: owner.token };
  const file = { name: "a.mp4", bytes: await clip("one-frame.mp4") };
  const { data } = await platform.upload("/api/v1/videos", owner.token, file, { title: "Sea" });
  await platform.host.drain();
  for (const state of ["private", "turned", "processing", "deleted"] as const) {
    const visibility = state === "private" ? "private" : "public";
    const body = { title: state, media_id: data["media_id"], visibility };
    const response = await platform.ask("/api/v1/videos", { method: "POST", token: owner.token, body });
    ids[state] = Number(response.data["id"]);
  }
  const change = (id: number, method: Verb, body?: object) =>
    platform.ask(video()(id), { method, token: owner.token, ...(body && { body }) });
  assert.equal((await change(ids.turned, "PUT", { visibility: "private" })).status, 200);
  assert.equal((await change(ids.deleted, "DELETE")).status, 200);
  // News that came later would undo what is written beside it now.
  await platform.host.drain();
  await sql`UPDATE videos SET status = 0, published_at_ms = NULL WHERE id = ${ids.processing}`.execute(
    platform.host.database("video"),
  );
  // Interaction's access copy follows events of changes, and this change published none.
  await sql`UPDATE video_copies SET is_published = false WHERE video_id = ${ids.processing}`.execute(
    platform.host.database("interaction"),
  );
  await platform.host.drain();
}

/** The work that is done for the request this runs in. */
const doing = new AsyncLocalStorage<string[]>();

const originals: (() => void)[] = [];

/** Notes every statement and every call where it is made. */
function watch(): void {
  record(pg.Client.prototype, "query", ([asked]) =>
    // The two forms there are.
    String(typeof asked === "string" ? asked : (asked as { readonly text?: unknown }).text).toUpperCase(),
  );
  record(ServiceHost.prototype, "dispatch", ([service, name]) => `${String(service)}.${String(name)}`);
}

function record(of: object, name: string, what: (given: unknown[]) => string): void {
  const original = Reflect.get(of, name) as (...given: unknown[]) => unknown; // A method has this name.
  Reflect.set(of, name, function (this: unknown, ...given: unknown[]) {
    doing.getStore()?.push(what(given));
    return Reflect.apply(original, this, given);
  });
  originals.push(() => Reflect.set(of, name, original));
}

/** The answer and the work for it, three times over: a cache may be warm. */
async function work(
  way: Way,
  id: number,
  actor: keyof typeof tokens,
): Promise<{ status: number; answer: object; done: string[] }[]> {
  const runs = [];
  for (let n = 0; n < 3; n++) {
    const all: string[] = [];
    const token = tokens[actor];
    const { verb: method, path, body, headers } = way;
    const request = {
      method,
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
      ...(token !== undefined && { token }),
    };
    const answer = await doing.run(all, () => platform.ask(path(id), request));
    // The caller is looked up now and then, for every request.
    const done = all.filter((one) => one !== "auth.session" && !one.includes('FROM "AUTH"."SESSIONS"'));
    runs.push({ status: answer.status, answer: bare(answer, id), done });
  }
  return runs;
}

/** An answer without what differs from one request to the next. */
function bare({ headers, text }: Answered, id: number): object {
  const { "x-request-id": _, date: __, ...same } = headers;
  return { headers: same, text: text.replace(/"trace_id":"[0-9a-f]{32}"/, "").replaceAll(String(id), "ID") };
}
