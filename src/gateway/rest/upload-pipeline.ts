import type { Call } from "#kernel";
import type { UploadField } from "#kernel/contract";
import { WrongType } from "#kernel/http/errors";
import type { HttpRequest, HttpRoute } from "#kernel/http/port";
import { withoutIdempotencyKey } from "../uploads/idempotency-key.ts";
import { Uploads } from "../uploads/uploads.ts";
import type { Input, Steps } from "../pipeline.ts";

/** Long enough for any upload over any connection; the work after the last byte has limits of its own. */
export const uploadWaitMs = 12 * 3_600_000;

interface UploadSteps extends Steps {
  readonly upload: UploadField;
  /** Stores the bytes of the body. @returns the input of the method, which refers to the stored bytes */
  readonly receive: (request: HttpRequest, call: Call) => Promise<Input>;
  /** Removes stored bytes whose call was refused. */
  readonly discard: (input: Input, error: unknown) => Promise<void>;
}

/** One request that may carry a file: its bytes are stored while they arrive, and become a field of the input. */
export function createUploadPipeline({ upload, ...steps }: UploadSteps): HttpRoute["handler"] {
  const { admit, read, receive, discard, call: callService, compose, write } = steps;
  return async (request, reply) => {
    const admitted = await admit(request, reply);
    const call = upload.gives === "piece" ? withoutIdempotencyKey(admitted) : admitted;
    const hasBytes = Uploads.hasBytes(request, upload);
    // A client names stored content by its media id alone; everything else arrives as the bytes themselves.
    if (!hasBytes && upload.gives !== "mediaId") throw WrongType({});
    const input = hasBytes ? await receive(request, call) : await read(request, call);
    const answer = await callService(input, call, request, reply).catch(async (error: unknown) => {
      if (hasBytes) await discard(input, error);
      throw error;
    });
    const composed = compose ? await compose(answer, call) : answer;
    return write(composed, input, call, request, reply);
  };
}

/** Aborts when the client disconnects before its request is complete. */
export function whileConnected({ raw }: HttpRequest): AbortSignal {
  const disconnected = new AbortController();
  raw.once("close", () => raw.complete || disconnected.abort(new Error("the client went away")));
  return disconnected.signal;
}
