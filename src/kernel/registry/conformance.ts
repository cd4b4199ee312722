import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, describe, it } from "node:test";
import { until } from "#test/until";
import { silentLog } from "../log/port.ts";
import type { Directory } from "./directory.ts";
import { createDirectoryRegistry } from "./directory-registry.ts";
import type { Instance, Registration, Registry } from "./port.ts";

/** An engine, and the directory of one process in it. */
export interface DirectorySetting {
  directory(): Directory;
  readonly engine: {
    kill(): Promise<void>;
    start(): Promise<void>;
    /** Deletes what it has stored, while it is down. */
    wipe(): Promise<void>;
    /** It keeps connections open and answers nothing, until it resumes. */
    pause?(): void;
    resume?(): void;
  };
  /** Registers in the place of an orchestrator, where processes do not register themselves. */
  readonly orchestrator?: {
    add(registration: Registration): void;
    remove(registration: Registration): void;
  };
  /** Metadata and versions of instances are kept. */
  readonly keepsMetadata: boolean;
}

export const names: readonly string[] = ["user", "video", "gateway"];

/** The conformance suite of directories, run against each engine. */
export function directoryConformance(name: string, setting: DirectorySetting): void {
  describe(`a registry in ${name}`, () => {
    const members = new Members(setting);
    afterEach(() => members.leaveAll());
    testPresence(setting, members);
    testOutages(setting, members);
    testSilence(setting, members);
  });
}

function testPresence(setting: DirectorySetting, members: Members): void {
  it("finds the processes of each service where they registered, with weight, version and metadata", async () => {
    const gateway = await members.join();
    await members.join(processAt("10.0.0.2", { weight: 50 }));
    await members.join(processAt("fd00::3", { services: ["user"] }));
    await until(() => gateway.find("user").length === 2);
    const [first, second] = gateway.find("user").toSorted((a, b) => a.host.localeCompare(b.host));
    assert.deepEqual([first?.host, first?.port, second?.host], ["10.0.0.2", 9_001, "fd00::3"]);
    assert.deepEqual(hosts(gateway.find("instance")), ["10.0.0.2", "fd00::3"]);
    assert.deepEqual(hosts(gateway.find("video")), ["10.0.0.2"]);
    assert.deepEqual(gateway.find("gateway"), []);
    await until(() => gateway.away() === undefined);
    if (setting.keepsMetadata)
      assert.deepEqual([first?.weight, first?.version, first?.metadata], [50, "1.2.3", { http: "8001" }]);
  });

  it("no longer finds a process that withdrew, and keeps the last address of a service without others", async () => {
    const gateway = await members.join();
    const left = await members.join(processAt("10.0.0.2"));
    const right = await members.join(processAt("10.0.0.3"));
    await until(() => gateway.find("user").length === 2);
    await members.leave(left);
    // Not by expiry, which takes seconds.
    assert.deepEqual(hosts((await members.join()).find("user")), ["10.0.0.3"]);
    await until(() => gateway.find("user").length === 1);
    assert.deepEqual(hosts(gateway.find("user")), ["10.0.0.3"]);
    await members.leave(right);
    await members.join(processAt("10.0.0.4"));
    await until(() => hosts(gateway.find("user")).includes("10.0.0.4"));
    assert.deepEqual(hosts(gateway.find("user")), ["10.0.0.4"]);
  });

  if (!setting.orchestrator)
    it("forgets a process that was killed, when its registration expires (F16)", async () => {
      const gateway = await members.join();
      const killed = await members.join(processAt("10.0.0.2"));
      await members.join(processAt("10.0.0.3"));
      await until(() => gateway.find("user").length === 2);
      await members.kill(killed);
      await until(() => gateway.find("user").length === 1);
      assert.deepEqual(hosts(gateway.find("user")), ["10.0.0.3"]);
    });
}

function testOutages(setting: DirectorySetting, members: Members): void {
  it("keeps the last addresses while it is away, says so, and finds new processes within 10 s of its return (R6, F16)", async () => {
    const gateway = await members.join();
    await members.join(processAt("10.0.0.2"));
    await until(() => gateway.find("user").length === 1);
    await setting.engine.kill();
    await until(() => gateway.away() !== undefined);
    assert.deepEqual(hosts(gateway.find("user")), ["10.0.0.2"]);
    await members.join(processAt("10.0.0.3"));
    assert.deepEqual(hosts(gateway.find("user")), ["10.0.0.2"]);
    await setting.engine.start();
    await until(() => gateway.find("user").length === 2 && gateway.away() === undefined);
  });

  it("is filled again by the processes that run, after it lost everything (F16)", async () => {
    const gateway = await members.join();
    await members.join(processAt("10.0.0.2"));
    await members.join(processAt("10.0.0.3"));
    await until(() => gateway.find("user").length === 2);
    let fewest = 2;
    const watch = setInterval(() => (fewest = Math.min(fewest, gateway.find("user").length)), 5);
    await setting.engine.kill();
    await setting.engine.wipe();
    await setting.engine.start();
    // The orchestrator's own records are back as they were.
    const late = await members.join();
    await until(() => late.find("user").length === 2);
    await until(() => gateway.find("user").length === 2 && gateway.away() === undefined);
    clearInterval(watch);
    assert.ok(fewest > 0, "a service was without addresses");
  });
}

function testSilence(setting: DirectorySetting, members: Members): void {
  if (setting.engine.pause)
    it("notices an engine that is silent on open connections (F14, F16)", async () => {
      const gateway = await members.join();
      await members.join(processAt("10.0.0.2"));
      await until(() => gateway.find("user").length === 1);
      setting.engine.pause?.();
      await until(() => gateway.away() !== undefined);
      assert.deepEqual(hosts(gateway.find("user")), ["10.0.0.2"]);
      setting.engine.resume?.();
      await until(() => gateway.away() === undefined);
    });
}

/** Processes with a registry each. */
class Members {
  readonly #setting: DirectorySetting;
  readonly #open: Registry[] = [];
  readonly #registrations = new Map<Registry, Registration>();
  /** The `/ready` of each process. */
  readonly #healths = new Map<Registry, Server>();

  constructor(setting: DirectorySetting) {
    this.#setting = setting;
  }

  async join(registration?: Registration): Promise<Registry> {
    const { orchestrator } = this.#setting;
    const registry = createDirectoryRegistry({
      directory: this.#setting.directory(),
      services: [...names, "instance"],
      nameOf: (service) => (service === "instance" ? "user" : service),
      patienceMs: 1_000,
      log: silentLog,
    });
    this.#open.push(registry);
    await registry.start();
    if (!registration) return registry;
    const health = createServer((_, response) => response.end("ready")).listen(0, "127.0.0.1");
    await once(health, "listening");
    this.#healths.set(registry, health);
    this.#registrations.set(registry, registration);
    const { port } = health.address() as AddressInfo; // It listens on a port.
    if (orchestrator) orchestrator.add(registration);
    else registry.register({ ...registration, healthUrl: `http://127.0.0.1:${port}/ready` });
    return registry;
  }

  async leave(registry: Registry): Promise<void> {
    const registration = this.#registrations.get(registry);
    if (registration) this.#setting.orchestrator?.remove(registration);
    await registry.withdraw();
    await this.kill(registry);
  }

  async kill(registry: Registry): Promise<void> {
    this.#healths.get(registry)?.close();
    this.#healths.get(registry)?.closeAllConnections();
    await registry.close();
  }

  async leaveAll(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((registry) => this.leave(registry)));
  }
}

/** A registry over one directory, as a process without companions has it. */
export const registryOver = (directory: Directory): Registry =>
  createDirectoryRegistry({
    directory,
    services: names,
    nameOf: (service) => service,
    patienceMs: 5_000,
    log: silentLog,
  });

export function processAt(host: string, changes: Partial<Registration> = {}): Registration {
  return {
    services: ["user", "video"],
    host,
    port: 9_001,
    weight: 100,
    version: "1.2.3",
    metadata: { http: "8001" },
    healthUrl: `http://127.0.0.1:1/ready`,
    ...changes,
  };
}

const hosts = (instances: readonly Instance[]): string[] => instances.map(({ host }) => host).toSorted();
