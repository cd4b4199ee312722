import { userErased } from "#events/auth";
import {
  accountSwept,
  blocklistChanged,
  contentApproved,
  contentRemoved,
  contentRestored,
  decisionMade,
  sweepUndone,
  userBanned,
  userMuted,
  userUnbanned,
  userUnmuted,
} from "#events/moderation";
import { audited, type Host, plugin, joinHandlers } from "#kernel";
import { createCountProjection } from "#kernel/db/counts";
import { auth } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { hashtag } from "#services/hashtag/contract";
import { live } from "#services/live/contract";
import { message } from "#services/message/contract";
import { search } from "#services/search/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { createBlocklist } from "./blocklist.ts";
import * as caseStore from "./case-store.ts";
import { createCases } from "./cases.ts";
import { createClaims } from "./claims.ts";
import { moderation } from "./contract.ts";
import { endExpired } from "./expiry.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createNotes } from "./notes/notes.ts";
import { projectionsOf } from "./reconciliation.ts";
import { subscriptionsOf } from "./replicas.ts";
import { createReports } from "./reports.ts";
import * as store from "./store.ts";
import { createSweeps } from "./sweeps/sweeps.ts";
import { createVerdicts } from "./verdicts.ts";

const hourMs = 3_600_000;
/** Late events of deleted accounts and things come within this time. */
const deletedKeepMs = 24 * hourMs;

export const moderationPlugin = plugin({
  contract: moderation,
  needs: [auth, user, video, interaction, hashtag, message, search, live],
  migrations,
  partitionKeys,
  events: [
    audited,
    userErased,
    userMuted,
    userUnmuted,
    userBanned,
    userUnbanned,
    contentRemoved,
    contentRestored,
    contentApproved,
    decisionMade,
    accountSwept,
    sweepUndone,
    blocklistChanged,
  ],
  start(host: Host<store.Tables>) {
    const { db, now, call } = host;
    const sweeps = createSweeps(host);
    return {
      handlers: joinHandlers(
        createVerdicts(host),
        createBlocklist(host),
        createReports(host),
        createCases(host),
        createClaims(host),
        createNotes(host),
        sweeps.handlers,
      ),

      subscriptions: subscriptionsOf(host),

      jobs: [...sweeps.jobs],

      schedules: [
        { name: "moderation.ends", pattern: "* * * * *", run: () => endExpired(host) },
        {
          // A thread is deleted with its top comment, and only the deletion of that is published.
          name: "moderation.things",
          pattern: "43 4 * * *",
          async run() {
            const { things } = projectionsOf(host);
            for (const projection of things) for await (const _ of projection.repair(call({ waitMs: hourMs })));
          },
        },
        {
          name: "moderation.forget",
          pattern: "19 4 * * *",
          run: async () => void (await db.tx((tx) => store.deleteTombstones(tx, now() - deletedKeepMs))),
        },
      ],
    };
  },
  projections: (host) => [createCountProjection(host.db, caseStore.counts), ...projectionsOf(host).all],
});
