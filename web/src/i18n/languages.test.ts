import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

describe("the texts", () => {
  it("have the same keys in both languages", () => {
    assert.deepEqual(Object.keys(zh).toSorted(), Object.keys(en).toSorted());
  });

  it("are never empty and fill in the same values", () => {
    const english = new Map<string, string>(Object.entries(en));
    for (const [key, chinese] of Object.entries(zh)) {
      assert.notEqual(chinese.trim(), "", key);
      assert.deepEqual(placeholders(chinese), placeholders(english.get(key) ?? ""), key);
    }
  });

  it("come in pairs where they follow a count", () => {
    const keys = new Set(Object.keys(en));
    for (const key of keys) if (key.endsWith("_one")) assert.ok(keys.has(key.replace(/_one$/, "_other")), key);
  });
});

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "").toSorted((a, b) => a.localeCompare(b));
