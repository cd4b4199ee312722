import type { EndpointPort } from "#chain/endpoints/port";
import { AnswerTooLarge, createConfiguredServer } from "#kernel/outgoing/configured";

/** An endpoint at an address of the configuration, whose key may be in the path, the query or the user. */
export function createEndpoint(url: string): EndpointPort {
  const server = createConfiguredServer(url);
  // The server of a configured address keeps its path, and each request brings the query.
  const path = new URL(url).search;
  return {
    async ask(body, { answerBytesMax, signal }) {
      try {
        return await server.ask({ method: "POST", path, body, answerBytesMax, signal });
      } catch (error) {
        if (error instanceof AnswerTooLarge) return "too_large";
        throw error;
      }
    },
  };
}
