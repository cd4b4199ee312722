import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { databases } from "#testing/database.ts";
import { showPage } from "#testing/page.tsx";
import { UploadServer } from "#testing/upload-server.ts";
import { videoOf } from "#testing/videos.ts";
import { FileEditor } from "./file-editor.tsx";

const video = videoOf({ media_id: 0, replacement: null, file_size: 7 });
const server = new UploadServer();
let putBack = () => undefined as void;

describe("the file of a video", () => {
  before(() => {
    databases.install();
    putBack = server.install();
  });
  after(() => putBack());

  it("is replaced by one that was sent, and stays where the sending was cancelled", async () => {
    server.isOpen = false;
    const { user, findByLabelText, findByRole, requests, queryByRole } = await showPage(<FileEditor video={video} />, {
      me: {},
      texts: ["files", "library"],
      answers: { "PUT /api/v1/videos/7/media": () => video },
    });
    const file = new File([new Uint8Array(7)], "new.mp4", { type: "video/mp4" });
    await user.upload(await findByLabelText("Replace the file"), file);
    await user.click(await findByRole("button", { name: "Cancel" }));
    await waitFor(() => assert.equal(server.waiting.size, 0));
    assert.equal(requests.length, 0);
    await user.upload(await findByLabelText("Replace the file"), file);
    await findByRole("progressbar", { name: "Sending new.mp4" });
    server.open();
    await waitFor(() => assert.ok(requests.includes("PUT /api/v1/videos/7/media")));
    await waitFor(() => assert.ok(queryByRole("progressbar") === null));
    // The next file takes the place of the one that was sent.
    await user.upload(await findByLabelText("Replace the file"), file);
    await waitFor(() => assert.equal(requests.length, 2));
  });
});
