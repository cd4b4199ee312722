import type { Handlers, Host } from "#kernel";
import { allowedAt } from "#media/process/denials";
import { knownFaults } from "#media/process/known-faults";
import type { Tools } from "#media/process/tools";
import type { Supply } from "#media/process/supply";
import type { transcoder } from "./contract.ts";
import { kinds } from "./jobs/task.ts";

/** The abilities of the transcoder, and the number of waiting jobs. */
export function createCapabilities(
  { jobs, gauge }: Pick<Host, "jobs" | "gauge">,
  supply: Supply,
): Pick<Handlers<typeof transcoder>, "decoders" | "capabilities"> {
  async function jobCounts(): Promise<{ queued: number; running: number }> {
    const counts = await Promise.all(kinds.map((kind) => jobs.count(kind)));
    const sum = (state: "queued" | "running") => counts.reduce((total, count) => total + count[state], 0);
    return { queued: sum("queued"), running: sum("running") };
  }

  // Autoscalers add and remove workers by this metric.
  gauge("transcode_jobs", "transcoding jobs that wait or run", ["state"], async () => {
    const { queued, running } = await jobCounts();
    return [
      [queued, { state: "queued" }],
      [running, { state: "running" }],
    ];
  });

  return {
    decoders: async () => presentTools(await supply.tools()),

    async capabilities() {
      const tools = await supply.tools();
      return { ...presentTools(tools), ...(await jobCounts()) };
    },
  };
}

/** The decoder of uploaded files, its known vulnerabilities, and its sandbox. */
const presentTools = (tools: Tools | undefined) => ({
  ffmpeg: tools?.ffmpeg.path ?? null,
  version: tools?.ffmpeg.version ?? null,
  faults: tools ? knownFaults(tools.ffmpeg.version) : null,
  sandbox: tools?.sandbox.level ?? "none",
  allowed: allowedAt(tools?.sandbox.level ?? "none"),
});
