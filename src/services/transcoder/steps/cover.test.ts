import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { lookAt, scoreOf } from "#media/extras/candidates";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import { media } from "#services/media/contract";
import { MediaFixture } from "../testing.ts";

describe("a cover", () => {
  before(() => fixture.open());
  after(() => fixture[Symbol.asyncDispose]());

  it("is an expressive frame of the video, also after a black lead-in and for a single frame", async () => {
    for (const name of ["black-lead-in.mp4", "one-frame.mp4", "rotated-90.mp4"]) {
      const { id } = await fixture.send(name, mira);
      await fixture.when(id, mira, ({ hasCover, status }) => hasCover && status === "ready");
      const { cover } = await fixture.host.client(media).playable({ id }, callOf());
      const bytes = cover && (await bytesOf(fixture.blob, cover.key));
      assert.ok(bytes, name);
      assert.ok(scoreOf(await lookAt(bytes)) > 1, name);
    }
  });
});

const mira = 11;
const fixture = new MediaFixture();
