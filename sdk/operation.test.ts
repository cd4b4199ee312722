import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Kinora } from "./client.ts";
import { operationNamed, pathOf } from "./operation.ts";
import { send, type Transport } from "./request.ts";

describe("the operations of the client", () => {
  it("are found by their names; another name is an error with those that come near", async () => {
    assert.deepEqual(operationNamed("video.get"), { verb: "GET", path: "/videos/{id}" });
    assert.throws(() => operationNamed("videos.get"), {
      code: "client.no_operation",
      message: /near it are .*\bvideo\.get\b/,
    });
    assert.throws(() => operationNamed("video.craete"), { message: /near it are video\.create,.*docs\/api\.md/ });
    assert.throws(() => operationNamed("video.updte"), { message: /near it are video\.update,/ });
    assert.throws(() => operationNamed("x"), { message: "no operation is named x (docs/api.md lists all)" });
    const kinora = new Kinora({ baseUrl: "https://videos.example" });
    const misspelt = JSON.parse('"toString"') as "video.get"; // As in a program without types.
    await assert.rejects(kinora.ask(misspelt, { path: { id: 1 } }), { code: "client.no_operation" });
  });

  it("have all values of their path, encoded; a missing one is an error that names it", () => {
    assert.equal(pathOf("video.get", { id: 7 }), "/videos/7");
    assert.equal(pathOf("user.byName", { username: "a/b" }).includes("a%2Fb"), true);
    assert.throws(() => pathOf("video.get", {}), { code: "client.no_path_value", message: /needs id/ });
  });

  it("send a list in the query as a name that is repeated, and leave out what is null", async () => {
    const urls: string[] = [];
    const fetch: Transport["fetch"] = async (url) => {
      urls.push(url);
      return new Response("{}");
    };
    const query = { name: ["process_cpu", "event_lag"], step: 60, service: null };
    await send({ baseUrl: "https://videos.example", headers: {}, fetch }, "monitor.metrics", { query });
    const path = "/api/v1/monitor/metrics?name=process_cpu&name=event_lag&step=60";
    assert.deepEqual(urls, [`https://videos.example${path}`]);
  });
});
