import { serviceDeregistered, serviceRegistered } from "#events/monitor";
import type { Host, Tx } from "#kernel";
import type { MonitoredProcessChange } from "./contract.ts";
import * as store from "./store.ts";

interface Process {
  readonly id: string;
  readonly host: string;
  readonly version: string;
  readonly services: readonly string[];
}
type Started = Process & { readonly startedAtMs: number };
/** Events of this service are in order. */
const eventKey = 1;

/** Records the processes that appear and disappear, and publishes an event for each of their services. */
export interface ProcessChanges {
  readonly publish: (
    tx: Tx<store.Tables>,
    reason: Exclude<MonitoredProcessChange["change"], "registered">,
    process: Process,
  ) => Promise<void>;
  /** Publishes what a report says beyond the one before: the process is new, is back, or replaced another one. */
  readonly publishArrival: (
    tx: Tx<store.Tables>,
    process: Started,
    before: (Started & { readonly isPresent: boolean }) | undefined,
  ) => Promise<void>;
}

export function createProcessChanges({
  emitAll,
  nextId,
  now,
}: Pick<Host<store.Tables>, "emitAll" | "nextId" | "now">): ProcessChanges {
  const record = (tx: Tx<store.Tables>, change: MonitoredProcessChange["change"], { id, ...process }: Process) =>
    store.addChange(tx, {
      id: nextId(),
      at_ms: now(),
      change,
      process: id,
      host: process.host,
      version: process.version,
      services: [...process.services],
    });
  const serviceFacts = ({ id, host, version, services }: Process) =>
    services.map((name) => ({ name, process: id, address: host, version }));

  const publish: ProcessChanges["publish"] = async (tx, reason, process) => {
    await record(tx, reason, process);
    const facts = serviceFacts(process).map((fact) => ({ key: eventKey, payload: { ...fact, reason } }));
    await emitAll(tx, serviceDeregistered, facts);
  };

  return {
    publish,

    async publishArrival(tx, process, before) {
      const isSame = before?.startedAtMs === process.startedAtMs;
      if (isSame && before.isPresent) return;
      if (before?.isPresent) await publish(tx, "replaced", before);
      await record(tx, "registered", process);
      const { startedAtMs } = process;
      const facts = serviceFacts(process).map((fact) => ({ key: eventKey, payload: { ...fact, startedAtMs } }));
      await emitAll(tx, serviceRegistered, facts);
    },
  };
}
