import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Import } from "#base/api/types.ts";
import { worthShowing } from "./imports.ts";

const nowMs = Date.parse("2026-11-20T12:00:00Z");
const one = (id: number, status: Import["status"], created_at = "2026-11-20T11:00:00Z"): Import => ({
  id,
  status,
  created_at,
  url: "https://files.example/a.bin",
  name: "a.bin",
  size: null,
  received: 0,
  file_id: null,
  reason: null,
  purpose: "drive",
  folder_id: null,
  conflict: "rename",
});

describe("the list of shown imports", () => {
  it("contains active imports of any age, and failed ones of the last day unless they were dismissed", () => {
    const list = [
      one(1, "queued", "2026-11-01T11:00:00Z"),
      one(2, "running"),
      one(3, "completed"),
      one(4, "cancelled"),
      one(5, "failed"),
      one(6, "failed"),
      one(7, "failed", "2026-11-19T11:59:59Z"),
    ];
    const shown = worthShowing(list, new Set([2, 6]), nowMs).map(({ id }) => id);
    assert.deepEqual(shown, [1, 2, 5]);
  });
});
