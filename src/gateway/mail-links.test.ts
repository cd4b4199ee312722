import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { authPlugin } from "#services/auth/plugin";
import { TestGateway } from "./testing.ts";

describe("the link in the header of a notification mail", () => {
  before(async () => {
    const port = await (await edge.app).listen({ host: "127.0.0.1", port: 0 });
    base = `http://127.0.0.1:${port}`;
  });
  after(() => edge[Symbol.asyncDispose]());

  it("leads people to the page that asks them, and ends nothing", async () => {
    for (const [token, fragment] of [
      ["7.a_b-c", "#7.a_b-c"],
      ["//other.example%0d%0a", "#%2F%2Fother.example%0D%0A"],
    ]) {
      const address = `${base}/api/v1/notifications/end-mails?token=${token}`;
      const { status, headers } = await fetch(address, { redirect: "manual" });
      assert.deepEqual([status, headers.get("location")], [303, `/end-mails${fragment}`]);
      assert.equal(headers.get("cache-control"), "no-store");
    }
  });
});

const edge = new TestGateway((host) => host.add(authPlugin));
let base = "";
