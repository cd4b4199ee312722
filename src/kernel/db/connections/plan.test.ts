import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Fleet, planConnections } from "./plan.ts";

describe("the connections of a process", () => {
  it("are 20 with all services and 10 with a part of them, where they fit", () => {
    assert.deepEqual(planConnections(alone, server(97)), { connections: 20 });
    assert.deepEqual(planConnections({ ...alone, isPart: true, processes: 3 }, server(97)), { connections: 10 });
  });

  it("are fewer in a fleet of 19 processes, which fit into PostgreSQL's default", () => {
    const { connections, lack } = planConnections({ ...alone, isPart: true, processes: 19 }, server(97));
    assert.deepEqual([connections, lack], [4, undefined]);
    assert.ok(19 * connections <= 97 - 10, "a tenth stays free");
  });

  it("leave out the connections of other programs", () => {
    const fleet = { ...alone, isPart: true, processes: 10 };
    assert.equal(planConnections(fleet, server(97, { open: 47, openByKinora: 0 })).connections, 4);
    assert.equal(planConnections(fleet, server(97, { open: 47, openByKinora: 47 })).connections, 8);
  });

  it("are those of the setting, with a warning and its remedy where they do not fit", () => {
    assert.deepEqual(planConnections({ ...alone, configured: 40 }, server(97)), { connections: 40 });
    assert.deepEqual(planConnections({ ...alone, isPart: true, configured: 20, processes: 19 }, server(97)), {
      connections: 20,
      lack: {
        reason: "19 processes take up to 380 connections, and PostgreSQL has 87 for them",
        remedy:
          "lower KINORA_DB_CONNECTIONS to 4, raise max_connections of PostgreSQL, or put PgBouncer before it (KINORA_DB_POOLED)",
      },
    });
  });

  it("are the least that work, with a warning, where the server has fewer", () => {
    const { connections, lack } = planConnections({ ...alone, isPart: true, processes: 60 }, server(97));
    assert.equal(connections, 2);
    assert.match(lack?.reason ?? "", /^60 processes take up to 120 connections/);
    assert.match(lack?.remedy ?? "", /^raise max_connections/);
    assert.equal(planConnections({ ...alone, replicas: 2, isPart: true, processes: 60 }, server(97)).connections, 6);
  });

  it("are warned of where Kinora has more open than the settings of this process say", () => {
    assert.match(planConnections(alone, server(97, { open: 95, openByKinora: 95 })).lack?.reason ?? "", /up to 95/);
  });

  it("depend on no server behind a pooler", () => {
    assert.deepEqual(planConnections({ ...alone, isPart: true, processes: 60 }, undefined), { connections: 10 });
    assert.deepEqual(planConnections({ ...alone, replicas: 12 }, undefined), { connections: 26 });
  });
});

const alone: Fleet = { configured: undefined, isPart: false, processes: 1, replicas: 0 };
const server = (limit: number, { open, openByKinora } = { open: 0, openByKinora: 0 }) => ({
  limit,
  open,
  openByKinora,
});
