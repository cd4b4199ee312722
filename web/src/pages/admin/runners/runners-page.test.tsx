import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor, within } from "@testing-library/react";
import type { Runner, RunnerRegistration } from "#base/api/types.ts";
import { showPage } from "#testing/page.tsx";
import { RunnersPage } from "./runners-page.tsx";

describe("the page of runners", () => {
  it("shows the command that starts one while there is none", async () => {
    const { findByRole, findByText, getByText } = await show([]);
    await findByRole("heading", { name: "No runners yet" });
    await findByText("A runner is another machine that transcodes for this site, over HTTPS.");
    assert.ok(getByText(/^KINORA_RUNNER_URL=http:\/\/kinora\.test KINORA_RUNNER_TOKEN=kreg_… npm run runner$/));
  });

  it("shows each runner with its state, its job and its counts", async () => {
    const job = { id: 9, kind: "ladder", media_id: 4, progress: 42, started_at: new Date().toISOString() } as const;
    const { findByText, getByRole } = await show([
      runnerOf("cellar", { jobs: [job], jobs_done: 12, jobs_failed: 1 }),
      runnerOf("attic", { is_present: false }),
      runnerOf("garage", { is_enabled: false }),
    ]);
    await findByText("1 of 3 runners are here. 1 job is under way.");
    const rows = [...getByRole("list", { name: "Runners" }).children] as HTMLElement[];
    for (const [n, texts] of [
      ["Here", "Renditions", "42%", "12", "/ 1"],
      ["Away", "None"],
      ["Off", "None"],
    ].entries())
      for (const text of texts) assert.ok(within(rows[n] ?? document.body).getByText(text), text);
  });

  it("switches a runner off, and removes one after a question", async () => {
    const asked: string[] = [];
    const { user, findByRole } = await show([runnerOf("cellar")], {
      "PUT /api/v1/admin/runners/1": ({ body }) => {
        asked.push(`switch ${JSON.stringify(body)}`);
        return runnerOf("cellar", { is_enabled: false });
      },
      "DELETE /api/v1/admin/runners/1": () => {
        asked.push("remove");
        return {};
      },
    });
    await user.click(await findByRole("switch", { name: "cellar takes jobs" }));
    await waitFor(() => assert.deepEqual(asked, ['switch {"is_enabled":false}']));
    await user.click(await findByRole("button", { name: "Remove cellar" }));
    assert.equal(asked.length, 1);
    await user.click(await findByRole("button", { name: "Remove" }));
    await waitFor(() => assert.equal(asked[1], "remove"));
  });

  it("shows a new token once, in the command that uses it, and revokes it after a question", async () => {
    const asked: string[] = [];
    const registration = registrationOf("cellar");
    const { user, findByRole, findByText, getAllByRole } = await show(
      [],
      {
        "POST /api/v1/admin/runner-registrations": () => ({ ...registration, token: "kreg_5_secret" }),
        "DELETE /api/v1/admin/runner-registrations/5": () => {
          asked.push("revoke");
          return {};
        },
      },
      [registration],
    );
    await user.click(await findByRole("button", { name: "Make a token" }));
    await findByText(/KINORA_RUNNER_TOKEN=kreg_5_secret /);
    await user.click(getAllByRole("button", { name: "Copy: Command" })[1] ?? document.body);
    assert.match(await navigator.clipboard.readText(), /KINORA_RUNNER_TOKEN=kreg_5_secret npm run runner$/);
    await user.click(await findByRole("button", { name: "Revoke cellar" }));
    await user.click(await findByRole("button", { name: "Revoke" }));
    await waitFor(() => assert.deepEqual(asked, ["revoke"]));
  });

  it("is for administrators alone", async () => {
    const { findByText } = await showPage(<RunnersPage />, {
      me: { role: "moderator" },
      texts: ["admin"],
      answers: { "GET /api/v1/admin/runners": () => assert.fail("it is not asked") },
    });
    await waitFor(() => findByText(/not found/i));
  });
});

const now = new Date().toISOString();

const runnerOf = (name: string, parts: Partial<Runner> = {}): Runner => ({
  id: name === "cellar" ? 1 : name.length,
  name,
  description: "",
  is_enabled: true,
  version: "1.5.0",
  created_at: now,
  seen_at: now,
  address: "198.51.100.7",
  is_present: true,
  jobs_done: 0,
  jobs_failed: 0,
  jobs: [],
  ...parts,
});

const registrationOf = (label: string): RunnerRegistration => ({
  id: 5,
  label,
  created_at: now,
  used_at: null,
  runners: 0,
});

type Answers = NonNullable<Parameters<typeof showPage>[1]>["answers"];

const show = (runners: readonly Runner[], answers: Answers = {}, registrations: readonly RunnerRegistration[] = []) =>
  showPage(<RunnersPage />, {
    me: { role: "admin" },
    texts: ["admin"],
    answers: {
      "GET /api/v1/admin/runners": () => ({ list: runners }),
      "GET /api/v1/admin/runner-registrations": () => ({ list: registrations }),
      ...answers,
    },
  });
