import assert from "node:assert/strict";
import { it } from "node:test";
import { createReadiness } from "../../cmd/compose/readiness.ts";

const fine = {
  state: () => "ready" as const,
  host: { ready: async () => ({}) },
  blob: { ready: async () => undefined },
  cluster: undefined,
  share: { hasGateway: true },
  needed: ["auth", "search"],
  optional: () => ({ cache: undefined }),
  searchIndex: async () => undefined,
};
const silent = () => new Promise<never>(() => undefined);

it("a process is ready without its optional parts, and not without its database, its store or the sign-in", async () => {
  const states = [
    [{}, [], []],
    [{ optional: () => ({ cache: "it is down" }) }, [], ["cache"]],
    [{ searchIndex: async () => "it is not filled" }, [], ["search index"]],
    [{ blob: { ready: async () => ({ reason: "full", canRead: true }) } }, [], ["storage"]],
    [{ blob: { ready: async () => ({ reason: "broken", canRead: false }) } }, ["storage"], []],
    [{ host: { ready: async () => ({ video: "no database" }) } }, ["video"], []],
    [{ cluster: { missing: async () => ({ search: "away" }) } }, [], ["search"]],
    [{ cluster: { missing: async () => ({ auth: "away", search: "away" }) } }, ["auth"], ["search"]],
  ] as const;
  for (const [change, missing, degraded] of states) {
    const readiness = createReadiness({ ...fine, ...change });
    assert.deepEqual(Object.keys(await readiness.missing()), missing);
    assert.deepEqual(Object.keys(await readiness.degradations()), degraded);
  }
  const part = createReadiness({
    ...fine,
    share: { hasGateway: false },
    cluster: { missing: async () => ({ auth: "away" }) },
  });
  assert.deepEqual([Object.keys(await part.missing()), Object.keys(await part.degradations())], [[], ["auth"]]);
});

it("a process is not ready while it starts and while it drains, although nothing is missing", async () => {
  for (const state of ["starting", "draining"] as const) {
    const readiness = createReadiness({ ...fine, state: () => state });
    assert.deepEqual(await readiness.missing(), { process: state });
    assert.deepEqual(await readiness.vital(), {});
    const degraded = createReadiness({ ...fine, state: () => state, optional: () => ({ cache: "it is down" }) });
    assert.deepEqual(await degraded.degradations(), state === "draining" ? {} : { cache: "it is down" });
  }
});

it("parts that say nothing count as away, and nobody waits for them", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const readiness = createReadiness({
    ...fine,
    host: { ready: silent },
    blob: { ready: silent },
    cluster: { missing: silent },
    searchIndex: silent,
  });
  const answers = Promise.all([readiness.missing(), readiness.degradations()]);
  t.mock.timers.tick(2_000);
  const [missing, degraded] = await answers;
  assert.deepEqual(
    [Object.keys(missing), Object.keys(degraded)],
    [
      ["database", "storage"],
      ["search index", "cluster"],
    ],
  );
});
