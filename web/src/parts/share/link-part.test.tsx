import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { useState } from "react";
import { showPage } from "#testing/page.tsx";
import { LinkPart } from "./link-part.tsx";
import type { Start } from "./start.ts";

function Sharing({ starts }: { starts: Start[] }) {
  const [start, setStart] = useState<Start>({ isOn: false, atS: 12 });
  const change = (next: Start) => {
    starts.push(next);
    setStart(next);
  };
  const query = start.isOn ? `?t=${start.atS}` : "";
  return <LinkPart link={`http://kinora.test/watch/7${query}`} durationS={65} start={start} onStart={change} />;
}

describe("the link to a video", () => {
  it("begins where the viewer types, and keeps the last time that was one", async () => {
    const starts: Start[] = [];
    const { user, getByLabelText, getByRole } = await showPage(<Sharing starts={starts} />, { texts: ["library"] });
    const time = getByLabelText("Start time") as HTMLInputElement;
    assert.equal(time.value, "0:12");
    await user.clear(time);
    await user.type(time, "0:41");
    assert.deepEqual(starts.at(-1), { isOn: true, atS: 41 });
    assert.ok((getByRole("checkbox") as HTMLInputElement).checked);
    await user.clear(time);
    await user.type(time, "soon");
    await user.tab();
    assert.equal(time.value, "0:41");
  });

  it("is copied as it is shown", async () => {
    const { user, getByRole, findByText } = await showPage(<Sharing starts={[]} />, { texts: ["library"] });
    await user.click(getByRole("button", { name: "Copy link" }));
    await findByText("Link copied");
    assert.equal(await navigator.clipboard.readText(), "http://kinora.test/watch/7");
  });
});
