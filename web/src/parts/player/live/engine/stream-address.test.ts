import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renewAfterMs, withDvr, withTokenOf } from "./stream-address.ts";

describe("the address of a live stream", () => {
  it("has the newest token in every request", () => {
    assert.equal(
      withTokenOf("/api/v1/lives/7/t/new.1/hls/master.m3u8", "http://h/api/v1/lives/7/t/old.9/hls/v-3.1.m4s?a=1"),
      "http://h/api/v1/lives/7/t/new.1/hls/v-3.1.m4s?a=1",
    );
  });

  it("stays as it is where the room needs no token", () => {
    const open = "http://h/api/v1/lives/7/hls/v-3.m4s";
    assert.equal(withTokenOf("/api/v1/lives/7/hls/master.m3u8", open), open);
    assert.equal(withTokenOf("/api/v1/lives/7/t/new/hls/master.m3u8", open), open);
  });

  it("goes back with the playlists of its renditions", () => {
    assert.equal(
      withDvr("http://h/api/v1/lives/7/t/a.b/hls/video.m3u8"),
      "http://h/api/v1/lives/7/t/a.b/hls/video-dvr.m3u8",
    );
    assert.equal(withDvr("http://h/hls/480p.m3u8?_HLS_msn=3"), "http://h/hls/480p-dvr.m3u8?_HLS_msn=3");
  });

  it("is asked for a minute before it ends, after ten seconds at the earliest and an hour at the latest", () => {
    assert.equal(renewAfterMs(1_000_000, 700_000), 240_000);
    assert.equal(renewAfterMs(1_000_000, 990_000), 10_000);
    assert.equal(renewAfterMs(90_000_000, 0), 3_600_000);
  });
});
