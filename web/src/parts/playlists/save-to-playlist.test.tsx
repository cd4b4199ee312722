import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { Refusal, showPage } from "#testing/page.tsx";
import { videoOf } from "#testing/videos.ts";
import { SaveToPlaylist } from "./save-to-playlist.tsx";

const add = "POST /api/v1/playlists/3/items";
const remove = "DELETE /api/v1/playlists/3/items/7";
const playlist = { id: 3, user_id: 1, title: "Forests", description: "", visibility: "public", is_mine: true };

const show = (answers: NonNullable<Parameters<typeof showPage>[1]>["answers"], playlists: unknown[] = [playlist]) =>
  showPage(<SaveToPlaylist video={videoOf()} onClose={() => undefined} />, {
    me: { id: 1 },
    texts: ["files", "library"],
    answers: { "GET /api/v1/users/1/playlists": () => ({ list: playlists, next_cursor: null }), ...answers },
  });

describe("the sheet that adds a video to playlists", () => {
  it("adds the video by the button of a playlist, and removes it by the same button", async () => {
    const { user, findByRole, findByText, requests } = await show({
      [add]: () => ({ added: true }),
      [remove]: () => ({}),
    });
    const button = await findByRole("button", { name: "Forests" });
    await user.click(button);
    await findByText("Added to “Forests”");
    assert.equal(button.getAttribute("aria-pressed"), "true");
    await user.click(button);
    await waitFor(() => assert.ok(requests.includes(remove)));
    assert.equal(button.getAttribute("aria-pressed"), "false");
  });

  it("says that the video was there before", async () => {
    const { user, findByRole, findByText } = await show({ [add]: () => ({ added: false }) });
    await user.click(await findByRole("button", { name: "Forests" }));
    await findByText(/already in “Forests”/);
  });

  it("takes the mark away again when the server refuses", async () => {
    const { user, findByRole } = await show({ [add]: () => new Refusal(409, "playlist.full") });
    const button = await findByRole("button", { name: "Forests" });
    await user.click(button);
    await waitFor(() => assert.equal(document.querySelectorAll("[data-toast]").length, 1));
    assert.equal(button.getAttribute("aria-pressed"), "false");
  });

  it("makes a playlist with a name, and adds the video to it", async () => {
    const bodies: unknown[] = [];
    const playlists: unknown[] = [];
    const { user, findByRole, findByText, getByRole, requests } = await show(
      {
        "POST /api/v1/playlists": ({ body }) => {
          bodies.push(body);
          playlists.push(playlist);
          return playlist;
        },
        [add]: () => ({ added: true }),
      },
      playlists,
    );
    await user.click(await findByRole("button", { name: "New playlist" }));
    await user.click(getByRole("button", { name: "Make playlist" }));
    await findByText("Give it a name.");
    assert.ok(!requests.includes("POST /api/v1/playlists"));
    await user.type(getByRole("textbox", { name: /Name/ }), " Forests {Enter}");
    await findByText("Added to “Forests”");
    assert.deepEqual(bodies, [{ title: "Forests", description: "", visibility: "public" }]);
    const button = await findByRole("button", { name: "Forests" });
    assert.equal(button.getAttribute("aria-pressed"), "true");
  });
});
