import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { Refusal, showPage } from "#testing/page.tsx";
import { videoOf } from "#testing/videos.ts";
import { ChooseFolder } from "./choose-folder.tsx";

const favorite = "POST /api/v1/videos/7/favorite";
const folders = [
  { id: 4, name: "Trees", is_public: true },
  { id: 5, name: "Secrets", is_public: false },
];

async function show(answer: (body: unknown) => unknown) {
  let closes = 0;
  const page = await showPage(<ChooseFolder video={videoOf()} onClose={() => (closes += 1)} />, {
    me: { id: 1 },
    texts: ["library"],
    answers: {
      "GET /api/v1/users/1/favorite-folders": () => ({ list: folders, next_cursor: null }),
      "GET /api/v1/users/me/favorites": () => ({ list: [{ id: 7, folder_id: 5 }], next_cursor: null }),
      [favorite]: ({ body }) => answer(body),
    },
  });
  return { ...page, closes: () => closes };
}

describe("the sheet that chooses the folder of a saved video", () => {
  it("marks the folder that the video is in, and says which are private", async () => {
    const { findByRole, getByRole } = await show(() => ({}));
    const current = await findByRole("button", { name: /Secrets/ });
    assert.equal(current.getAttribute("aria-pressed"), "true");
    assert.match(current.textContent, /Private/);
    assert.equal(getByRole("button", { name: "Trees" }).getAttribute("aria-pressed"), "false");
  });

  it("moves the video, says where it is now, and closes", async () => {
    const bodies: unknown[] = [];
    const { user, findByRole, findByText, closes } = await show((body) => {
      bodies.push(body);
      return { favorited: true, favorite_count: 1 };
    });
    await user.click(await findByRole("button", { name: "Trees" }));
    await findByText("Saved in “Trees”");
    await user.click(await findByRole("button", { name: "No folder" }));
    await findByText("Saved in no folder");
    assert.deepEqual(bodies, [{ folder_id: 4 }, {}]);
    assert.equal(closes(), 2);
  });

  it("stays open when the server refuses", async () => {
    const { user, findByRole, closes } = await show(() => new Refusal(404, "favorite.folder_not_found"));
    await user.click(await findByRole("button", { name: "Trees" }));
    await waitFor(() => assert.equal(document.querySelectorAll("[data-toast]").length, 1));
    assert.equal(closes(), 0);
  });
});
