import { createHash } from "node:crypto";
import { type BlobStore, type Call, failure, KinoraError, type StoredBlob } from "#kernel";
import { openReferenced } from "#kernel/blob/damaged";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { OutputsTooLarge, transcoder } from "#services/transcoder/contract";
import { UploadInterrupted } from "#services/upload/contract";
import type { ClientOf } from "../client-of.ts";
import { type ObjectParts, sendObject } from "../delivery/object-response.ts";
import { idOf } from "../delivery/streams.ts";
import type { Admission } from "../identity/admission.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { drain } from "./form.ts";

const bytes = { group: "runners", scope: "none", auth: "public", rate: "part", credential: "header" } as const;

/** The bytes that runners read and send; each request has the runner's token in `x-kinora-runner`. */
export const runnerRoutes: readonly RawRoute[] = [
  {
    ...bytes,
    verb: "GET",
    path: "/api/v1/runners/jobs/:id/file",
    name: "runnerBytes",
    summary: "A file that the job of a runner is made of, by range.",
    answers: "application/octet-stream",
    query: ["fence", "key"],
    kind: "query",
  },
  {
    ...bytes,
    verb: "PUT",
    path: "/api/v1/runners/jobs/:id/outputs/:sha256",
    name: "runnerOutputBytes",
    summary: "Stores a file that a runner made for its job, under the hash of its bytes.",
    answers: "application/json",
    query: ["fence"],
    takes: ["application/octet-stream"],
    kind: "command",
  },
];

const OutputDiffers = failure("invalid", "runner.output_differs", "the bytes are not those of this hash");
/** Long enough for any file over any connection. */
const waitMs = 12 * 3_600_000;

interface RunnerFileParts extends ObjectParts {
  readonly admission: Admission;
  readonly client: ClientOf;
}

/** Files of the jobs that runners hold. The service transcoder decides about access. */
export function runnerFiles(server: HttpServer, { client, admission, ...parts }: RunnerFileParts): void {
  const runners = client(transcoder);

  const route = (
    name: string,
    handle: (request: HttpRequest, reply: HttpReply, holding: Holding, call: Call) => Promise<unknown>,
  ) => {
    const declared = routeNamed(runnerRoutes, name);
    server.route({
      method: declared.verb,
      url: declared.path,
      declared: `transcoder.${name}`,
      service: "transcoder",
      ...(declared.verb === "PUT" && { takes: "any" }),
      async handler(request, reply) {
        try {
          const call = await admission.admit(declared, declared.group, request, reply, waitMs);
          return await handle(request, reply, holdingOf(request), call);
        } catch (error) {
          if (declared.verb === "PUT") drain(request.raw);
          throw error;
        }
      },
    });
  };

  route("runnerBytes", async (request, reply, holding, call) => {
    const { key } = await runners.runnerFile({ ...holding, key: textOf(request.query["key"]) }, call);
    const object = await openReferenced(parts.blob, key);
    const { sizeBytes } = object;
    await object.close();
    return sendObject(request, reply, { key, sizeBytes, mime: "application/octet-stream", isPublic: false }, parts);
  });

  route("runnerOutputBytes", async (request, reply, holding, call) => {
    const { bytesMax } = await runners.runnerOutput(holding, call);
    const { key, sizeBytes } = await storeOutput(request, parts.blob, textOf(request.params["sha256"]), bytesMax);
    // The lease may have passed to another worker meanwhile: then the object is no output, and is swept as any other.
    await runners.addRunnerOutput({ ...holding, key, sizeBytes }, call);
    return reply.code(204).send();
  });
}

interface Holding {
  readonly id: number;
  readonly runnerToken: string;
  readonly fence: number;
}

const textOf = (value: string | string[] | undefined): string => (typeof value === "string" ? value : "");

function holdingOf(request: HttpRequest): Holding {
  const fence = Number(textOf(request.query["fence"]));
  return {
    id: idOf(request.params["id"]),
    runnerToken: textOf(request.headers["x-kinora-runner"]).slice(0, 100),
    fence: Number.isSafeInteger(fence) && fence >= 0 ? fence : 0,
  };
}

/** Stores the body of a request, if its bytes are those of the hash and not too many. */
async function storeOutput(
  { raw }: HttpRequest,
  blob: BlobStore,
  sha256: string,
  bytesMax: number,
): Promise<StoredBlob> {
  const writer = await blob.create("media");
  try {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    for await (const chunk of raw) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > bytesMax) throw OutputsTooLarge({ bytesMax });
      hash.update(chunk);
      await writer.write(chunk);
    }
    if (hash.digest("hex") !== sha256) throw OutputDiffers({});
    return await writer.commit();
  } catch (error) {
    throw error instanceof KinoraError ? error : UploadInterrupted({}, error);
  } finally {
    await writer.abort();
  }
}
