import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { audited, contract, on, plugin } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { media } from "#services/media/contract";
import { until } from "#test/until";
import { MediaFixture } from "./testing.ts";

const userId = 1;
const admin = () => ({ ...callOf(9), role: "admin" as const });

describe("formats that administrators switch off (S8.2)", () => {
  it("are refused on arrival, and accepted again when they are switched on", async () => {
    await using fixture = new MediaFixture();
    await fixture.open();
    const client = fixture.host.client(media);
    await client.switchFormat({ kind: "container", name: "matroska", isOn: false }, admin());
    await assert.rejects(fixture.send("multi-audio-subs.mkv", userId), { code: "media.format_off", http: 415 });
    // Others are taken meanwhile, and a picture is no film.
    const taken = await fixture.send("one-frame.mp4", userId);
    await fixture.when(taken.id, userId, ({ status }) => status === "ready");
    await client.switchFormat({ kind: "container", name: "gif", isOn: false }, admin());
    assert.equal((await fixture.send("animated.gif", userId, "avatar")).kind, "image");
    await assert.rejects(fixture.send("animated.gif", userId), { code: "media.format_off" });
    await client.switchFormat({ kind: "container", name: "matroska", isOn: true }, admin());
    const again = await fixture.send("multi-audio-subs.mkv", userId);
    await fixture.when(again.id, userId, ({ status }) => status === "ready");
  });

  it("are in the audit trail with the administrator, and unknown formats are not", async () => {
    await using fixture = new MediaFixture();
    await fixture.open();
    const auditEntries: string[] = [];
    await fixture.host.add(
      plugin({
        contract: contract("moderation", 1, {}),
        needs: [],
        migrations: [],
        start: () => ({
          handlers: {},
          subscriptions: [
            on(
              audited,
              async (_, { act, actorId, detail }) => void auditEntries.push([act, actorId, detail].join(" ")),
            ),
          ],
        }),
      }),
    );
    const client = fixture.host.client(media);
    await client.switchFormat({ kind: "container", name: "matroska", isOn: false }, admin());
    await client.switchFormat({ kind: "codec", name: "h264", isOn: true }, admin());
    await fixture.host.drain();
    assert.deepEqual(auditEntries.toSorted(), [
      "format.switched_off 9 container matroska",
      "format.switched_on 9 codec h264",
    ]);
    const isUnknown = { kind: "container" as const, name: "none", isOn: false };
    await assert.rejects(client.switchFormat(isUnknown, admin()), { code: "media.unknown_format" });
    await fixture.host.drain();
    assert.equal(auditEntries.length, 2);
  });

  it("fail a later transcoding of an earlier file, whose renditions stay playable", async () => {
    await using fixture = new MediaFixture();
    await fixture.open();
    const client = fixture.host.client(media);
    const { id } = await fixture.send("one-frame.mp4", userId);
    const ended = async () => {
      await until(async () => ["completed", "failed"].includes((await client.task({ id }, callOf(userId))).status));
      const { status, error } = await client.task({ id }, callOf(userId));
      return [status, error];
    };
    assert.deepEqual(await ended(), ["completed", null]);
    await client.switchFormat({ kind: "container", name: "mov", isOn: false }, admin());
    await client.transcode({ id, profiles: ["240p"] }, callOf(userId));
    assert.deepEqual(await ended(), ["failed", "media.format_off"]);
    assert.equal((await client.get({ id }, callOf(userId))).status, "ready");
    await client.switchFormat({ kind: "container", name: "mov", isOn: true }, admin());
    await client.transcode({ id, profiles: ["240p"] }, callOf(userId));
    assert.deepEqual(await ended(), ["completed", null]);
  });

  it("fail a file by its codec after the upload, and a retry after switching on succeeds", async () => {
    await using fixture = new MediaFixture();
    await fixture.open();
    const client = fixture.host.client(media);
    await client.switchFormat({ kind: "codec", name: "h264", isOn: false }, admin());
    const { id } = await fixture.send("basic-720p.mp4", userId);
    const refused = await fixture.when(id, userId, ({ status }) => status === "failed");
    assert.equal(refused.statusReason?.error, "media.format_off");
    await client.switchFormat({ kind: "codec", name: "h264", isOn: true }, admin());
    await client.transcode({ id }, callOf(userId));
    const ready = await fixture.when(id, userId, ({ status }) => status !== "processing");
    assert.equal(ready.status, "ready");
  });

  it("are listed for administrators, unknown codecs included, unknown containers refused", async () => {
    await using fixture = new MediaFixture();
    await fixture.open();
    const client = fixture.host.client(media);
    await client.switchFormat({ kind: "codec", name: "screenpresso", isOn: false }, admin());
    const { items } = await client.formats({}, admin());
    assert.deepEqual(
      items.filter(({ isOn }) => !isOn).map(({ kind, name }) => [kind, name]),
      [["codec", "screenpresso"]],
    );
    assert.ok(items.filter(({ kind }) => kind === "container").length >= 13);
    await assert.rejects(client.switchFormat({ kind: "container", name: "hls", isOn: false }, admin()), {
      code: "media.unknown_format",
    });
    await assert.rejects(client.formats({}, callOf(userId)), { http: 403 });
  });
});
