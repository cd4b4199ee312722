import { createFileRegistry, type FileRegistry, fromJson, type JsonObject } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";

interface HealthParts {
  readonly ready: () => Promise<Record<string, string>>;
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
  router: ConnectRouter,
  services: ReadonlyMap<string, string>,
  { ready, isStopping }: HealthParts,
): FileRegistry {
  const registry = createFileRegistry(fromJson(FileDescriptorProtoSchema, file), () => undefined);
  const service = registry.getService("grpc.health.v1.Health");
  if (!service) throw new TypeError("the health service is in its own file");
  const statusOf = async (asked: string): Promise<number> => {
    const name = services.get(asked);
    if (asked !== "" && name === undefined) return serviceUnknown;
    if (isStopping()) return notServing;
    const missing = await ready();
    const isFine = name === undefined ? Object.keys(missing).length === 0 : missing[name] === undefined;
    return isFine ? serving : notServing;
  };
  router.service(service, {
    async check(request: { service: string }) {
      const status = await statusOf(request.service);
      if (status === serviceUnknown) throw new ConnectError("no such service here", Code.NotFound);
      return { status };
    },
    async *watch(request: { service: string }, { signal }: HandlerContext) {
      for (let last: number | undefined; !signal.aborted; ) {
        const status = await statusOf(request.service);
        if (status !== last) yield { status };
        last = status;
        await pause(watchEveryMs, signal);
      }
    },
  } as never); // A service described at run time has no static type.
  return registry;
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
