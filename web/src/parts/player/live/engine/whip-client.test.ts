import assert from "node:assert/strict";
import { test } from "node:test";
import { offersH264 } from "./whip-client.ts";

const offer = (...codecs: string[]): string =>
  [
    "v=0",
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    ...codecs.map((codec, n) => `a=rtpmap:${96 + n} ${codec}/90000`),
    "",
  ].join("\r\n");

test("an offer of Firefox without its plug-in has no H.264", () => {
  assert.equal(offersH264(offer("VP8", "VP9")), false);
  assert.equal(offersH264(offer("VP8", "H264")), true);
  assert.equal(offersH264(""), false);
});
