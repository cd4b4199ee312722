import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type FastifyServer, createFastifyServer } from "#kernel/http/fastify/fastify";
import { silentLog } from "#kernel/log/port";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { pages } from "./pages.ts";
import { failureOf } from "./format/envelope.ts";

describe("the page of the app", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-pages-"));
    await writeFile(join(folder, "index.html"), "<html><head><title>App</title></head></html>");
    server = await createFastifyServer({
      log: silentLog,
      metrics: createPrometheusMetrics(),
      failed: failureOf,
      trustedProxies: [],
    });
    await writeFile(
      join(folder, "page-paths.json"),
      JSON.stringify(["/", "/explore", "/@{$username}", "/live/$id/studio"]),
    );
    const facts = async () => ({ name: "Owl", description: "", iconUrl: "/icon.svg" });
    await pages(server, folder, {
      site: { facts },
      subjectOf: async ({ url }) => ({ isThere: !url.startsWith("/@nobody") }),
    });
    base = `http://127.0.0.1:${await server.listen({ host: "127.0.0.1", port: 0 })}`;
  });
  after(async () => {
    await server?.close();
    await rm(folder, { recursive: true });
  });

  it("is the answer at places of the app, with the name of the instance", async () => {
    for (const path of ["/", "/explore", "/Explore/?sort=latest", "/@owl.night", "/live/7/studio"]) {
      const answer = await fetch(base + path);
      assert.equal(answer.status, 200, path);
      assert.match(await answer.text(), /<title>Owl<\/title>/, path);
    }
  });

  it("is sent with 404 at paths of no page, and for what does not exist", async () => {
    for (const path of ["/exploration", "/explore/more", "/@", "/live/studio", "/live//studio", "/@nobody"]) {
      const answer = await fetch(base + path);
      assert.equal(answer.status, 404, path);
      assert.match(await answer.text(), /<title>Owl<\/title>/, path);
    }
  });

  it("is no answer to other programs, which ask for files and for paths that begin with a dot", async () => {
    for (const path of ["/.well-known/webfinger", "/.well-known/nodeinfo", "/.git/config", "/.env", "/missing.js"]) {
      const answer = await fetch(base + path);
      assert.equal(answer.status, 404, path);
      assert.match(answer.headers.get("content-type") ?? "", /^application\/json/, path);
    }
  });
});

let folder = "";
let base = "";
let server: FastifyServer | undefined;
