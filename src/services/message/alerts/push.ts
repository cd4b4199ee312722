import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host, type Id, job, type JobKind, type Tx } from "#kernel";
import { SignInFirst } from "#kernel/errors";
import { firstCharacters } from "#kernel/text";
import { auth } from "#services/auth/contract";
import { TooManySubscriptions } from "../contract.ts";
import * as notificationStore from "../notifications/notification-store.ts";
import type { Tables } from "../store.ts";
import type { Due } from "./alert-store.ts";
import { type News, type NewMessage, createPushContent } from "./push-content.ts";
import type { PushSender } from "./push-sender.ts";
import * as pushStore from "./push-store.ts";

/** News for one device. */
type Order = { readonly endpointHash: string } & News;

const devicesMax = 20;
/** More is fetched with the message itself. */
const contentMax = 400;

type PushHost = Pick<Host<Tables>, "db" | "client" | "call" | "jobs">;

/** Push messages to devices whose users asked for them (RFC 8030, 8291, 8292). */
export interface PushMessages {
  readonly jobKind: JobKind;
  readonly notify: (tx: Tx<Tables>, due: readonly Due[]) => Promise<void>;
  readonly notifyMessage: (tx: Tx<Tables>, receiverId: Id, message: NewMessage) => Promise<void>;
}

export function createPushMessages(host: PushHost, { send }: Pick<PushSender, "send">): PushMessages {
  const { db, client, call, jobs } = host;
  const { messagesFor } = createPushContent(host);

  /** Orders of these users' devices, in the transaction that stores what they are about. */
  async function order(tx: Tx<Tables>, userIds: readonly Id[], of: (userId: Id) => object): Promise<void> {
    for (const { userId, endpointHash } of await pushStore.devicesOf(tx, userIds))
      await jobs.add(tx, "push", { payload: { endpointHash, ...of(userId) }, ownerId: userId });
  }

  const jobKind: JobKind = job<Order>({
    kind: "push",
    concurrency: 8,
    attemptsMax: 8,
    leaseMs: 60_000,
    async run(running) {
      const { endpointHash } = running.payload;
      const device = await pushStore.device(db, endpointHash);
      if (!device) return;
      const { alive } = await client(auth).standing({ sessionId: device.sessionId }, call());
      const remove = () =>
        running.finish(async (tx: Tx<Tables>) => void (await pushStore.removeByHash(tx, endpointHash)));
      if (!alive) return remove();
      for (const message of await messagesFor(device.userId, running.payload))
        if ((await send(device, message, running.signal)) === "gone") return remove();
    },
  });

  return {
    jobKind,
    notify: (tx: Tx<Tables>, due: readonly Due[]) => {
      const first = new Map(due.toReversed().map(({ userId, firstSeq }) => [userId, firstSeq]));
      return order(tx, [...first.keys()], (userId) => ({ firstSeq: first.get(userId) }));
    },
    notifyMessage: (tx: Tx<Tables>, receiverId: Id, message: NewMessage) =>
      order(tx, [receiverId], () => ({
        message: { ...message, content: firstCharacters(message.content, contentMax) },
      })),
  };
}

/** The devices of users that get push messages. */
export function createPushDevices(
  { db, now, outgoing }: Pick<Host<Tables>, "db" | "now" | "outgoing">,
  { keys }: Pick<PushSender, "keys">,
) {
  return {
    pushKey: async () => ({ publicKey: (await keys()).publicKey }),

    async subscribe({ endpoint, keys: { p256dh, auth: authKey } }: Subscription, caller: Call) {
      const userId = callerOf(caller);
      const { sessionId } = caller;
      if (sessionId === undefined) throw SignInFirst({});
      outgoing.check(endpoint);
      await db.tx(async (tx) => {
        await requireAccount(tx, userId);
        await notificationStore.lockSettings(tx, userId);
        await pushStore.removeDevice(tx, userId, endpoint);
        if ((await pushStore.devicesOf(tx, [userId])).length >= devicesMax) throw TooManySubscriptions({});
        await pushStore.addDevice(tx, { userId, sessionId, endpoint, p256dh, auth: authKey }, now());
      });
      return {};
    },

    async unsubscribe({ endpoint }: { endpoint: string }, caller: Call) {
      await db.tx((tx) => pushStore.removeDevice(tx, callerOf(caller), endpoint));
      return {};
    },
  };
}

interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}
