import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { mediaFailed, mediaReady } from "#events/media";
import { videoMediaReleased, videoPublished } from "#events/video";
import { contract, type Host, on, plugin } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import { callOf, TestHost } from "#kernel/host/testing";
import { FormatOff, media } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import {
  BadUrl,
  type Import,
  ImportCompleted,
  TooManyImports,
  upload,
  UploadNotFound,
} from "#services/upload/contract";
import { user } from "#services/user/contract";
import { until } from "#test/until";
import { sql } from "kysely";
import type { z } from "zod";
import { video } from "../contract.ts";
import { videoPlugin } from "../plugin.ts";

describe("a video that is fetched from a URL", () => {
  before(async () => {
    for (const fake of [uploadFake, mediaFake, userFake, relationFake, listener]) await host.add(fake);
    await host.add(videoPlugin);
  });
  beforeEach(async () => {
    await host.clear();
    for (const map of [imports, objects]) map.clear();
    for (const list of [published, cancelled, keys]) list.length = 0;
    refusal = undefined;
    isAway = false;
    asksWhileAway = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("is processing from its creation, and published when the fetched file can be played", async () => {
    const video = await create();
    assert.deepEqual([video.status, video.title, video.statusReason], [0, "Sea", fetchingNow]);
    await assert.rejects(client.get({ id: video.id }, callOf(noor)), { code: "video.not_found" });
    assert.deepEqual(
      [...imports.values()].map(({ url, purpose }) => [url, purpose]),
      [[address, "media"]],
    );
    arrive(video.id, "processing");
    const { mediaId } = await until(async () => has(video.id, (row) => objects.has(row.mediaId)));
    await host.drain();
    assert.deepEqual(
      [published, (await videoOf(video.id)).status, (await videoOf(video.id)).statusReason],
      [[], 0, null],
    );
    await ready(mediaId);
    const shown = await client.get({ id: video.id }, callOf(noor));
    assert.deepEqual([shown.status, shown.width, shown.mediaId], [1, 640, mediaId]);
    assert.deepEqual(published, [`published:${video.id}`]);
    assert.deepEqual(await host.findings("video"), []);
  });

  it("is published immediately when its media is ready on arrival, unless it is a draft", async () => {
    for (const draft of [false, true]) {
      const video = await create({ draft });
      arrive(video.id, "ready");
      const { status } = await until(async () => has(video.id, (row) => row.status !== 0));
      assert.equal(status, draft ? 4 : 1);
    }
    await host.drain();
    assert.equal(published.length, 1);
  });

  it("shows its owner the reason when the fetch or the media fails", async () => {
    for (const [end, code] of [
      [{ status: "failed", reason: { error: "upload.nothing_there", message: "404" } }, "upload.nothing_there"],
      [{ status: "cancelled" }, "video.fetch_cancelled"],
      [undefined, "video.fetch_cancelled"],
      [{ status: "completed", fileId: 7 }, "media.format_off"],
      [{ status: "completed", fileId: 8 }, "video.not_a_video"],
    ] as const) {
      const video = await create();
      if (end === undefined) imports.clear();
      else change(video.id, end);
      const failed = await until(async () => has(video.id, (row) => row.status === 2));
      assert.deepEqual([failed.statusReason?.error, failed.publishedAtMs], [code, null]);
      assert.deepEqual(await host.findings("video"), []);
      await host.drain();
      const kept = code === "video.not_a_video" ? [`released:${video.id}:1008`] : [];
      assert.deepEqual(published.splice(0), kept, "the picture was kept");
    }
    const video = await create();
    arrive(video.id, "processing");
    const { mediaId } = await until(async () => has(video.id, (row) => objects.has(row.mediaId)));
    const event = { mediaId, userId: mira, error: "media.unreadable", message: "it ends in the middle" };
    await neighbour.db.tx((tx) => neighbour.emit(tx, mediaFailed, mediaId, event));
    await host.drain();
    assert.equal((await videoOf(video.id)).statusReason?.error, "media.unreadable");
  });

  it("is not created when the upload service, a check or the URL is refused", async () => {
    refusal = () => TooManyImports({ importsMax: 50, retryAfterMs: 1_000 });
    await assert.rejects(create(), { code: "upload.too_many_imports" });
    refusal = () => BadUrl({});
    await assert.rejects(create(), { code: "upload.bad_url" });
    refusal = undefined;
    await assert.rejects(create({ categoryId: 999 }), { code: "video.unknown_category" });
    await assert.rejects(create({ visibility: "password" }), { code: "video.password_missing" });
    for (const videoUrl of ["file:///etc/passwd", "javascript:1", "ftp://example.org/a", "x"])
      await assert.rejects(create({ videoUrl }), { code: "kernel.invalid_input" }, videoUrl);
    assert.deepEqual([imports.size, (await client.ofUser({ id: mira }, callOf(mira))).items], [0, []]);
  });

  it("is fetched once for repeated requests with one key, also after the first one failed", async () => {
    const again = callOf(mira, { idempotencyKey: "again" });
    const [one, two] = [await create({}, again), await create({}, again)];
    assert.deepEqual([one.id === two.id, imports.size, keys], [true, 1, ["again"]]);
    await sql`ALTER TABLE videos RENAME TO away`.execute(host.database("video"));
    try {
      await assert.rejects(create());
      assert.deepEqual(cancelled, [last], "without a key it is cancelled");
      await assert.rejects(create({}, callOf(mira, { idempotencyKey: "other" })));
      assert.deepEqual([cancelled.length, keys.at(-1)], [1, "other"]);
    } finally {
      await sql`ALTER TABLE away RENAME TO videos`.execute(host.database("video"));
    }
  });

  it("has a placeholder id outside the range of media objects", async () => {
    const video = await create();
    const { mediaId } = await videoOf(video.id);
    assert.ok(mediaId > Number.MAX_SAFE_INTEGER / 2, `${mediaId} may be somebody's`);
    assert.ok(Number.isSafeInteger(mediaId));
  });

  it("waits for unavailable services, and continues", async () => {
    const video = await create();
    isAway = true;
    arrive(video.id, "ready");
    await until(() => asksWhileAway > 1 || undefined, { waitMs: 90_000 });
    const { rows } = await sql<{ attempt: number; state: string }>`SELECT attempt, state FROM jobs`.execute(
      host.database("video"),
    );
    assert.deepEqual(
      rows.map(({ attempt, state }) => [attempt <= 1, state === "queued" || state === "running"]),
      [[true, true]],
    );
    isAway = false;
    await until(async () => has(video.id, (row) => row.status === 1));
  });

  it("cancels its fetch when it is deleted or replaced, and releases a file that arrives afterwards", async () => {
    const deleted = await create();
    await client.remove({ id: deleted.id }, callOf(mira));
    await until(() => cancelled.length === 1 || undefined);
    const other = await create();
    object(900, "ready");
    await client.replaceMedia({ id: other.id, mediaId: 900 }, callOf(mira));
    await until(() => cancelled.length === 2 || undefined);
    assert.deepEqual([(await videoOf(other.id)).mediaId, (await videoOf(other.id)).status], [900, 1]);

    const late = await create();
    await client.remove({ id: late.id }, callOf(mira));
    published.length = 0;
    arrive(late.id, "ready");
    await until(async () => (await host.drain(), published.length === 1) || undefined);
    assert.match(published[0] ?? "", new RegExp(`^released:${late.id}:`));
  });

  it("keeps changes made during the fetch", async () => {
    const video = await create();
    await client.update({ id: video.id, title: "Harbour", visibility: "unlisted" }, callOf(mira));
    arrive(video.id, "ready");
    const shown = await until(async () => has(video.id, (row) => row.status === 1));
    assert.deepEqual([shown.title, shown.visibility], ["Harbour", "unlisted"]);
  });
});

const [mira, noor] = [1, 2];
const fetchingNow = { error: "video.fetching", message: "its file is being fetched from its address" };
const address = "https://films.example.org/sea.mp4";
const host = new TestHost();
const client = host.client(video);
const published: string[] = [];
const cancelled: number[] = [];
const imports = new Map<number, Import>();
type Brief = z.output<typeof media.methods.briefs.output>["items"][number];
const objects = new Map<number, Brief>();
let refusal: (() => Error) | undefined;
/** The idempotency keys of fetches. */
const keys: string[] = [];
let isAway = false;
let asksWhileAway = 0;
let neighbour: Host;
let last = 100;

type Create = z.input<(typeof video)["methods"]["create"]["input"]>;
/** The import of each video: the latest one at its creation. */
const importOf = new Map<number, number>();
async function create(input: Partial<Create> = {}, by = callOf(mira)) {
  const video = await client.create({ title: "Sea", videoUrl: address, ...input }, by);
  importOf.set(video.id, last);
  return video;
}
const videoOf = (id: number) => client.get({ id }, callOf(mira));
/** The video, where `holds`. */
async function has(id: number, holds: (row: Awaited<ReturnType<typeof videoOf>>) => boolean) {
  const row = await videoOf(id);
  return holds(row) ? row : undefined;
}
function change(videoId: number, to: Partial<Import>): void {
  const id = importOf.get(videoId) ?? 0;
  const before = imports.get(id);
  assert.ok(before);
  imports.set(id, { ...before, ...to });
}
/** The bytes arrived; their media object has this status. */
function arrive(videoId: number, status: Brief["status"]): void {
  const fileId = 1_000 + (importOf.get(videoId) ?? 0);
  object(fileId + 1_000, status);
  change(videoId, { status: "completed", fileId });
}
function object(id: number, status: Brief["status"], kind: Brief["kind"] = "video"): void {
  objects.set(id, {
    id,
    userId: mira,
    kind,
    status,
    statusReason: null,
    width: 640,
    height: 360,
    durationMs: 6_000,
    sizeBytes: 1_000,
    hasCover: false,
    thumb: null,
    gainDb: 0,
    hasStoryboard: false,
    hasPreview: false,
    hasWaveform: false,
    chapters: [],
  });
}
async function ready(mediaId: number): Promise<void> {
  const film = { kind: "video" as const, width: 640, height: 360, durationMs: 6_000, fps: 30 };
  const event = { mediaId, userId: mira, sizeBytes: 1_000, hasCover: true, ...film };
  await neighbour.db.tx((tx) => neighbour.emit(tx, mediaReady, mediaId, event));
  await host.drain();
}

const { importUrl, importStatus, cancelImport } = upload.methods;
const uploadFake = plugin({
  contract: contract("upload", 1, { importUrl, importStatus, cancelImport }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      async importUrl({ url, purpose }, { userId, idempotencyKey }) {
        assert.equal(userId, mira, "it is fetched as its owner");
        if (refusal) throw refusal();
        if (idempotencyKey !== undefined) keys.push(idempotencyKey);
        const defaults = { receivedBytes: 0, sizeBytes: null, fileId: null, reason: null, folderId: null };
        const about = { url, name: "sea.mp4", status: "queued" as const, purpose, conflict: "rename" as const };
        imports.set(++last, { id: last, ...about, ...defaults, createdAtMs: Date.now() });
        return imports.get(last) ?? assert.fail();
      },
      async importStatus({ id }) {
        if (isAway) {
          asksWhileAway += 1;
          throw ServiceUnavailable({ service: "upload" });
        }
        const row = imports.get(id);
        if (!row) throw UploadNotFound({});
        return row;
      },
      async cancelImport({ id }) {
        if (imports.get(id)?.status === "completed") throw ImportCompleted({});
        cancelled.push(id);
        return {};
      },
    },
  }),
});
const mediaFake = plugin({
  contract: contract("media", 1, { briefs: media.methods.briefs, upload: media.methods.upload }),
  needs: [],
  migrations: [],
  start(given: Host) {
    neighbour = given;
    return {
      handlers: {
        briefs: async ({ ids }) => ({ items: ids.flatMap((id) => objects.get(id) ?? []) }),
        async upload({ fileId }) {
          if (fileId === 7) throw FormatOff({});
          const id = fileId + 1_000;
          if (fileId === 8) object(id, "ready", "image");
          return { ...mediaOf, id };
        },
      },
    };
  },
});
/** Fields that no test reads. */
const mediaOf: Omit<z.output<typeof media.methods.upload.output>, "id"> = {
  userId: mira,
  kind: "video",
  mime: "video/mp4",
  sizeBytes: 1_000,
  sha256: "",
  width: 0,
  height: 0,
  durationMs: 0,
  purpose: "video",
  hasCover: false,
  status: "processing",
  statusReason: null,
  notices: [],
  renditions: [],
  createdAtMs: 0,
};
const userFake = plugin({
  contract: contract("user", 1, { briefs: user.methods.briefs }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      briefs: async ({ ids }) => ({
        items: ids.map((id) => ({ id, username: "u", nickname: "u", avatar: "", introduction: "" })),
      }),
    },
  }),
});
const relationFake = plugin({
  contract: contract("relation", 1, { towards: relation.methods.towards }),
  needs: [],
  migrations: [],
  start: () => ({ handlers: { towards: async () => ({ items: [] }) } }),
});
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(videoPublished, async (_, { videoId }) => void published.push(`published:${videoId}`)),
      on(videoMediaReleased, async (_, { videoId, mediaId }) => void published.push(`released:${videoId}:${mediaId}`)),
    ],
  }),
});
