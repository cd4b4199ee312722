import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { loadConfig } from "../../cmd/compose/config.ts";
import { shareOf } from "../../cmd/compose/share.ts";
import { readTopology } from "../../cmd/topology/topology.ts";
import { settingsIn } from "../image/checkout-image.ts";

const root = join(import.meta.dirname, "../..");
const file = join(root, "deploy/compose/compose.yml");

describe("the compose file", () => {
  it("is valid by the schema of the compose specification, in each profile", () => {
    for (const profile of ["one", "three"]) {
      const { status, stderr } = configOf(profile);
      assert.deepEqual([status, stderr], [0, ""], profile);
    }
  });

  it("starts what its profiles say", () => {
    assert.deepEqual(Object.keys(servicesOf("one")).toSorted(), ["kinora", "postgres"]);
    const fleet = Object.keys(servicesOf("three")).toSorted();
    assert.deepEqual(fleet, ["account", "gateway", "nats", "postgres", "redis", "video"]);
  });

  it("has a container for each process of the topology, which finds all others", () => {
    const { processes } = readTopology("three");
    const addresses = processes.flatMap(({ name, services, rpcPort }) =>
      services.filter((service) => service !== "gateway").map((service) => `${service}=${name}:${rpcPort}`),
    );
    const containers = servicesOf("three");
    for (const { name } of processes) {
      const { environment } = containers[name] ?? assert.fail(name);
      assert.deepEqual([environment["TOPOLOGY"], environment["SERVICE"]], ["three", name]);
      assert.deepEqual(environment["KINORA_REGISTRY_ADDRESS"]?.split(",").toSorted(), addresses.toSorted());
    }
  });

  it("has settings that the server accepts", async () => {
    const image = settingsIn(await readFile(join(root, "Dockerfile"), "utf8")).env;
    for (const { environment } of kinoraContainers()) {
      const env: Record<string, string> = { ...image, ...environment, ...secrets };
      for (const name of ["KINORA_DB_URL_FILE", "KINORA_CLUSTER_SECRET_FILE"]) delete env[name];
      const { config } = loadConfig([], env, root);
      shareOf(config);
      assert.equal(config.server.host, "0.0.0.0");
    }
  });

  it("keeps each container of Kinora read-only, without capabilities, and restarts it", () => {
    assert.equal(kinoraContainers().length, 4);
    for (const container of kinoraContainers()) {
      const { read_only, cap_drop, restart, init, tmpfs, stop_grace_period, security_opt, volumes } = container;
      assert.deepEqual(
        { read_only, cap_drop, restart, init, tmpfs, stop_grace_period, security_opt, volumes },
        {
          read_only: true,
          cap_drop: ["ALL"],
          restart: "unless-stopped",
          init: true,
          tmpfs: ["/tmp"],
          stop_grace_period: "30s",
          security_opt: ["no-new-privileges:true"],
          volumes: ["data:/data:rw"],
        },
      );
      assert.ok(Object.values(container.depends_on).every(({ condition }) => condition === "service_healthy"));
    }
    for (const { healthcheck, restart, volumes } of serverContainers())
      assert.deepEqual([healthcheck !== undefined, restart, volumes.length], [true, "unless-stopped", 1]);
  });

  it("writes no secret and opens no port of a server to a network", () => {
    for (const container of [...kinoraContainers(), ...serverContainers()]) {
      for (const [name, value] of Object.entries(container.environment ?? {}))
        if (/PASSWORD|SECRET|DB_URL/.test(name)) assert.match(value, /^\/run\/secrets\//, name);
      for (const port of container.ports ?? [])
        assert.match(JSON.stringify(port), /^"127\.0\.0\.1:8080:8080\/tcp"$|^\{"published":1935,"target":1935\}$/);
    }
  });
});

interface Composed {
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes: readonly string[];
  readonly ports?: readonly unknown[];
  readonly healthcheck?: object;
  readonly [key: string]: unknown;
}

const secrets = {
  KINORA_DB_URL: "postgres://kinora:secret@postgres/kinora",
  KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
};

/** The validator of Debian's package, whose schema is that of the compose specification. */
function configOf(profile: string): Validation {
  const known = validations.get(profile);
  if (known) return known;
  const args = ["--file", file, "--profile", profile, "config"];
  const validation = spawnSync("docker-compose", args, { encoding: "utf8" });
  validations.set(profile, validation);
  return validation;
}

interface Validation {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
const validations = new Map<string, Validation>();

/** The containers of a profile, with all references resolved. */
function servicesOf(profile: string): Readonly<Record<string, Composed>> {
  const { services } = parse(configOf(profile).stdout) as { services: Record<string, Composed> }; // It was validated.
  // The validator lists containers of other profiles too.
  return Object.fromEntries(
    Object.entries(services).filter(([, { profiles }]) => (profiles as string[] | undefined)?.includes(profile)),
  );
}

const named = (isKinora: boolean): readonly Composed[] =>
  Object.entries({ ...servicesOf("one"), ...servicesOf("three") })
    .filter(([, { image }]) => (image === "kinora") === isKinora)
    .map(([, container]) => container);
const kinoraContainers = (): readonly Composed[] => named(true);
const serverContainers = (): readonly Composed[] => named(false);
