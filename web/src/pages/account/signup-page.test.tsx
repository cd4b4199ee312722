import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { Refusal, showPage } from "#testing/page.tsx";
import { SignupForm } from "./signup-page.tsx";

describe("the page of signing up", () => {
  it("shows who invites with their note, and sends the code with the account", async () => {
    const sent: unknown[] = [];
    const { user, findByText, getByLabelText, getByRole } = await show("invitation", {
      invitation: "abc",
      answers: {
        "POST /api/v1/auth/invitations/check": ({ body }) => {
          assert.deepEqual(body, { code: "abc" });
          return { valid: true, instance: "Northlight", note: "Bring the films", inviter };
        },
        "GET /api/v1/users/by-name/mina": () => new Refusal(404, "user.not_found"),
        "POST /api/v1/users/register": ({ body }) => {
          sent.push(body);
          return { user: { id: 9, username: "mina", nickname: "" } };
        },
      },
    });
    await findByText("Aiko Tanabe invited you");
    await findByText("“Bring the films”");
    await user.type(getByLabelText("Username"), "mina");
    await user.type(getByLabelText("Password"), "correct horse");
    await user.click(getByRole("button", { name: "Create account" }));
    await waitFor(() => assert.equal(sent.length, 1));
    assert.deepEqual(sent, [{ username: "mina", password: "correct horse", invitation: "abc", strict: true }]);
  });

  it("asks for an address as the rule says, and shows at its field why one is refused", async () => {
    const page = await show("open", { rule: "off" });
    await page.findByLabelText("Username");
    assert.equal(page.queryByLabelText(/^E-mail/), null);
    const { user, findByLabelText, findByText, getByLabelText, getByRole } = await show("open", {
      rule: "required",
      answers: {
        "GET /api/v1/users/by-name/mina": () => new Refusal(404, "user.not_found"),
        "POST /api/v1/users/register": () => new Refusal(403, "auth.domain_denied"),
      },
    });
    const address = await findByLabelText("E-mail");
    assert.equal(address.getAttribute("aria-required"), "true");
    await findByText("We send one link to confirm it. Open it within 7 days.");
    await user.type(getByLabelText("Username"), "mina");
    await user.type(address, "mina@post.example");
    await user.type(getByLabelText("Password"), "correct horse");
    await user.click(getByRole("button", { name: "Create account" }));
    await findByText("Addresses of this provider cannot be used here. Try another one.");
    assert.equal(address.getAttribute("aria-invalid"), "true");
  });

  it("says that an invitation is needed, and that one is over", async () => {
    const page = await show("invitation", {});
    await page.findByRole("heading", { name: "You need an invitation" });
    const over = { valid: false, instance: "Northlight", note: "", inviter: null };
    const other = await show("invitation", {
      invitation: "old",
      answers: { "POST /api/v1/auth/invitations/check": () => over },
    });
    await other.findByRole("heading", { name: "You need an invitation" });
    await other.findByText("This invitation was used or has expired. Ask for a new one.");
  });
});

const inviter = { id: 4, username: "aiko", nickname: "Aiko Tanabe", avatar: "", is_followed: false };

const show = (
  registration: string,
  {
    invitation,
    rule = "optional",
    answers = {},
  }: { invitation?: string; rule?: string; answers?: NonNullable<Parameters<typeof showPage>[1]>["answers"] },
) =>
  showPage(<SignupForm next={undefined} invitation={invitation} />, {
    texts: ["account"],
    answers: {
      "GET /api/v1/instance": () => ({ name: "Northlight", registration, sign_up_email: rule, features: [] }),
      ...answers,
    },
  });
