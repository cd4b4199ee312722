import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { act, waitFor, within } from "@testing-library/react";
import { Refusal, showPage, type TestPage } from "#testing/page.tsx";
import { commentOf, videoOf } from "#testing/videos.ts";
import { Comments } from "./comments.tsx";

const video = videoOf({ allow_comment: true, comment_count: 1, is_mine: false });
const list = "GET /api/v1/videos/7/comments";
const remove = "DELETE /api/v1/comments/10";
const page = (...comments: unknown[]) => ({ list: comments, next_cursor: null });

const show = (part: Parameters<typeof commentOf>[0], answers: Parameters<typeof showPage>[1] = {}) =>
  showPage(<Comments video={video} linked={undefined} onSeek={() => undefined} />, {
    me: {},
    ...answers,
    answers: { [list]: () => page(commentOf(part)), ...answers.answers },
  });

/** Deletes the comment by its menu. */
async function deleteComment({ user, findByRole }: TestPage): Promise<void> {
  await user.click(await findByRole("button", { name: "More for the comment of noor" }));
  await user.click(await findByRole("menuitem", { name: "Delete" }));
}

/** Leaves the page, as a browser reports it. */
const leave = () => act(async () => void window.dispatchEvent(new Event("pagehide")));

describe("the comments of a video", () => {
  it("show a comment above the others once it was sent", async () => {
    const { user, findByText, getByRole, getAllByRole } = await show(
      { content: "An older one" },
      { answers: { "POST /api/v1/videos/7/comments": () => commentOf({ id: 11, content: "Well said" }) } },
    );
    await findByText("An older one");
    await user.type(getByRole("textbox"), "Well said{Enter}");
    await findByText("Well said");
    const texts = getAllByRole("listitem").map((row) => row.textContent);
    assert.equal(texts.length, 2);
    assert.match(texts[0] ?? "", /Well said/);
  });

  it("send a reply with the comment that it answers, and open its thread", async () => {
    const bodies: unknown[] = [];
    const reply = commentOf({ id: 12, root_id: 10, parent_id: 10, content: "I agree" });
    const { user, findByRole, findByText, getByRole } = await show(
      {},
      {
        answers: {
          "POST /api/v1/videos/7/comments": ({ body }) => {
            bodies.push(body);
            return reply;
          },
          "GET /api/v1/comments/10/replies": () => page(reply),
        },
      },
    );
    await user.click(await findByRole("button", { name: "Reply" }));
    await user.type(getByRole("textbox", { name: /noor/ }), "I agree{Enter}");
    await findByText("I agree");
    assert.deepEqual(bodies, [{ content: "I agree", parent_id: 10 }]);
    getByRole("button", { name: "Hide replies" });
  });

  it("hide a deleted comment, and show it again after an undo, without a request", async () => {
    const shown = await show({ is_mine: true, content: "A slip" });
    await deleteComment(shown);
    await waitFor(() => assert.ok(shown.queryByText("A slip") === null));
    await shown.user.click(shown.getByRole("button", { name: "Undo" }));
    await shown.findByText("A slip");
    await leave();
    assert.deepEqual(
      shown.requests.filter((request) => request === remove),
      [],
    );
  });

  it("delete it on the server when the page is left", async () => {
    const shown = await show({ is_mine: true, content: "A slip" }, { answers: { [remove]: () => ({}) } });
    await deleteComment(shown);
    await leave();
    await waitFor(() => assert.ok(shown.requests.includes(remove)));
    assert.ok(shown.queryByText("A slip") === null);
  });

  it("show a comment again that could not be deleted, and say why", async () => {
    const answers = { [remove]: () => new Refusal(403, "interaction.not_yours") };
    const shown = await show({ is_mine: true, content: "A slip" }, { answers });
    await deleteComment(shown);
    await leave();
    await shown.findByText("A slip");
    await shown.findByText(/could not be deleted/);
  });

  it("like a comment before the server has answered, and take it back when it refuses", async () => {
    const answer = Promise.withResolvers<unknown>();
    const { user, findByRole } = await show(
      { like_count: 4 },
      { answers: { "POST /api/v1/comments/10/like": () => answer.promise } },
    );
    const like = await findByRole("button", { name: "Like this comment" });
    await user.click(like);
    assert.equal(like.getAttribute("aria-pressed"), "true");
    answer.resolve(new Refusal(403, "interaction.not_allowed"));
    await waitFor(() => assert.equal(like.getAttribute("aria-pressed"), "false"));
  });

  it("offer the owner of the video to pin a comment and to delete it, and others to report it", async () => {
    const owner = await showPage(
      <Comments video={{ ...video, is_mine: true }} linked={undefined} onSeek={() => undefined} />,
      { me: {}, answers: { [list]: () => page(commentOf()) } },
    );
    await owner.user.click(await owner.findByRole("button", { name: "More for the comment of noor" }));
    const menu = within(await owner.findByRole("menu"));
    assert.deepEqual(
      menu.getAllByRole("menuitem").map((item) => item.textContent),
      ["Pin", "Report", "Delete"],
    );
    const viewer = await show({});
    await viewer.user.click(await viewer.findByRole("button", { name: "More for the comment of noor" }));
    assert.deepEqual(
      (await viewer.findAllByRole("menuitem")).map((item) => item.textContent),
      ["Report"],
    );
  });
});
