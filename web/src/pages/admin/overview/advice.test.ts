import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adviceCodes } from "../../../../../src/services/instance/overview/advice.ts";
import { adminEn } from "#base/i18n/en/admin-en.ts";
import { adminZh } from "#base/i18n/zh/admin-zh.ts";
import { adviceText, summaryOf } from "./advice.ts";

const values = { days: 9, count: 3, hours: 31, name: "ffmpeg" };

describe("the words of advice", () => {
  for (const [language, texts] of [
    ["English", adminEn],
    ["Chinese", adminZh],
  ] as const)
    it(`are there in ${language} for every code of the server, with all values filled in`, () => {
      const unknown = adviceText({ code: "no.such", values }, texts);
      for (const code of adviceCodes) {
        const text = adviceText({ code, values }, texts);
        assert.notEqual(text.title, unknown.title.replace("no.such", code), code);
        for (const part of Object.values(text)) {
          assert.notEqual(part.trim(), "", code);
          assert.doesNotMatch(part, /[{}]/, code);
        }
      }
    });

  it("name a code that is unknown, and lead somewhere all the same", () => {
    const { title, why, action } = adviceText({ code: "disk.on_fire", values: {} }, adminEn);
    assert.match(`${title} ${why}`, /disk\.on_fire/);
    assert.notEqual(action, "");
  });

  it("count one as one", () => {
    const title = (count: number) => adviceText({ code: "jobs.failed", values: { count } }, adminEn).title;
    assert.deepEqual([title(1), title(2)], ["1 job failed", "2 jobs failed"]);
  });
});

describe("the summary of the overview", () => {
  it("counts what must be seen to, without suggestions", () => {
    const advice = [
      { code: "reports.old", severity: "warning" },
      { code: "storage.full_soon", severity: "error" },
      { code: "mail.none", severity: "info" },
    ] as const;
    assert.deepEqual(summaryOf(advice), { isRunning: true, attention: 2 });
    assert.deepEqual(summaryOf([]), { isRunning: true, attention: 0 });
    assert.deepEqual(summaryOf([{ code: "service.away", severity: "error" }]), { isRunning: false, attention: 1 });
  });
});
