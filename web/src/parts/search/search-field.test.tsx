import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@testing-library/react";
import { useLocation } from "@tanstack/react-router";
import { showPage } from "#testing/page.tsx";
import { SearchField } from "./search-field.tsx";

const Address = () => <p role="note">{useLocation().href}</p>;

async function show(path = "/") {
  const searches: string[] = [];
  const page = await showPage(
    <>
      <SearchField hasKey />
      <Address />
    </>,
    {
      path,
      answers: {
        "GET /api/v1/search/suggestions": ({ url }) => {
          searches.push(url.searchParams.get("q") ?? "");
          return { list: ["cloud forest", "clouds"] };
        },
      },
    },
  );
  return { ...page, searches, field: page.getByRole("combobox") as HTMLInputElement };
}

describe("the search field", () => {
  it("suggests words for the text that was typed, with one request, and searches for the one that keys chose", async () => {
    const { user, field, findAllByRole, getByRole, searches } = await show();
    await user.type(field, "clo");
    const options = await findAllByRole("option");
    assert.deepEqual(
      options.map((option) => option.textContent),
      ["cloud forest", "clouds"],
    );
    assert.deepEqual(searches, ["clo"]);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    assert.equal(field.value, "clouds");
    assert.equal(field.getAttribute("aria-activedescendant"), options[1]?.id);
    await user.keyboard("{Enter}");
    await waitFor(() => assert.equal(getByRole("note").textContent, "/search?q=clouds"));
    assert.equal(field.getAttribute("aria-expanded"), "false");
  });

  it("closes the suggestions with Escape and keeps the text, which a second Escape clears", async () => {
    const { user, field, findAllByRole, queryAllByRole } = await show();
    await user.type(field, "clo");
    await findAllByRole("option");
    await user.keyboard("{Escape}");
    assert.equal(queryAllByRole("option").length, 0);
    assert.equal(field.value, "clo");
    await user.keyboard("{Escape}");
    assert.equal(field.value, "");
  });

  it("searches for a suggestion that is clicked", async () => {
    const { user, field, findByRole, getByRole } = await show();
    await user.type(field, "clo");
    await user.click(await findByRole("option", { name: "cloud forest" }));
    await waitFor(() => assert.equal(getByRole("note").textContent, "/search?q=cloud+forest"));
    assert.equal(field.value, "cloud forest");
  });

  it("stays among the files of the viewer, and shows the words of the address", async () => {
    const { user, field, getByRole } = await show("/search?q=bear&tab=files");
    assert.equal(field.value, "bear");
    await user.type(field, "s{Enter}");
    await waitFor(() => assert.equal(getByRole("note").textContent, "/search?q=bears&tab=files"));
  });

  it("has the focus after the key /", async () => {
    const { user, field } = await show();
    await user.keyboard("/");
    assert.ok(document.activeElement === field);
    assert.equal(field.value, "");
  });
});
