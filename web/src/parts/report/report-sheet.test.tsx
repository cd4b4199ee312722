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

  it("sends the reason that was chosen, once when its button is pressed twice", async () => {
    const bodies: unknown[] = [];
    const answer = Promise.withResolvers<unknown>();
    const { user, getByRole, findByRole, findByText } = await showPage(
      <ReportSheet thing={thing} onClose={() => undefined} />,
      {
        me: {},
        texts: ["admin"],
        answers: {
          [request]: ({ body }) => {
            bodies.push(body);
            return answer.promise;
          },
        },
      },
    );
    await user.click(getByRole("button", { name: /What is wrong with it/ }));
    await user.click(await findByRole("option", { name: "Harassment or bullying" }));
    await user.dblClick(getByRole("button", { name: "Send report" }));
    answer.resolve({});
    await findByText("Thank you");
    assert.deepEqual(bodies, [{ ...thing, reason: "harassment", text: "" }]);
  });

  it("cannot be sent with more words than a report may have", async () => {
    const { user, getByRole } = await showPage(<ReportSheet thing={thing} onClose={() => undefined} />, {
      me: {},
      texts: ["admin"],
    });
    await user.click(getByRole("textbox"));
    await user.paste("x".repeat(1_001));
    assert.ok((getByRole("button", { name: "Send report" }) as HTMLButtonElement).disabled);
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
