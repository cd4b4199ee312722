import { createCodecs } from "../wire/codec.ts";
import { headBytes, fillHead } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import type { Field, Message } from "../wire/shape.ts";
import type { Route } from "./server-call.ts";

interface HealthParts {
  readonly ready: () => Promise<Record<string, string>>;
  readonly degradations: () => Promise<Record<string, string>>;
  readonly isStopping: () => boolean;
}

const message = (name: string, key: string, type: Field["type"]): Message => ({
  name,
  form: "object",
  fields: [{ key, name: key, type, label: "required", isNull: false }],
});
const codecOf = createCodecs({ of: () => 1, removedNumbers: () => new Map() });
const request = codecOf(message("HealthCheckRequest", "service", "string"));
const response = codecOf(message("HealthCheckResponse", "status", "int64"));

/** Values of `ServingStatus`. */
const serving = 1;
const notServing = 2;
const serviceUnknown = 3;
const watchEveryMs = 1_000;

/** The health service of gRPC over these services (by their full names); the empty name is the whole process. */
export function healthRoutes(
  services: ReadonlyMap<string, string>,
  { ready, degradations, isStopping }: HealthParts,
): readonly (readonly [path: string, route: Route])[] {
  const statusOf = async (service: string): Promise<number> => {
    const name = services.get(service);
    if (service !== "" && name === undefined) return serviceUnknown;
    if (isStopping()) return notServing;
    const missing = await ready();
    const isFine =
      name === undefined
        ? Object.keys(missing).length === 0
        : missing[name] === undefined && (await degradations())[name] === undefined;
    return isFine ? serving : notServing;
  };
  const answer = (code: number): Buffer => fillHead(response.encode({ status: code }, headBytes));
  const check: Route = {
    kind: "unary",
    patienceMs: Infinity,
    async handle(message) {
      const current = await statusOf(serviceIn(message));
      if (current === serviceUnknown) throw new GrpcError(status.notFound, "no such service here");
      return answer(current);
    },
  };
  const watch: Route = {
    kind: "stream",
    patienceMs: Infinity,
    async *handle(message, { signal }) {
      const service = serviceIn(message);
      for (let last: number | undefined; !signal.aborted; ) {
        const current = await statusOf(service);
        if (current !== last) yield answer(current);
        last = current;
        await pause(watchEveryMs, signal);
      }
    },
  };
  return [
    ["/grpc.health.v1.Health/Check", check],
    ["/grpc.health.v1.Health/Watch", watch],
  ];
}

function serviceIn(message: Buffer): string {
  try {
    return (request.decode(message) as { service: string }).service; // Its one field.
  } catch (error) {
    throw new GrpcError(status.invalidArgument, "this is no message of the health service", { cause: error });
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end);
  });
