import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { act, waitFor } from "@testing-library/react";
import { databases } from "#testing/database.ts";
import { showPage } from "#testing/page.tsx";
import { UploadServer } from "#testing/upload-server.ts";
import { publish } from "./publication.ts";
import { cancelItems } from "./queue/queue.ts";
import { UploadTray } from "./upload-tray.tsx";
import { changeDraft, uploadOf } from "./upload-state.ts";
import { addFiles } from "./upload-store.ts";

const server = new UploadServer();
let putBack = () => undefined as void;

describe("the uploads of videos", () => {
  before(() => {
    databases.install();
    putBack = server.install();
  });
  after(() => putBack());

  it("publishes a video once its file is there, where that was asked for before", async () => {
    const bodies: unknown[] = [];
    server.isOpen = false;
    const { findByRole } = await showPage(<UploadTray />, {
      me: {},
      texts: ["files", "library"],
      answers: {
        "POST /api/v1/videos": ({ body }) => {
          bodies.push(body);
          return { id: 12 };
        },
      },
    });
    const file = new File([new Uint8Array(7)], "my_sea.mp4", { type: "video/mp4" });
    const key = (await act(() => addFiles([{ file, handle: null }]))) ?? "";
    act(() => changeDraft(key, { visibility: "password", password: "hush" }));
    act(() => publish(key));
    assert.equal((await findByRole("link")).textContent, "Uploading 1 video · 0 %");
    await waitFor(() => assert.match(JSON.stringify(stored()), /"publish":"wanted"/));
    assert.doesNotMatch(JSON.stringify(stored()), /hush/);
    await act(async () => server.open());
    await waitFor(() => assert.equal(uploadOf(key)?.details.videoId, 12));
    const body = bodies[0] as { title: string; media_id: number; password: string };
    assert.deepEqual([bodies.length, body.title, body.media_id, body.password], [1, "my sea", 7, "hush"]);
    await waitFor(() => assert.deepEqual(stored(), []));
    act(() => cancelItems([key]));
  });
});

const stored = () => databases.records("kinora-queue", "items");
