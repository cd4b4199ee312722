import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { it } from "node:test";
import { loadConfig } from "../config/load.ts";
import { connectionsCheck } from "./connections.ts";

const socket = encodeURIComponent(process.env["KINORA_TEST_POSTGRES"] ?? "");
const url = `postgres://kinora@localhost/postgres?host=${socket}`;
const roles = { names: ["gateway", "video", "user"], aliases: {} };
const look = (env: Record<string, string>) => connectionsCheck(loadConfig([], env, tmpdir(), roles).config);

it("the doctor compares the connections of all processes with the limit of PostgreSQL", async () => {
  assert.deepEqual(await look({}), []);
  const [alone] = await look({ KINORA_DB_URL: url });
  assert.equal(alone?.state, "ok");
  assert.match(
    alone?.says ?? "",
    /^up to 20 of this process; PostgreSQL at localhost has \d+, of which \d+ are open, \d+ by/,
  );

  const addresses = Array.from({ length: 9 }, (_, n) => `video=10.0.0.${n}:7000`).join();
  const part = {
    KINORA_DB_URL: url,
    KINORA_SERVICES: "user",
    KINORA_RPC_PORT: "7001",
    KINORA_REGISTRY_ADDRESS: addresses,
    KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
    KINORA_DB_CONNECTIONS: "200",
  };
  const [tooMany] = await look(part);
  assert.equal(tooMany?.state, "warn");
  // This process is not in its own list.
  assert.match(tooMany?.says ?? "", /; 10 processes take up to 2000 connections, and PostgreSQL has \d+ for them$/);
  assert.match(tooMany?.mend ?? "", /^lower KINORA_DB_CONNECTIONS to \d+, raise max_connections/);
  const listed = { ...part, KINORA_REGISTRY_ADDRESS: `${addresses},user=10.0.0.1:7001,gateway=10.0.0.2:80` };
  assert.match((await look(listed))[0]?.says ?? "", /; 10 processes take/);
});

it("the doctor computes nothing behind a pooler, and warns of a server that does not answer", async () => {
  const pooled = { KINORA_DB_URL: "postgres://a@127.0.0.1:1/x", KINORA_DB_POOLED: "on", KINORA_DB_DIRECT_URL: url };
  assert.deepEqual(await look(pooled), [
    {
      name: "connections",
      state: "ok",
      says: "up to 20 of this process to PgBouncer, whose limit is not known here",
      mend: "",
    },
  ]);
  const [away] = await look({ KINORA_DB_URL: "postgres://a:secret@127.0.0.1:1/x" });
  assert.equal(away?.state, "warn");
  assert.match(away?.says ?? "", /^PostgreSQL at 127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/);
});
