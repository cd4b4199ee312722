import { demoRequested } from "#events/auth";
import { job, on, plugin } from "#kernel";
import { auth } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { message } from "#services/message/contract";
import { relation } from "#services/relation/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { demo } from "./contract.ts";
import { migrations } from "./migrations.ts";
import { type DemoHost, Settings } from "./settings.ts";

const leaseMs = 60_000;

export const demoPlugin = plugin({
  contract: demo,
  needs: [auth, upload, media, video, interaction, user, relation, message],
  migrations,
  settings: Settings,
  start(host: DemoHost) {
    return {
      handlers: {},
      subscriptions: [
        on(demoRequested, async (tx, { requestId }) => {
          await host.jobs.add(tx, "demo", { payload: {}, uniqueKey: String(requestId) });
        }),
      ],
      jobs: [
        job({
          kind: "demo",
          concurrency: 1,
          attemptsMax: 3,
          leaseMs,
          // The drawings are loaded here alone: a server that is not asked for them has none of them in memory.
          run: async (task) => (await import("#demo/content")).addContent(host, task),
        }),
      ],
    };
  },
});
