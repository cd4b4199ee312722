import assert from "node:assert/strict";
import { it } from "node:test";
import type { Row } from "../../room/rooms/room-store.ts";
import { videoFieldsOf } from "./recorded-video.ts";

const gate = { kind: "followers" } as const;
const roomOf = (fields: Partial<Row>): Row => ({
  id: 1,
  ownerId: 1,
  title: "Harbour",
  description: "At the quay",
  coverUrl: "",
  categoryId: 3,
  visibility: "public",
  passwordHash: null,
  gate: null,
  teaser: "none",
  status: "ended",
  keyHint: "",
  keepsRecording: true,
  isAnnounced: true,
  notifiesFollowers: true,
  scheduledAtMs: null,
  startedAtMs: 0,
  endedAtMs: 1,
  onlineCount: 0,
  peakCount: 0,
  viewCount: 0,
  likeCount: 0,
  giftCount: 0,
  giftValue: 0,
  productCount: 0,
  videoId: null,
  generation: 1,
  version: 1,
  isRemoved: false,
  createdAtMs: 0,
  ...fields,
});

it("gives a recording the gate of its room, and nobody else a recording whose password is not known", () => {
  const shown = { description: "At the quay", categoryId: 3 };
  assert.deepEqual(videoFieldsOf(roomOf({ visibility: "gated", gate, teaser: "title" })), {
    ...shown,
    visibility: "gated",
    gate,
    teaser: "title",
  });
  const hidden: readonly Partial<Row>[] = [
    { visibility: "password", passwordHash: "hash" },
    { visibility: "gated", gate: { any: [gate, { kind: "password" }] }, passwordHash: "hash" },
    { visibility: "gated", gate, isRemoved: true },
  ];
  for (const fields of hidden) assert.deepEqual(videoFieldsOf(roomOf(fields)), { ...shown, visibility: "private" });
  assert.deepEqual(videoFieldsOf(undefined), { description: "", visibility: "private" });
});
