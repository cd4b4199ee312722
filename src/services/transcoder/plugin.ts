import { mediaDeleted, transcodeCancelled, transcodeRequested } from "#events/media";
import {
  transcodeProgress,
  transcodingCompleted,
  transcodingExtras,
  transcodingFailed,
  transcodingStarted,
} from "#events/transcoder";
import { audited, type Host, joinHandlers, on, plugin } from "#kernel";
import { createChildren } from "#media/process/children";
import { media } from "#services/media/contract";
import { Supply } from "#media/process/supply";
import { createRecordedChildren, endLeftovers, createTableRecords } from "./attempt/leftovers.ts";
import { createCapabilities } from "./capabilities.ts";
import { transcoder } from "./contract.ts";
import { MemoryShortage } from "./jobs/memory-shortage.ts";
import { createPoolJobs } from "./jobs/pool.ts";
import { addJob, kinds, type TaskKind } from "./jobs/task.ts";
import { createWork } from "./jobs/work.ts";
import { migrations } from "./migrations.ts";
import { createAdministration } from "./runners/administration.ts";
import { createLender } from "./runners/lender.ts";
import { createLoans } from "./runners/loans.ts";
import { createRegistry } from "./runners/registry.ts";
import { createReports } from "./runners/reports.ts";
import { Settings } from "./settings.ts";
import type * as store from "./store.ts";

/** A process that transcodes itself repackages new uploads itself: that is over before a runner has their bytes. */
const lentBeside: readonly TaskKind[] = ["quick", "ladder", "extras"];

/** Works in several kinds of job (`jobs/`), so that no upload waits for the long encode of another user. */
export const transcoderPlugin = plugin({
  contract: transcoder,
  needs: [media],
  migrations,
  events: [transcodingStarted, transcodeProgress, transcodingCompleted, transcodingExtras, transcodingFailed, audited],
  settings: Settings,
  async start(host: Host<store.Tables, Settings>) {
    const { db, jobs, settings, environment, log } = host;
    const system = createChildren(environment.children);
    const records = createTableRecords(db);
    const ended = await endLeftovers({ records, children: system, log });
    if (ended > 0) log.info("media processes of a process that died were ended", { ended });
    const supply = new Supply({
      configured: settings.ffmpeg,
      searchPath: environment.searchPath,
      sandbox: settings.sandbox,
      children: createRecordedChildren({ records, children: system, log }),
      log,
    });
    // The search begins here, so that the first upload need not wait for it.
    const search = supply.tools().catch((error: unknown) => log.warn("no media tools", { err: error }));
    const shortage = new MemoryShortage(settings.shortageMs);
    const { emit, blob, call, now, client } = host;
    const work = createWork(
      {
        emit,
        blob,
        settings,
        call,
        log,
        now,
        disk: environment.disk,
        media: client(media),
        addJob: (tx, kind, task) => addJob(jobs, tx, kind, task),
      },
      supply,
      shortage,
    );
    const pool = createPoolJobs(host);

    const poolJobs = [
      pool.required("first", work.first),
      pool.required("quick", work.quick),
      pool.required("ladder", work.ladder),
      pool.optional("extras", work.extras),
    ];
    const { ladder, version: serverVersion } = settings;
    const lent = settings.workers === 0 ? kinds : lentBeside;
    const loanParts = { host, kinds: poolJobs, lent, ladder, serverVersion };
    const loans = createLoans(loanParts);

    return {
      handlers: joinHandlers(
        createCapabilities(host, supply),
        createAdministration(host),
        createRegistry(host, serverVersion),
        createLender(loans, loanParts),
        createReports(loans, loanParts),
      ),

      subscriptions: [
        on(transcodeRequested, async (tx, { isFirst, ...task }) => {
          await addJob(jobs, tx, isFirst ? "first" : "ladder", task);
        }),
        on(transcodeCancelled, async (tx, { mediaId }) => {
          // A running job learns of it at its next heartbeat and ends its processes.
          await jobs.cancelAll(tx, kinds, String(mediaId));
        }),
        on(mediaDeleted, async (tx, { mediaId }) => {
          await jobs.cancelAll(tx, kinds, String(mediaId));
        }),
      ],

      jobs: poolJobs,

      async stop() {
        await search;
      },
    };
  },
});
