import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adviceOn, type Facts } from "./advice.ts";
import { storageOf } from "./overview.ts";
import fc from "fast-check";

describe("advice to administrators", () => {
  it("is none for an instance that lacks nothing", () => {
    assert.deepEqual(adviceOn(fine), []);
  });

  it("names what is wrong with its values, the most pressing first", () => {
    const facts: Facts = {
      ...fine,
      away: ["video"],
      hasMail: false,
      hasPublicUrl: false,
      backup: null,
      reports: { open: 2, held: 1, oldestHours: 24 },
      processing: { running: 0, waiting: 0, failed: 2, waitSeconds: 0 },
      storage: { ...storage, daysLeft: 9 },
      components: [{ name: "ffmpeg", version: "5.1", state: "faulty", faults: "…" }],
    };
    assert.deepEqual(
      adviceOn(facts).map(({ code, severity, values }) => [severity, code, values]),
      [
        ["error", "service.away", { name: "video" }],
        ["warning", "storage.full_soon", { days: 9 }],
        ["warning", "component.faulty", { name: "ffmpeg" }],
        ["warning", "jobs.failed", { count: 2 }],
        ["warning", "reports.old", { count: 3, hours: 24 }],
        ["warning", "backup.none", {}],
        ["info", "public_url.none", {}],
        ["info", "mail.none", {}],
      ],
    );
  });

  it("is more pressing where the disk is full in days, or mails have links that nobody can open", () => {
    const severityOf = (facts: Partial<Facts>) => adviceOn({ ...fine, ...facts }).map(({ severity }) => severity);
    assert.deepEqual(severityOf({ storage: { ...storage, daysLeft: 3 } }), ["error"]);
    assert.deepEqual(severityOf({ storage: { ...storage, daysLeft: 30 } }), ["warning"]);
    assert.deepEqual(severityOf({ storage: { ...storage, daysLeft: 31 } }), []);
    assert.deepEqual(severityOf({ hasPublicUrl: false }), ["warning"]);
    assert.deepEqual(severityOf({ reports: { open: 9, held: 0, oldestHours: 23 } }), []);
    assert.deepEqual(severityOf({ storage: null, reports: null, processing: null }), []);
  });
});

describe("advice about backups", () => {
  it("is given from the seventh day after the last one on", () => {
    const codesAfter = (days: number) =>
      adviceOn({ ...fine, nowMs: 1 + days * 86_400_000 }).map(({ code, values }) => [code, values]);
    assert.deepEqual(codesAfter(6.9), []);
    assert.deepEqual(codesAfter(7), [["backup.old", { days: 7 }]]);
  });
});

describe("the days until a disk is full", () => {
  it("follow from what was stored recently, with its renditions", () => {
    const { used, byKind, daysLeft } = storageOf(
      { items: [{ kind: "video", bytes: 200 }], recentBytes: 140 },
      600,
      4_000,
    );
    // 10 bytes of originals a day become 40 with their renditions.
    assert.deepEqual([used, byKind.renditions, daysLeft], [800, 600, 100]);
    assert.equal(storageOf({ items: [], recentBytes: 0 }, 0, 10).daysLeft, null);
    assert.equal(storageOf({ items: [{ kind: "video", bytes: 5 }], recentBytes: 5 }, 0, undefined).daysLeft, null);
  });

  it("are a whole number or none, and the kinds add up to what is used", () => {
    const bytes = fc.nat(2 ** 40);
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (video, other, renditions, free) => {
        const items = [
          { kind: "video", bytes: video },
          { kind: "other", bytes: other },
        ] as const;
        const { used, byKind, daysLeft } = storageOf({ items, recentBytes: video }, renditions, free);
        assert.equal(
          Object.values(byKind).reduce((sum, one) => sum + one),
          used,
        );
        assert.ok(daysLeft === null || (Number.isSafeInteger(daysLeft) && daysLeft >= 0));
      }),
    );
  });
});

const storage = {
  used: 1,
  free: 1,
  byKind: { video: 1, audio: 0, image: 0, other: 0, renditions: 0 },
  daysLeft: null,
};
const fine: Facts = {
  users: { total: 1, series: [] },
  videos: { total: 1, series: [] },
  viewsToday: { total: 1, series: [] },
  watchingNow: { total: 0, series: [] },
  live: { rooms: 0, viewers: 0 },
  storage,
  processing: { running: 1, waiting: 1, failed: 0, waitSeconds: 5 },
  reports: { open: 1, held: 0, oldestHours: 1 },
  components: [{ name: "ffmpeg", version: "7.1", state: "ok", faults: null }],
  backup: { atMs: 1, verifiedAtMs: null },
  away: [],
  hasMail: true,
  hasPublicUrl: true,
  nowMs: 1,
};
