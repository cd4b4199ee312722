import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { showPage } from "#testing/page.tsx";
import { FollowRequestsPage } from "./follow-requests-page.tsx";

describe("the page of follow requests", () => {
  it("accepts and refuses those who wait, and says when there are none left", async () => {
    const answers: unknown[] = [];
    let waiting = [requestOf(8, "noor"), requestOf(9, "mira")];
    const { user, findByRole } = await showPage(<FollowRequestsPage />, {
      me: {},
      answers: {
        "GET /api/v1/users/me/follow-requests": () => ({ list: waiting, next_cursor: null, total: waiting.length }),
        "POST /api/v1/users/me/follow-requests/8": ({ body }) => {
          answers.push(["noor", body]);
          waiting = waiting.slice(1);
          return {};
        },
        "POST /api/v1/users/me/follow-requests/9": ({ body }) => {
          answers.push(["mira", body]);
          waiting = [];
          return {};
        },
      },
    });
    await user.click(await findByRole("button", { name: "Accept noor" }));
    await waitFor(() => assert.equal(answers.length, 1));
    await user.click(await findByRole("button", { name: "Refuse mira" }));
    await findByRole("heading", { name: "No requests" });
    assert.deepEqual(answers, [
      ["noor", { accept: true }],
      ["mira", { accept: false }],
    ]);
  });
});

const requestOf = (id: number, username: string) => ({
  user: { id, username, nickname: "", avatar: "", introduction: "" },
  created_at: new Date().toISOString(),
});
