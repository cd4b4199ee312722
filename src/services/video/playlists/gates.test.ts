import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Call } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { mira, noor, service, VideoFixture } from "../testing.ts";

describe("the gate of a playlist", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  const gated = (gate: object, more: object = {}) =>
    client.createPlaylist({ title: "Seas", visibility: "gated", gate, ...more }, callOf(mira));
  const outcome = (request: Promise<unknown>) =>
    request.then(
      () => true,
      (error: { code?: string }) => error.code,
    );
  const opens = (id: number, viewer: Call = callOf(noor)) => outcome(client.playlist({ id }, viewer));
  const invite = (id: number, version: number, isGranted = true, kind: "playlist" | "video" = "playlist") =>
    client.putGrant({ kind, thingId: id, userId: noor, reason: "invited", untilMs: null, version, isGranted }, service);

  it("hides the list with what opens it, and leaves the videos their own visibility", async () => {
    const gate = { kind: "invited" } as const;
    const { id, gate: shown } = await gated(gate, { teaser: "title" });
    assert.deepEqual(shown, gate);
    const film = await fixture.publish({});
    await client.addToPlaylist({ id, videoId: film.id }, callOf(mira));
    const terms = [{ path: "", kind: "invited", state: "unmet", needs: "invitation" }];
    const closed = { code: "gate.closed", http: 403, details: { shown: { gate, terms, teaser: "title" } } };
    await assert.rejects(client.playlist({ id }, callOf(noor)), closed);
    for (const request of [
      () => client.playlistItems({ id }, callOf(noor)),
      () => client.playlistItems({ id }, callOf()),
      () => client.updatePlaylist({ id, title: "Mine" }, callOf(noor)),
      () => client.addToPlaylist({ id, videoId: film.id }, callOf(noor)),
      () => client.removePlaylist({ id }, callOf(noor)),
    ])
      assert.equal(await outcome(request()), "gate.closed");
    assert.equal(await outcome(client.get({ id: film.id }, callOf())), true);
    const listed = async (by?: number) => (await client.playlistsOf({ id: mira }, callOf(by))).items.length;
    assert.deepEqual([await listed(), await listed(noor), await listed(mira)], [0, 0, 1]);
    await invite(id, 1, true, "video");
    assert.equal(await opens(id), "gate.closed", "an invitation to a video with that number is another");
    await invite(id, 1);
    assert.deepEqual([await opens(id), await listed(noor)], [true, 1]);
    assert.equal((await client.playlistItems({ id }, callOf(noor))).items.length, 1);
    const { gate: terms2, teaser } = await client.playlist({ id }, callOf(noor));
    assert.deepEqual([terms2, teaser], [undefined, undefined], "its terms are for its owner");
    assert.equal(await outcome(client.updatePlaylist({ id, title: "Mine" }, callOf(noor))), "video.not_your_playlist");
    await invite(id, 2, false);
    assert.equal(await opens(id), "gate.closed");
    assert.equal(await opens(id, callOf(99, { role: "moderator" })), true);
  });

  it("has a password as one of its terms, which is exchanged for a token", async () => {
    await assert.rejects(gated({ kind: "password" }), { code: "gate.password_missing" });
    const { id } = await gated({ kind: "password" }, { gatePassword: "open sesame" });
    await assert.rejects(client.unlockPlaylist({ id, password: "wrong" }, callOf()), {
      code: "video.wrong_playlist_password",
    });
    const { unlock } = await client.unlockPlaylist({ id, password: "open sesame" }, callOf());
    assert.equal(await opens(id, callOf(undefined, { unlock })), true);
    await client.updatePlaylist({ id, gatePassword: "another one" }, callOf(mira));
    assert.equal(await opens(id, callOf(undefined, { unlock })), "gate.closed");
    const { id: other } = await gated({ kind: "invited" });
    assert.equal(await outcome(client.unlockPlaylist({ id: other, password: "x" }, callOf())), "gate.closed");
    assert.equal(
      await outcome(client.unlockPlaylist({ id: other, password: "x" }, callOf(mira))),
      "video.no_playlist_password",
    );
  });

  it("is part of its visibility, and changes with it", async () => {
    const { id } = await gated({ kind: "invited" });
    const state = (by?: number) => client.playlistGate({ id, isAnew: false }, callOf(by, { caller: "test" }));
    const before = await state(noor);
    assert.deepEqual([before.title, before.opening, before.ownerId], ["", "closed", mira]);
    await client.updatePlaylist({ id, description: "All of them" }, callOf(mira));
    assert.equal((await state()).generation, before.generation, "a description ends nothing");
    await client.updatePlaylist({ id, gate: { kind: "followers" } }, callOf(mira));
    assert.equal((await state()).generation, before.generation + 1);
    await client.updatePlaylist({ id, visibility: "public" }, callOf(mira));
    assert.deepEqual(
      [(await state()).opening, (await state()).gate, await opens(id, callOf())],
      ["open", undefined, true],
    );
    assert.equal(await outcome(client.updatePlaylist({ id, visibility: "gated" }, callOf(mira))), "gate.missing");
    await client.updatePlaylist({ id, visibility: "private" }, callOf(mira));
    assert.equal(await outcome(state(noor)), "video.playlist_not_found");
  });
});

const fixture = new VideoFixture();
const { client } = fixture;
