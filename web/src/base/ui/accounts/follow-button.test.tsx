import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { act, waitFor } from "@testing-library/react";
import { useQuery } from "@tanstack/react-query";
import { Refusal, showPage } from "#testing/page.tsx";
import { userNamed } from "#testing/videos.ts";
import { keyOf } from "#base/api/keys.ts";
import { settleLogIn, useLogInRequest } from "#base/api/log-in-request.ts";
import { queryClient } from "#base/api/query-client.ts";
import { FollowButton } from "./follow-button.tsx";

/** The button as a profile has it: its user is a query. */
function Profile() {
  const { data } = useQuery({
    queryKey: keyOf("user", "noor"),
    queryFn: () => userNamed("noor"),
    initialData: userNamed("noor"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <FollowButton user={data} />;
}
const isFollowed = () => queryClient.getQueryData<{ is_followed: boolean }>(keyOf("user", "noor"))?.is_followed;

describe("the button that follows a user", () => {
  it("follows before the server has answered", async () => {
    const answer = Promise.withResolvers<unknown>();
    const { user, getByRole } = await showPage(<Profile />, {
      me: {},
      answers: { "POST /api/v1/users/2/follow": () => answer.promise },
    });
    const button = getByRole("button");
    await user.click(button);
    assert.equal(button.getAttribute("aria-pressed"), "true");
    answer.resolve({});
    await waitFor(() => assert.equal(isFollowed(), true));
  });

  it("shows that one waits where the user approves followers, and withdraws the request", async () => {
    const { user, getByRole, findByRole, requests } = await showPage(<Profile />, {
      me: {},
      answers: {
        "POST /api/v1/users/2/follow": () => ({ following: false, requested: true }),
        "DELETE /api/v1/users/2/follow": () => ({ following: false }),
      },
    });
    await user.click(getByRole("button", { name: "Follow" }));
    const button = await findByRole("button", { name: "Requested" });
    assert.equal(isFollowed(), false);
    assert.equal(button.getAttribute("aria-pressed"), "true");
    await user.click(button);
    await findByRole("button", { name: "Follow" });
    assert.deepEqual(requests, ["POST /api/v1/users/2/follow", "DELETE /api/v1/users/2/follow"]);
  });

  it("takes it back when the server refuses, and says why", async () => {
    const { user, getByRole } = await showPage(<Profile />, {
      me: {},
      answers: { "POST /api/v1/users/2/follow": () => new Refusal(403, "relation.blocked") },
    });
    const button = getByRole("button");
    await user.click(button);
    await waitFor(() => assert.equal(button.getAttribute("aria-pressed"), "false"));
    assert.ok(document.querySelector("[data-toast]") !== null);
  });

  it("unfollows a user who is followed", async () => {
    const { user, getByRole, requests } = await showPage(
      <FollowButton user={userNamed("noor", { is_followed: true })} />,
      {
        me: {},
        answers: { "DELETE /api/v1/users/2/follow": () => ({}) },
      },
    );
    const button = getByRole("button", { name: "Following" });
    assert.equal(button.getAttribute("aria-pressed"), "true");
    await user.click(button);
    await waitFor(() => assert.deepEqual(requests, ["DELETE /api/v1/users/2/follow"]));
  });

  it("asks a visitor to log in first, and follows once they have", async () => {
    const Why = () => <p role="note">{useLogInRequest()?.why}</p>;
    const { user, getByRole, requests } = await showPage(
      <>
        <Profile />
        <Why />
      </>,
      { answers: { "POST /api/v1/users/2/follow": () => ({}) } },
    );
    await user.click(getByRole("button", { name: "Follow" }));
    assert.equal(getByRole("note").textContent, "Log in to follow people");
    assert.deepEqual(requests, []);
    await act(async () => settleLogIn(true));
    await waitFor(() => assert.deepEqual(requests, ["POST /api/v1/users/2/follow"]));
  });

  it("is not there for oneself", async () => {
    const { queryByRole } = await showPage(<FollowButton user={userNamed("mira", { id: 1 })} />, { me: { id: 1 } });
    assert.ok(queryByRole("button") === null);
  });
});
