import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Kubernetes } from "#test/servers/kubernetes";
import { until } from "#test/until";
import { directoryConformance, names, registryOver } from "./conformance.ts";
import { createKubernetesDirectory } from "./kubernetes.ts";
import type { Registration } from "./port.ts";

const kubernetes = new Kubernetes("videos", "a-token");
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kinora-account-"));
  await writeFile(join(folder, "token"), "a-token\n");
  await kubernetes.start();
});
after(async () => {
  await kubernetes[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const directory = (namespace = "videos") =>
  createKubernetesDirectory({
    url: kubernetes.url,
    tokenFile: join(folder, "token"),
    authorityFile: join(folder, "ca.crt"),
    namespace,
    names,
  });

/** The pods of each service. */
const pods = new Set<Registration>();
const ports = [
  { name: "http", port: 8_001 },
  { name: "rpc", port: 9_001 },
];
function controlEndpoints(): void {
  for (const service of names) {
    const running = [...pods].filter(({ services }) => services.includes(service));
    const endpoints = running.map(({ host }) => ({ addresses: [host], conditions: { ready: true }, zone: "a" }));
    kubernetes.put(service, endpoints, ports);
  }
}

directoryConformance("Kubernetes", {
  directory,
  engine: {
    kill: () => kubernetes.kill(),
    start: () => kubernetes.start(),
    // Records of pods are the orchestrator's own.
    wipe: async () => undefined,
    pause: () => kubernetes.pause(),
    resume: () => kubernetes.resume(),
  },
  orchestrator: {
    add(registration) {
      pods.add(registration);
      controlEndpoints();
    },
    remove(registration) {
      pods.delete(registration);
      controlEndpoints();
    },
  },
  keepsMetadata: false,
});

describe("the directory of Kubernetes", () => {
  it("prefers ready addresses, follows on after its place is compacted, and says why it is refused", async () => {
    const registry = registryOver(directory());
    await registry.start();
    const lists = kubernetes.lists;
    const ready = { addresses: ["10.0.0.2"], conditions: { ready: true } };
    const starting = { addresses: ["10.0.0.3"], conditions: { ready: false } };
    kubernetes.put("user", [starting], ports);
    // Processes that start together find each other before they are ready.
    await until(() => registry.find("user")[0]?.host === "10.0.0.3");
    const ending = { addresses: ["10.0.0.4"], conditions: { ready: true, terminating: true } };
    kubernetes.put("user", [ready, starting, ending], ports);
    await until(() => registry.find("user")[0]?.host === "10.0.0.2");
    assert.deepEqual(registry.find("user"), [{ service: "user", host: "10.0.0.2", port: 9_001 }]);
    assert.equal(kubernetes.lists, lists, "a watch in pieces was not understood");
    kubernetes.compact();
    kubernetes.put("user", [ready, { ...starting, conditions: { ready: true } }], ports);
    await until(() => registry.find("user").length === 2);
    kubernetes.put("user", [], ports);
    await registry.close();

    const stranger = registryOver(directory("other"));
    void stranger.start();
    const reason = await until(() => stranger.away());
    assert.match(reason, /403: .*forbidden/);
    await stranger.close();
  });
});
