import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { showPage } from "#testing/page.tsx";
import { Failure } from "#base/api/request/failure.ts";
import { Locked } from "./locked.tsx";

describe("a video with a password", () => {
  it("opens with what was typed, and sends nothing while nothing is", async () => {
    const passwords: string[] = [];
    const { user, getByLabelText, getByRole } = await showPage(
      <Locked title="Private view" onOpen={async (password) => passwords.push(password)} />,
      { texts: ["library"] },
    );
    getByRole("heading", { name: "Private view" });
    const [open] = document.querySelectorAll<HTMLElement>("button[type=submit]");
    await user.click(open ?? assert.fail());
    assert.deepEqual(passwords, []);
    await user.type(getByLabelText("Password"), "blue bicycle{Enter}");
    assert.deepEqual(passwords, ["blue bicycle"]);
  });

  it("says beside the field that the password was wrong", async () => {
    const refuse = async () => {
      throw new Failure(403, "video.wrong_password", "");
    };
    const { user, getByLabelText } = await showPage(<Locked title="Private view" onOpen={refuse} />, {
      texts: ["library"],
    });
    const field = getByLabelText("Password");
    await user.type(field, "red bicycle{Enter}");
    assert.equal(field.getAttribute("aria-invalid"), "true");
    assert.match(document.querySelector("form")?.textContent ?? "", /not the password/);
  });
});
