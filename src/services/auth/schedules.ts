import type { Host, Schedule } from "#kernel";
import * as accountStore from "./account-store.ts";
import * as alertStore from "./alerts/alert-store.ts";
import { alertsKeptMs } from "./alerts/alerts.ts";
import * as ticketStore from "./factors/ticket-store.ts";
import * as invitationStore from "./invitations/invitation-store.ts";
import * as mailStore from "./mail/mail-store.ts";
import * as undoStore from "./mail/undo-store.ts";
import * as flowStore from "./oidc/flow-store.ts";
import * as challengeStore from "./passkeys/challenge-store.ts";
import * as deviceStore from "./sessions/device-store.ts";
import * as store from "./store.ts";
import * as walletChallengeStore from "./wallets/challenge-store.ts";

/** A key signs for so long, and what it signed is valid until the next one is replaced: longer than a session lasts. */
const signingKeyMs = 31 * 24 * 3_600_000;
/** Administrators can look up a deletion for this long after its last receipt. */
const deletionsKeptMs = 365 * 24 * 3_600_000;

/** The replacement of the signing key, and the removal of what has ended. */
export const schedulesOf = ({
  db,
  now,
  rotateKey,
}: Pick<Host<store.Tables>, "db" | "now" | "rotateKey">): readonly Schedule[] => [
  { name: "auth.signing_key", pattern: "41 3 * * *", run: () => rotateKey("signing", signingKeyMs) },
  {
    name: "auth.sessions",
    pattern: "23 * * * *",
    run: () =>
      db.tx(async (tx) => {
        await store.forgetSessions(tx, now());
        await accountStore.forgetResets(tx, now());
        await mailStore.forgetVerifications(tx, now());
        await undoStore.forgetUndos(tx, now());
        await ticketStore.forgetTickets(tx, now());
        await challengeStore.forgetChallenges(tx, now());
        await walletChallengeStore.forgetChallenges(tx, now());
        await flowStore.forgetFlows(tx, now());
        await deviceStore.forgetDevices(tx, now());
        await invitationStore.forgetInvitations(tx, now());
        await alertStore.forgetAlerts(tx, now() - alertsKeptMs);
        await accountStore.forgetDeletions(tx, now() - deletionsKeptMs);
      }),
  },
];
