import {
  create,
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonObject,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { withHead } from "../wire/frame.ts";
import { GrpcError, status } from "../wire/grpc.ts";
import type { Route } from "./server-call.ts";

interface HealthParts {
  readonly ready: () => Promise<Record<string, string>>;
  readonly degradations: () => Promise<Record<string, string>>;
  readonly isStopping: () => boolean;
}

/** github.com/grpc/grpc-proto grpc/health/v1/health.proto, as far as it is older than its lists. */
const file: JsonObject = {
  name: "grpc/health/v1/health.proto",
  package: "grpc.health.v1",
  syntax: "proto3",
  messageType: [
    {
      name: "HealthCheckRequest",
      field: [{ name: "service", number: 1, type: "TYPE_STRING", label: "LABEL_OPTIONAL" }],
    },
    {
      name: "HealthCheckResponse",
      field: [
        {
          name: "status",
          number: 1,
          type: "TYPE_ENUM",
          typeName: ".grpc.health.v1.HealthCheckResponse.ServingStatus",
          label: "LABEL_OPTIONAL",
        },
      ],
      enumType: [
        {
          name: "ServingStatus",
          value: ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"].map((name, number) => ({ name, number })),
        },
      ],
    },
  ],
  service: [
    {
      name: "Health",
      method: [
        {
          name: "Check",
          inputType: ".grpc.health.v1.HealthCheckRequest",
          outputType: ".grpc.health.v1.HealthCheckResponse",
        },
        {
          name: "Watch",
          inputType: ".grpc.health.v1.HealthCheckRequest",
          outputType: ".grpc.health.v1.HealthCheckResponse",
          serverStreaming: true,
        },
      ],
    },
  ],
};
const serving = 1;
const notServing = 2;
const serviceUnknown = 3;
const watchEveryMs = 1_000;

/** The health service of gRPC over these services (by their full names); the empty name is the whole process. */
export function healthRoutes(
  services: ReadonlyMap<string, string>,
  { ready, degradations, isStopping }: HealthParts,
): { readonly registry: FileRegistry; readonly routes: readonly (readonly [path: string, route: Route])[] } {
  const registry = createFileRegistry(fromJson(FileDescriptorProtoSchema, file), () => undefined);
  const [request, response] = ["Request", "Response"].map((name) =>
    registry.getMessage(`grpc.health.v1.HealthCheck${name}`),
  );
  if (!request || !response) throw new TypeError("the health service is in its own file");
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
  const answer = (code: number): Buffer => withHead(toBinary(response, create(response, { status: code })));
  const check: Route = {
    kind: "unary",
    patienceMs: Infinity,
    async handle(message) {
      const current = await statusOf(serviceIn(request, message));
      if (current === serviceUnknown) throw new GrpcError(status.notFound, "no such service here");
      return answer(current);
    },
  };
  const watch: Route = {
    kind: "stream",
    patienceMs: Infinity,
    async *handle(message, { signal }) {
      const service = serviceIn(request, message);
      for (let last: number | undefined; !signal.aborted; ) {
        const current = await statusOf(service);
        if (current !== last) yield answer(current);
        last = current;
        await pause(watchEveryMs, signal);
      }
    },
  };
  const routes = [["/grpc.health.v1.Health/Check", check] as const, ["/grpc.health.v1.Health/Watch", watch] as const];
  return { registry, routes };
}

function serviceIn(request: DescMessage, message: Buffer): string {
  try {
    return (fromBinary(request, message) as unknown as { service: string }).service; // As its descriptor says.
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
