import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ownAddressOf, publicAddressOf } from "./public-address.ts";

describe("the public address of a server", () => {
  it("is the configured one, without a slash at its end", () => {
    const server = { publicUrl: "https://video.example/", tlsCert: undefined, host: "0.0.0.0", port: 8080 };
    assert.equal(publicAddressOf(server), "https://video.example");
  });

  it("is a name on this machine, for loopback and for every interface", () => {
    for (const host of ["127.0.0.1", "::1", "0.0.0.0", "::"])
      assert.equal(ownAddressOf({ tlsCert: undefined, host }, 8080), "http://localhost:8080");
    const server = { publicUrl: undefined, tlsCert: "a.pem", host: "127.0.0.1", port: 0 };
    assert.equal(publicAddressOf(server, 41_213), "https://localhost:41213");
  });

  it("is the host that was chosen, where it is one interface or a name", () => {
    assert.equal(ownAddressOf({ tlsCert: undefined, host: "192.168.1.7" }, 80), "http://192.168.1.7:80");
    assert.equal(ownAddressOf({ tlsCert: undefined, host: "2001:db8::7" }, 80), "http://[2001:db8::7]:80");
    assert.equal(ownAddressOf({ tlsCert: "a.pem", host: "nas.lan" }, 443), "https://nas.lan:443");
  });
});
