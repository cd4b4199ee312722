import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { Refusal, showPage } from "#testing/page.tsx";
import { videoOf } from "#testing/videos.ts";
import { CommentForm } from "./comment-form.tsx";

const request = "POST /api/v1/videos/7/comments";
const comment = { id: 1, video_id: 7, root_id: 1, content: "Well said", is_held: false };

describe("the form for a comment", () => {
  it("sends what was typed by Enter, and is empty after that", async () => {
    const bodies: unknown[] = [];
    const { user, getByRole } = await showPage(<CommentForm video={videoOf()} />, {
      me: {},
      answers: {
        [request]: ({ body }) => {
          bodies.push(body);
          return comment;
        },
      },
    });
    const field = getByRole("textbox") as HTMLTextAreaElement;
    await user.type(field, "Well said{Enter}");
    await waitFor(() => assert.equal(field.value, ""));
    assert.deepEqual(bodies, [{ content: "Well said" }]);
  });

  it("keeps what was typed when it was refused, and sends it again under the same key", async () => {
    const keys: (string | null)[] = [];
    const { user, getByRole, findByRole } = await showPage(<CommentForm video={videoOf()} />, {
      me: {},
      answers: {
        [request]: ({ headers }) => {
          keys.push(headers.get("idempotency-key"));
          return keys.length === 1 ? new Refusal(503, "kernel.unavailable") : comment;
        },
      },
    });
    const field = getByRole("textbox") as HTMLTextAreaElement;
    await user.type(field, "Well said{Enter}");
    await findByRole("alert");
    assert.equal(field.value, "Well said");
    await user.type(field, "{Enter}");
    await waitFor(() => assert.equal(field.value, ""));
    assert.equal(new Set(keys).size, 1);
    assert.equal(keys.length, 2);
  });

  it("has no button for an empty comment, and says how much is too much", async () => {
    const { user, getByRole, findByRole } = await showPage(<CommentForm video={videoOf()} />, { me: {} });
    const send = getByRole("button", { name: "Send" }) as HTMLButtonElement;
    assert.ok(send.disabled);
    const field = getByRole("textbox");
    await user.click(field);
    await user.paste("x".repeat(1_003));
    assert.match((await findByRole("alert")).textContent, /3/);
    assert.ok(send.disabled);
  });

  it("offers a visitor to log in instead of a field", async () => {
    const { getByRole, queryByRole } = await showPage(<CommentForm video={videoOf()} />);
    assert.ok(getByRole("button", { name: "Log in" }));
    assert.ok(queryByRole("textbox") === null);
  });
});
