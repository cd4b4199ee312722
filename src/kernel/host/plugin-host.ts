import assert from "node:assert/strict";
import type { Tx } from "../db/transaction.ts";
import { emit } from "../bus/outbox.ts";
import { CachePolicies } from "../cache/policies.ts";
import { newCall } from "../call.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { JobKind } from "../jobs/port.ts";
import { rotateOlderThan } from "../keys/rotation.ts";
import { noMailer } from "../mail/none.ts";
import { nodeTcp } from "../tcp/node.ts";
import { metricName } from "../telemetry/names.ts";
import { currentTrace } from "../trace.ts";
import { createJobs } from "./jobs.ts";
import type { OpenedService } from "./opened-service.ts";
import type { EmitAll, Host } from "./plugin.ts";

/** The host that a plugin gets at its start. `jobKinds` are those it declares, once it has started. */
export function createHost(service: OpenedService, jobKinds: () => readonly JobKind[]): Host {
  const { name, plugin, parts, surroundings, db, ids, log } = service;
  const { environment, metrics } = parts;
  const emitAll: EmitAll = (tx, type, facts) =>
    emit(tx as unknown as Tx<KernelTables>, type, facts, { traceId: currentTrace(), nowMs: environment.now() });
  return {
    db: db as unknown as Db<unknown>,
    emit: (tx, type, key, payload) => emitAll(tx, type, [{ key, payload }]),
    emitAll,
    nextId: ids.next,
    now: environment.now,
    random: environment.random,
    instance: parts.instance,
    environment,
    blob: parts.blob,
    cache: parts.cache,
    caches: parts.caches ?? new CachePolicies(),
    jobs: createJobs(db, { nextId: ids.next, now: environment.now, kinds: jobKinds }),
    fanout: parts.fanout,
    outgoing: parts.outgoing,
    mail: parts.mail ?? noMailer,
    tcp: parts.tcp ?? nodeTcp,
    log,
    settings: Object.freeze(plugin.settings ? plugin.settings.parse(parts.settings(name) ?? {}) : {}),
    sealing: parts.sealing,
    key: (key) => service.keyring.key(key),
    async rotateKey(key, ageMs) {
      await rotateOlderThan({ db, service: name, sealing: parts.sealing }, key, { ageMs });
      await service.keyring.read();
    },
    counter: (metric, help, labels) => metrics.counter(metricName(name, metric), help, labels),
    gauge: (metric, help, labels, look) => metrics.gauge(metricName(name, metric), help, labels, look),
    client: (contract) => {
      assert.ok(
        plugin.needsAll || plugin.needs.some((need) => need.name === contract.name),
        `${name} asks ${contract.name} without needing it`,
      );
      return surroundings.client(contract);
    },
    peers: (contract) => {
      assert.equal(contract.name, name, `${name} asks for processes of ${contract.name}`);
      return (parts.peers?.(contract, name) ?? []) as never; // Clients of this very contract.
    },
    services: surroundings.services,
    call: (callParts = {}) => newCall({ caller: name, ...callParts }),
  };
}
