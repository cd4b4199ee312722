import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { showPage } from "#testing/page.tsx";
import { videoOf } from "#testing/videos.ts";
import { EmbedPart } from "./embed-part.tsx";
import { ShareVideo } from "./share-video.tsx";

const video = videoOf({ title: 'Say "hi" & <b>', width: 1080, height: 1920, visibility: "public", cover_url: "" });

describe("the code that embeds a video", () => {
  it("has the shape of the video and its title as text, and is copied as it is shown", async () => {
    const { user, getByRole, findByText } = await showPage(
      <EmbedPart video={video} address="http://kinora.test/embed/7?start=5" />,
      { texts: ["library"] },
    );
    await user.click(getByRole("button", { name: "Copy code" }));
    await findByText("Code copied");
    const code = await navigator.clipboard.readText();
    assert.match(code, /^<iframe src="http:\/\/kinora\.test\/embed\/7\?start=5" width="360" height="640" /);
    assert.match(code, / title="Say &quot;hi&quot; &amp; &lt;b&gt;" /);
    assert.equal(getByRole("region", { name: "Embed" }).querySelector("code")?.textContent, code);
  });
});

describe("the sheet that shares a video", () => {
  const show = (visibility: "public" | "private") =>
    showPage(<ShareVideo video={{ ...video, visibility }} atS={12.7} onClose={() => undefined} />, {
      texts: ["library"],
    });

  it("gives the link and the code the start that the viewer chooses", async () => {
    const { user, getByRole, findByRole } = await show("public");
    await user.click(await findByRole("checkbox"));
    await user.click(getByRole("button", { name: "Copy link" }));
    assert.equal(await navigator.clipboard.readText(), "http://kinora.test/watch/7?t=12");
    assert.match(getByRole("region", { name: "Embed" }).textContent, /embed\/7\?start=12"/);
  });

  it("has no code for a private video", async () => {
    const { queryByRole, findByRole } = await show("private");
    await findByRole("button", { name: "Copy link" });
    assert.ok(queryByRole("region", { name: "Embed" }) === null);
  });
});
