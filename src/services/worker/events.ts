import type { Handlers, Host } from "#kernel";
import { readMixedCursor } from "#kernel/cursor";
import { createClientByName, createOnBehalf, rowsOfAll } from "./administered-services.ts";
import { EventNotFound, type worker } from "./contract.ts";
import { pageOfMerged, wantedOfEach } from "./merged-page.ts";

type EventHandlers = Pick<Handlers<typeof worker>, "deadEvents" | "retryEvent" | "discardEvent">;

/** The administration of dead letters, which stay with their consumers. */
export function createEventHandlers(host: Pick<Host, "services" | "client" | "call" | "log">): EventHandlers {
  const { call: newCall, log } = host;
  const behalf = createOnBehalf(newCall);
  const clientOf = createClientByName(host);

  return {
    async deadEvents({ cursor, ...page }, call) {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const limit = wantedOfEach(page);
      const rows = await rowsOfAll(host, async ({ service, client }) => {
        const { items } = await client.deadEvents({ limit, ...(after && { after }) }, behalf(call));
        return items.map((event) => ({ ...event, service }));
      });
      // Two dead letters of one event, at two consumers, have not died in the same millisecond.
      const all = rows.toSorted((a, b) => b.diedAtMs - a.diedAtMs || (a.id < b.id ? 1 : -1));
      return pageOfMerged(all, page, ({ diedAtMs, id }) => [diedAtMs, id]);
    },

    async retryEvent({ service, id }, call) {
      const answer = await clientOf(service)?.retryEvent({ id }, behalf(call));
      if (!answer?.isThere) throw EventNotFound({});
      log.info("a dead letter is pending again", { consumer: service, eventId: id, userId: call.userId });
      return {};
    },

    async discardEvent({ service, id }, call) {
      const answer = await clientOf(service)?.discardEvent({ id }, behalf(call));
      if (!answer?.isThere) throw EventNotFound({});
      log.info("a dead letter is deleted", { consumer: service, eventId: id, userId: call.userId });
      return {};
    },
  };
}

function placeOf(cursor: string): { diedAtMs: number; id: string } {
  const [diedAtMs, id] = readMixedCursor(cursor, ["number", "text"]);
  return { diedAtMs: Number(diedAtMs), id: String(id) };
}
