import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { act, waitFor } from "@testing-library/react";
import { databases } from "#testing/database.ts";
import { showPage } from "#testing/page.tsx";
import { UploadServer } from "#testing/upload-server.ts";
import { Tray } from "./tray.tsx";
import { enqueue } from "./uploads.ts";

const server = new UploadServer();
let putBack = () => undefined as void;

describe("the tray of files on their way to the drive", () => {
  before(() => {
    databases.install();
    putBack = server.install();
  });
  after(() => putBack());

  it("asks about a taken name, and pauses, resumes and finishes an upload", async () => {
    server.isOpen = false;
    const { user, findByRole, findByText, queryByText } = await showPage(<Tray />, {
      me: {},
      texts: ["files"],
      answers: { "GET /api/v1/drive": () => ({ list: [{ name: "Taken.txt" }], next_cursor: null }) },
    });
    const files = ["taken.txt", "long.txt"].map((name) => ({ file: fileOf(name), path: "", handle: null }));
    await act(() => enqueue({ files, emptyFolders: [] }, null));
    await user.click(await findByRole("button", { name: "Skip" }));
    await findByText(/Skipped/);
    await waitFor(() => assert.equal(server.waiting.size, 1));
    await user.click(await findByRole("button", { name: "Pause “long.txt”" }));
    await waitFor(() => assert.equal(server.waiting.size, 0));
    server.open();
    await user.click(await findByRole("button", { name: "Go on with “long.txt”" }));
    await waitFor(() => assert.ok(queryByText("2 uploads finished", { selector: "h2" }) !== null));
    assert.equal(server.requests.filter((request) => request.startsWith("POST")).length, 1);
    assert.equal(localStorage.getItem("kinora.queue"), "1");
    await user.click(await findByRole("button", { name: "Close" }));
    assert.equal(localStorage.getItem("kinora.queue"), null);
  });
});

/** A file that is sent in a request of its own after that which begins its upload. */
const fileOf = (name: string) => new File([new Uint8Array(300 * 1_024)], name);
