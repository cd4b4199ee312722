import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import type { RegistrationRules } from "#base/api/types.ts";
import { showPage } from "#testing/page.tsx";
import { SignUpPage } from "./sign-up-page.tsx";

describe("the page of how people sign up", () => {
  it("sends the rules that were changed, and those alone", async () => {
    const { user, findByRole, getByRole, getByLabelText, changes } = await show({ hasMail: true });
    await user.click(await findByRole("radio", { name: /^People with an invitation/ }));
    await user.click(getByRole("radio", { name: /^Required/ }));
    await user.click(getByRole("switch", { name: /^Everybody may invite/ }));
    await user.type(getByLabelText("Only addresses of these domains"), "@School.example, art.example");
    await user.click(getByRole("button", { name: "Save" }));
    await waitFor(() => assert.equal(changes.length, 1));
    assert.deepEqual(changes, [
      {
        registration: "invitation",
        email: "required",
        users_invite: true,
        domains_allowed: ["school.example", "art.example"],
      },
    ]);
    await waitFor(() => assert.ok(getByRole("button", { name: "Save" }).hasAttribute("disabled")));
  });

  it("adds the domains of a file to those that are there, and keeps what is no domain out", async () => {
    const { user, container, findByLabelText, getByLabelText, getByRole, findByText, changes } = await show({
      hasMail: true,
    });
    await user.type(await findByLabelText("No addresses of these domains"), "a.example");
    const [, input] = container.querySelectorAll<HTMLInputElement>("input[type=file]");
    assert.ok(input);
    await user.upload(input, new File(["# throw-away\na.example\nb.example\n"], "denied.txt", { type: "text/plain" }));
    await findByText("2 domains. Subdomains count too.");
    await user.type(getByLabelText("No addresses of these domains"), " localhost");
    await findByText("This is not a domain: localhost");
    await user.click(getByRole("button", { name: "Save" }));
    assert.deepEqual(changes, []);
  });

  it("offers no required address where there is no mail server, and says why", async () => {
    const { findByText, queryByRole } = await show({ hasMail: false });
    await findByText(/once a mail server is set up/);
    assert.equal(queryByRole("radio", { name: /^Required/ }), null);
  });
});

async function show({ hasMail }: { hasMail: boolean }) {
  const changes: unknown[] = [];
  let rules: RegistrationRules = {
    registration: "open",
    email: "optional",
    users_invite: false,
    work_bits: 0,
    domains_allowed: [],
    domains_denied: [],
  };
  const page = await showPage(<SignUpPage />, {
    me: { role: "admin" },
    texts: ["admin", "site"],
    answers: {
      "GET /api/v1/instance": () => ({ name: "Northlight", features: hasMail ? ["mail"] : [] }),
      "GET /api/v1/admin/registration": () => rules,
      "PUT /api/v1/admin/registration": ({ body }) => {
        changes.push(body);
        rules = { ...rules, ...(body as Partial<RegistrationRules>) };
        return rules;
      },
    },
  });
  return { ...page, changes };
}
