import type { Handlers, Host, Schedule } from "#kernel";
import type { Component, MonitoredComponent, monitor } from "./contract.ts";
import { healthOf } from "./health.ts";
import { isStored } from "./known-metrics.ts";
import * as store from "./store.ts";

type ReportsHost = Pick<Host<store.Tables>, "db" | "now">;

/** The reports of processes, and how the installation is by them. */
export function createReports({ db, now }: ReportsHost): Pick<Handlers<typeof monitor>, "health" | "report"> {
  return {
    async health() {
      const nowMs = now();
      const [processes, stored] = await Promise.all([store.processes(db), store.status(db)]);
      const health = healthOf(processes, nowMs);
      // A change that no report came with is stored within a minute.
      return { ...health, sinceMs: stored?.status === health.status ? stored.sinceMs : nowMs };
    },

    async report({ state, components, samples, ...process }) {
      const nowMs = now();
      await db.tx(async (tx) => {
        if (state === "closed") await store.removeProcess(tx, process.id, process.startedAtMs);
        else {
          const before = (await store.componentsOf(tx, process.id))?.components ?? [];
          const dated = components.map((component) => withSince(component, before, nowMs));
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
export const createWatch = ({ db, now }: ReportsHost): Schedule => ({
  name: "monitor.watch",
  pattern: "* * * * *",
  async run() {
    await db.tx(async (tx) => {
      const nowMs = now();
      await store.forgetProcesses(tx, nowMs);
      const processes = await store.processes(tx);
      if (processes.length > 0) await store.saveStatus(tx, healthOf(processes, nowMs).status, nowMs);
    });
  },
});
