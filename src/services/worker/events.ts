import type { Call, Client, Handlers, Host } from "#kernel";
import { readMixedCursor } from "#kernel/cursor";
import { auth } from "#services/auth/contract";
import { drive } from "#services/drive/contract";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { message } from "#services/message/contract";
import { moderation } from "#services/moderation/contract";
import { relation } from "#services/relation/contract";
import { search } from "#services/search/contract";
import { streaming } from "#services/streaming/contract";
import { transcoder } from "#services/transcoder/contract";
import { transfer } from "#services/transfer/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { EventNotFound, Teller, type worker } from "./contract.ts";
import { pageOfMerged, wantedOfEach } from "./merged.ts";

/** The contracts of those who tell events; who works off jobs is among them. */
export const tellers = {
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
  message,
  moderation,
};

/** A call on behalf of whoever asked: those who keep what was given up note who decided about it. */
export const onBehalf =
  (call: Host["call"]) =>
  ({ traceId, signal, userId }: Call): Call =>
    call({ traceId, signal, ...(userId !== undefined && { userId }) });

type Answered = Pick<Handlers<typeof worker>, "deadEvents" | "retryEvent" | "discardEvent">;

/** What administrators do with events that were given up: whoever told an event has it. */
export function eventsOf({ client, call, log }: Pick<Host, "client" | "call" | "log">): Answered {
  const on = onBehalf(call);
  const of = (service: Teller): Client<(typeof tellers)[Teller]> => client(tellers[service]);

  return {
    async deadEvents({ cursor, ...page }, asked) {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const limit = wantedOfEach(page);
      const found = await Promise.all(
        Teller.options.map(async (service) => {
          const { items } = await of(service).deadEvents({ limit, ...(after && { after }) }, on(asked));
          return items.map((event) => ({ ...event, service }));
        }),
      );
      // No two events have one id, whoever told them.
      const all = found.flat().toSorted((a, b) => b.diedAtMs - a.diedAtMs || (a.id < b.id ? 1 : -1));
      return pageOfMerged(all, page, ({ diedAtMs, id }) => [diedAtMs, id]);
    },

    async retryEvent({ service, id }, asked) {
      const { isThere } = await of(service).retryEvent({ id }, on(asked));
      if (!isThere) throw EventNotFound({});
      log.info("an event that was given up is told again", { teller: service, eventId: id, userId: asked.userId });
      return {};
    },

    async discardEvent({ service, id }, asked) {
      const { isThere } = await of(service).discardEvent({ id }, on(asked));
      if (!isThere) throw EventNotFound({});
      log.info("an event that was given up is let go of", { teller: service, eventId: id, userId: asked.userId });
      return {};
    },
  };
}

function placeOf(cursor: string): { diedAtMs: number; id: string } {
  const [diedAtMs, id] = readMixedCursor(cursor, ["number", "text"]);
  return { diedAtMs: Number(diedAtMs), id: String(id) };
}
