import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { showPage } from "#testing/page.tsx";
import type { FavoriteFolder } from "#base/api/types.ts";
import { FolderForm } from "./folder-form.tsx";

describe("the form for a folder of favourites", () => {
  it("asks for a name before it sends anything", async () => {
    const { user, getByRole, getByText, requests } = await showPage(
      <FolderForm onDone={() => undefined} onCancel={() => undefined} />,
      { me: {}, texts: ["library"] },
    );
    await user.click(getByRole("button", { name: "Make folder" }));
    getByText("Give it a name.");
    assert.deepEqual(requests, []);
    await user.type(getByRole("textbox"), "Birds");
    assert.equal(document.body.textContent.includes("Give it a name."), false);
  });

  it("makes a folder that others do not see", async () => {
    const made: unknown[] = [];
    const bodies: unknown[] = [];
    const { user, getByRole } = await showPage(
      <FolderForm onDone={(folder) => made.push(folder)} onCancel={() => undefined} />,
      {
        me: {},
        texts: ["library"],
        answers: {
          "POST /api/v1/favorite-folders": ({ body }) => {
            bodies.push(body);
            return { id: 3 };
          },
        },
      },
    );
    await user.type(getByRole("textbox"), " Birds ");
    await user.click(getByRole("switch"));
    await user.click(getByRole("button", { name: "Make folder" }));
    await waitFor(() => assert.deepEqual(made, [{ id: 3, name: "Birds" }]));
    assert.deepEqual(bodies, [{ name: "Birds", is_public: false }]);
  });

  it("changes the name of a folder that is there", async () => {
    const folder = { id: 3, name: "Birds", is_public: true } as FavoriteFolder;
    const made: unknown[] = [];
    const { user, getByRole, requests } = await showPage(
      <FolderForm folder={folder} onDone={(changed) => made.push(changed)} onCancel={() => undefined} />,
      { me: {}, texts: ["library"], answers: { "PUT /api/v1/favorite-folders/3": () => folder } },
    );
    await user.type(getByRole("textbox"), " of prey");
    await user.click(getByRole("button", { name: "Save" }));
    await waitFor(() => assert.deepEqual(made, [{ id: 3, name: "Birds of prey" }]));
    assert.deepEqual(requests, ["PUT /api/v1/favorite-folders/3"]);
  });
});
