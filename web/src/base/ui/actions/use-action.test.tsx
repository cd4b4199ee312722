import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { Refusal, showPage } from "#testing/page.tsx";
import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { errorsEn as texts } from "#base/i18n/en/errors-en.ts";
import { Button } from "../buttons/button.tsx";
import { Problem } from "../states/states.tsx";
import { useAction } from "./use-action.ts";

function Saver({ failure = "problem", onDone }: { failure?: "problem" | "toast"; onDone?: (isDone: boolean) => void }) {
  const { run, isBusy, problem } = useAction(
    () => ask("user.update", { path: { id: 1 }, body: { nickname: "Mira" } }),
    { failure, changes: [keyOf("sessions")] },
  );
  return (
    <>
      {problem !== null && <Problem>{problem}</Problem>}
      <Button isBusy={isBusy} onPress={() => void run().then(onDone)}>
        Save
      </Button>
    </>
  );
}
const request = "PUT /api/v1/users/1";

describe("an action", () => {
  it("runs once for two presses, and is busy for as long as it runs", async () => {
    const answer = Promise.withResolvers<unknown>();
    const { user, getByRole, requests } = await showPage(<Saver />, {
      me: {},
      answers: { [request]: () => answer.promise },
    });
    const button = getByRole("button", { name: /Save/ });
    await user.dblClick(button);
    assert.deepEqual(requests, [request]);
    assert.ok(button.querySelector(".animate-spin") !== null);
    answer.resolve({});
    await waitFor(() => assert.ok(button.querySelector(".animate-spin") === null));
  });

  it("says a failure in words where it was started, and forgets it at the next start", async () => {
    let isRefused = true;
    const { user, getByRole, findByRole, queryByRole } = await showPage(<Saver />, {
      me: {},
      answers: { [request]: () => (isRefused ? new Refusal(429, "kernel.too_fast") : {}) },
    });
    await user.click(getByRole("button"));
    const problem = await findByRole("alert");
    assert.match(problem.textContent, /[a-z]/);
    isRefused = false;
    await user.click(getByRole("button"));
    await waitFor(() => assert.ok(queryByRole("alert") === null));
  });

  it("says a failure in a toast where no form can show it", async () => {
    const { user, getByRole, findByText } = await showPage(<Saver failure="toast" />, {
      me: {},
      answers: { [request]: () => new Refusal(404, "user.not_found") },
    });
    await user.click(getByRole("button"));
    await findByText(texts["error.user.not_found"]);
  });

  it("asks again for what it changes, also after a failure", async () => {
    queryClient.setQueryData(keyOf("sessions"), { list: [] });
    const done: boolean[] = [];
    const { user, getByRole, findByRole } = await showPage(<Saver onDone={(isDone) => done.push(isDone)} />, {
      me: {},
      answers: { [request]: () => new Refusal(500, "kernel.internal") },
    });
    queryClient.setQueryData(keyOf("sessions"), { list: [] });
    await user.click(getByRole("button"));
    await findByRole("alert");
    assert.deepEqual(done, [false]);
    assert.equal(queryClient.getQueryState(keyOf("sessions"))?.isInvalidated, true);
  });
});
