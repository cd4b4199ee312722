import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor, within } from "@testing-library/react";
import type { MonitoredComponent, MonitoredProcess, MonitoredProcessChange } from "#base/api/types.ts";
import { showPage } from "#testing/page.tsx";
import { HealthPage } from "./health-page.tsx";

describe("the health page", () => {
  it("says that all is well, with each process and part", async () => {
    const { findByText, getAllByRole, getByRole } = await show([processOf("edge", { services: ["gateway", "auth"] })]);
    await findByText("The only process is well.");
    const [row] = getAllByRole("listitem");
    assert.ok(row);
    for (const text of ["gateway", "nl-1", "31%", "420 MB", "3 ms", "12", "2 d", "Good"])
      within(row).getAllByText(text);
    assert.ok(within(getByRole("list", { name: "Parts they stand on" })).getByText("PostgreSQL"));
  });

  it("names first the process that is away, then what is wrong with a part", async () => {
    const away = processOf("media", { state: "away", host: "nl-4" });
    const first = await show([processOf("edge"), away], [componentOf("database", "down", "no connection")]);
    await first.findByText(/1 of 2 processes are well\. One on nl-4 has not reported/);
    const second = await show([processOf("edge")], [componentOf("database", "down", "no connection")]);
    await second.findByText(/PostgreSQL needs attention/);
    assert.ok(second.getByText("no connection"));
  });

  it("lists the processes that started and ended last", async () => {
    const { findByRole } = await show([processOf("edge")], [], [changeOf("registered"), changeOf("away")]);
    const list = await findByRole("list", { name: "Started and stopped last" });
    within(list).getByText(/video, user started on nl-2\./);
    within(list).getByText(/video, user on nl-2 no longer reports\./);
  });

  it("is for administrators alone", async () => {
    const { findByText } = await showPage(<HealthPage />, {
      me: { role: "moderator" },
      texts: ["admin"],
      answers: { "GET /api/v1/monitor/health": () => assert.fail("it is not asked") },
    });
    await waitFor(() => findByText(/not found/i));
  });
});

const nowMs = Date.now();

const processOf = (id: string, parts: Partial<MonitoredProcess> = {}): MonitoredProcess => ({
  id,
  host: "nl-1",
  version: "1.5.0",
  services: ["gateway"],
  started_at: new Date(nowMs - 50 * 3_600_000).toISOString(),
  cpu: 0.31,
  memory_bytes: 420e6,
  connections: 12,
  event_loop_lag_ms: 3.2,
  state: "ready",
  ...parts,
});

const componentOf = (name: string, state: MonitoredComponent["state"] = "ok", message = ""): MonitoredComponent => ({
  name,
  kind: "database",
  state,
  message,
  latency_ms: 1.2,
  since: new Date(nowMs - 60_000).toISOString(),
});

const changeOf = (change: MonitoredProcessChange["change"]): MonitoredProcessChange => ({
  at: new Date(nowMs - 60_000).toISOString(),
  change,
  process: "media",
  host: "nl-2",
  version: "1.5.0",
  services: ["video", "user"],
});

const show = (
  processes: readonly MonitoredProcess[],
  components = [componentOf("database")],
  changes: readonly MonitoredProcessChange[] = [],
) =>
  showPage(<HealthPage />, {
    me: { role: "admin" },
    texts: ["admin"],
    answers: {
      "GET /api/v1/monitor/health": () => ({
        status: "ok",
        since: new Date(nowMs).toISOString(),
        processes,
        components,
        changes,
      }),
      "GET /api/v1/monitor/metrics": () => ({
        list: [
          {
            name: "process_cpu",
            labels: { process: "edge" },
            points: [
              [nowMs / 1_000 - 60, 0.2],
              [nowMs / 1_000, 0.31],
            ],
          },
        ],
      }),
    },
  });
