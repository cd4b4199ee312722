import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import type { Invitation, User } from "#base/api/types.ts";
import { showPage } from "#testing/page.tsx";
import { Invitations } from "./invitations.tsx";

describe("the list of invitations", () => {
  it("names who invited whom, the uses and the end, and ends an open one after a question", async () => {
    const ended: string[] = [];
    const { user, findByText, findByRole, getByText, queryByRole } = await show("moderator", {
      list: [
        invitationOf({ id: 1, note: "Film club", user: noor, accounts: [mira], uses: 5, used: 1 }),
        invitationOf({ id: 2, note: "Old", user: noor, expires_at: new Date(0).toISOString() }),
      ],
      answers: {
        "DELETE /api/v1/auth/invitations/1": () => {
          ended.push("1");
          return {};
        },
      },
    });
    await findByText(/^1 of 5 used · until /);
    await findByText("@mira");
    assert.ok(getByText(/^0 of 1 used · ended /));
    assert.equal(queryByRole("button", { name: "End: Old" }), null);
    await user.click(await findByRole("button", { name: "End: Film club" }));
    assert.deepEqual(ended, []);
    await user.click(await findByRole("button", { name: "End" }));
    await waitFor(() => assert.deepEqual(ended, ["1"]));
  });

  it("makes one, and shows its link once; only moderators can let people skip the approval", async () => {
    const sent: unknown[] = [];
    const { user, findByRole, getByRole, getByLabelText, findByText, queryByRole } = await show("user", {
      list: [],
      answers: {
        "POST /api/v1/auth/invitations": ({ body }) => {
          sent.push(body);
          return { ...invitationOf({}), code: "abc", url: "https://n.example/signup?invitation=abc" };
        },
      },
    });
    await findByRole("heading", { name: "No invitations" });
    await user.click(getByRole("button", { name: "New invitation" }));
    await user.type(await findByRole("textbox", { name: "Note" }), "Bring the films");
    assert.equal(queryByRole("switch"), null);
    await user.type(getByLabelText(/^Only for this e-mail address/), "mira@post.example");
    await user.click(getByRole("button", { name: "Create invitation" }));
    await findByText("https://n.example/signup?invitation=abc");
    assert.deepEqual(sent, [{ uses: 1, expires_in_days: 14, note: "Bring the films", email: "mira@post.example" }]);
  });
});

const person = (id: number, username: string) => ({ id, username, nickname: "", avatar: "", is_followed: false });
const noor = person(8, "noor");
const mira = person(9, "mira");

const invitationOf = (parts: Partial<Invitation>): Invitation => ({
  id: 3,
  note: "",
  email: "",
  uses: 1,
  used: 0,
  skips_approval: false,
  created_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 86_400_000).toISOString(),
  user: null,
  accounts: [],
  ...parts,
});

interface Shown {
  list: readonly Invitation[];
  answers: NonNullable<Parameters<typeof showPage>[1]>["answers"];
}
const show = (role: User["role"], { list, answers }: Shown) =>
  showPage(<Invitations me={{ id: 7, role } as User} />, {
    me: { role },
    texts: ["invitations"],
    answers: { "GET /api/v1/auth/invitations": () => ({ list, next_cursor: null, total: list.length }), ...answers },
  });
