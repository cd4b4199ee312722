import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { s3Place } from "./place.ts";

describe("the URL of an S3 store", () => {
  it("names a bucket and optionally a prefix, credentials, region, endpoint and direct access", () => {
    assert.deepEqual(s3Place("s3://films"), { bucket: "films", prefix: "", region: "us-east-1", isPathStyle: false });
    assert.deepEqual(
      s3Place("s3://KEY:se%2Fcret@films/a/b?endpoint=https://s3.example.org&region=eu-west-1&direct=on"),
      {
        bucket: "films",
        prefix: "a/b/",
        region: "eu-west-1",
        endpoint: "https://s3.example.org",
        isPathStyle: true,
        credentials: { accessKeyId: "KEY", secretAccessKey: "se/cret" },
        direct: {},
      },
    );
    const there = s3Place("s3://films/?path-style=on&direct=https://files.example.org");
    assert.deepEqual(there, {
      bucket: "films",
      prefix: "",
      region: "us-east-1",
      isPathStyle: true,
      direct: { endpoint: "https://files.example.org" },
    });
  });

  it("is refused with the reason when it is invalid", () => {
    const wrong: Record<string, RegExp> = {
      "file:/srv": /s3:/,
      "s3://": /bucket/,
      "s3://F": /bucket/,
      "s3://films?colour=red": /no option colour/,
      "s3://key@films": /key:secret/,
      "s3://films/a%20b": /path/,
      "s3://films?endpoint=ftp://x": /endpoint/,
      "s3://films?direct=maybe": /direct/,
      "s3://films?path-style=x": /path-style/,
    };
    for (const [text, says] of Object.entries(wrong)) assert.match(JSON.stringify(s3Place(text)), says, text);
  });
});
