import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Refusal, showPage } from "#testing/page.tsx";
import { ReportSheet } from "./report-sheet.tsx";

const request = "POST /api/v1/reports";
const thing = { kind: "video", id: 7 } as const;

describe("the sheet that reports a video", () => {
  it("sends the reason and the words, and says what comes next", async () => {
    const bodies: unknown[] = [];
    const { user, getByRole, findByText } = await showPage(<ReportSheet thing={thing} onClose={() => undefined} />, {
      me: {},
      texts: ["admin"],
      answers: { [request]: ({ body }) => bodies.push(body) },
    });
    await user.type(getByRole("textbox"), "It is an advertisement");
    await user.click(getByRole("button", { name: "Send report" }));
    await findByText("Thank you");
    assert.deepEqual(bodies, [{ ...thing, reason: "spam", text: "It is an advertisement" }]);
    assert.ok(getByRole("link", { name: "My reports" }));
  });

  it("keeps the words when the report was not taken", async () => {
    const { user, getByRole, findByRole } = await showPage(<ReportSheet thing={thing} onClose={() => undefined} />, {
      me: {},
      texts: ["admin"],
      answers: { [request]: () => new Refusal(429, "kernel.rate_limited") },
    });
    await user.type(getByRole("textbox"), "Why");
    await user.click(getByRole("button", { name: "Send report" }));
    await findByRole("alert");
    assert.equal((getByRole("textbox") as HTMLTextAreaElement).value, "Why");
  });
});
