import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** Of the ten seconds a stop may take, what requests that are under way get; jobs and the database have the rest. */
const patienceMs = 5_000;

/**
 * How to close a port: nothing new comes in, what is under way gets a while, then connections are cut, as an upload may
 * go on for hours. Call it before the port listens.
 */
export function closerOf(app: FastifyInstance): () => Promise<void> {
  const open = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return async () => {
    const late = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, patienceMs);
    await app.close();
    clearTimeout(late);
  };
}
