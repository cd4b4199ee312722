import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Account, clip, Platform } from "../platform/platform.ts";

describe("the format and decoder settings (S8.2)", () => {
  before(async () => {
    await platform.open();
    [mira, administrator] = [await platform.join(), await platform.administrator()];
  });
  after(() => platform[Symbol.asyncDispose]());

  it("refuse a disabled format on upload until it is enabled again, and obey administrators alone", async () => {
    const matroska = "/api/v1/admin/media/formats/container/matroska";
    const put = (isOn: boolean, { token }: Account) =>
      platform.ask(matroska, { method: "PUT", token, body: { is_on: isOn } });
    const send = async () =>
      platform.upload(
        "/api/v1/media/upload",
        mira.token,
        { name: "a.mkv", bytes: await clip("multi-audio-subs.mkv") },
        {},
      );
    assert.equal((await put(false, mira)).status, 403);
    assert.equal((await put(false, administrator)).status, 200);
    const refused = await send();
    assert.deepEqual([refused.status, refused.body["error"]], [415, "media.format_off"]);
    const usage = await platform.ask("/api/v1/upload/usage", { token: mira.token });
    assert.deepEqual([usage.data["used_bytes"], usage.data["reserved_bytes"]], [0, 0]);
    assert.equal((await put(true, administrator)).status, 200);
    assert.equal((await send()).status, 200);
  });

  it("show decoder details in /health to administrators alone", async () => {
    const health = async (token?: string) => (await platform.ask("/health", token === undefined ? {} : { token })).body;
    assert.deepEqual(await health(), { status: "ok" });
    assert.deepEqual(await health(mira.token), { status: "ok" });
    assert.deepEqual(await health("not.a.token"), { status: "ok" });
    const { data } = await platform.ask("/api/v1/admin/media/decoders", { token: administrator.token });
    const { ffmpeg: _, ...held } = data;
    assert.deepEqual(await health(administrator.token), { status: "ok", decoders: held });
  });
});

const platform = new Platform();
let mira: Account;
let administrator: Account;
