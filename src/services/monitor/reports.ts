import type { Handlers, Host, Schedule } from "#kernel";
import type { Component, MonitoredComponent, monitor } from "./contract.ts";
import { awayMs, healthOf } from "./health.ts";
import { isStored } from "./known-metrics.ts";
import type { ProcessChanges } from "./process-changes.ts";
import * as store from "./store.ts";

type ReportsHost = Pick<Host<store.Tables>, "db" | "now">;

const changesShown = 50;

/** The reports of processes, and how the installation is by them. */
export function createReports(
  { db, now }: ReportsHost,
  changes: ProcessChanges,
): Pick<Handlers<typeof monitor>, "health" | "report"> {
  return {
    async health() {
      const nowMs = now();
      const [processes, stored, latest] = await Promise.all([
        store.processes(db),
        store.status(db),
        store.changes(db, changesShown),
      ]);
      const health = healthOf(processes, nowMs);
      // A change that no report came with is stored within a minute.
      const sinceMs = stored?.status === health.status ? stored.sinceMs : nowMs;
      return { ...health, sinceMs, changes: latest };
    },

    async report({ state, components, samples, ...process }) {
      const nowMs = now();
      await db.tx(async (tx) => {
        const before = await store.lockProcess(tx, process.id);
        if (state === "closed") {
          // One of this name that started since stays.
          if (before?.startedAtMs === process.startedAtMs) {
            await store.removeProcess(tx, process.id);
            if (before.isPresent) await changes.publish(tx, "stopped", before);
          }
        } else {
          const dated = components.map((component) => withSince(component, before?.components ?? [], nowMs));
          await changes.publishArrival(tx, process, before);
          await store.saveProcess(tx, { ...process, state, components: dated, reportedAtMs: nowMs });
        }
        await store.addSamples(
          tx,
          process.id,
          nowMs,
          samples.filter(({ name }) => isStored(name)),
        );
        await store.saveStatus(tx, healthOf(await store.processes(tx), nowMs).status, nowMs);
      });
      return {};
    },
  };
}

/** A component is in its state since the first report of it. Pure. */
function withSince(component: Component, before: readonly MonitoredComponent[], nowMs: number): MonitoredComponent {
  const previous = before.find(({ kind, name }) => kind === component.kind && name === component.name);
  return { ...component, sinceMs: previous?.state === component.state ? previous.sinceMs : nowMs };
}

/** Notices processes that report no longer. */
export const createWatch = ({ db, now }: ReportsHost, changes: ProcessChanges): Schedule => ({
  name: "monitor.watch",
  pattern: "* * * * *",
  async run() {
    await db.tx(async (tx) => {
      const nowMs = now();
      for (const process of await store.markAway(tx, nowMs - awayMs)) await changes.publish(tx, "away", process);
      await store.forgetProcesses(tx, nowMs);
      const processes = await store.processes(tx);
      if (processes.length > 0) await store.saveStatus(tx, healthOf(processes, nowMs).status, nowMs);
    });
  },
});
