import type { Call, Client, Handlers, Host } from "#kernel";
import { readMixedCursor } from "#kernel/cursor";
import { auth } from "#services/auth/contract";
import { drive } from "#services/drive/contract";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { message } from "#services/message/contract";
import { moderation } from "#services/moderation/contract";
import { recommend } from "#services/recommend/contract";
import { relation } from "#services/relation/contract";
import { search } from "#services/search/contract";
import { streaming } from "#services/streaming/contract";
import { transcoder } from "#services/transcoder/contract";
import { transfer } from "#services/transfer/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { EventNotFound, EventConsumer, type worker } from "./contract.ts";
import { pageOfMerged, wantedOfEach } from "./merged.ts";

/** The contracts of the services that consume events; those that work off jobs are among them. */
export const eventConsumers = {
  auth,
  user,
  relation,
  upload,
  media,
  drive,
  transfer,
  transcoder,
  video,
  streaming,
  interaction,
  hashtag,
  search,
  recommend,
  message,
  moderation,
};

/** A call on behalf of whoever asked: those who keep what was given up note who decided about it. */
export const onBehalf =
  (call: Host["call"]) =>
  ({ traceId, signal, userId }: Call): Call =>
    call({ traceId, signal, ...(userId !== undefined && { userId }) });

type Answered = Pick<Handlers<typeof worker>, "deadEvents" | "retryEvent" | "discardEvent">;

/** What administrators do with dead letters, which their consumers keep. */
export function eventsOf({ client, call, log }: Pick<Host, "client" | "call" | "log">): Answered {
  const on = onBehalf(call);
  const of = (service: EventConsumer): Client<(typeof eventConsumers)[EventConsumer]> =>
    client(eventConsumers[service]);

  return {
    async deadEvents({ cursor, ...page }, asked) {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const limit = wantedOfEach(page);
      const found = await Promise.all(
        EventConsumer.options.map(async (service) => {
          const { items } = await of(service).deadEvents({ limit, ...(after && { after }) }, on(asked));
          return items.map((event) => ({ ...event, service }));
        }),
      );
      // Two dead letters of one event, at two consumers, have not died in the same millisecond.
      const all = found.flat().toSorted((a, b) => b.diedAtMs - a.diedAtMs || (a.id < b.id ? 1 : -1));
      return pageOfMerged(all, page, ({ diedAtMs, id }) => [diedAtMs, id]);
    },

    async retryEvent({ service, id }, asked) {
      const { isThere } = await of(service).retryEvent({ id }, on(asked));
      if (!isThere) throw EventNotFound({});
      log.info("a dead letter is pending again", { consumer: service, eventId: id, userId: asked.userId });
      return {};
    },

    async discardEvent({ service, id }, asked) {
      const { isThere } = await of(service).discardEvent({ id }, on(asked));
      if (!isThere) throw EventNotFound({});
      log.info("a dead letter is deleted", { consumer: service, eventId: id, userId: asked.userId });
      return {};
    },
  };
}

function placeOf(cursor: string): { diedAtMs: number; id: string } {
  const [diedAtMs, id] = readMixedCursor(cursor, ["number", "text"]);
  return { diedAtMs: Number(diedAtMs), id: String(id) };
}
