import type { OutgoingHttpHeaders } from "node:http2";
import { z } from "zod";
import { asKinoraError, DeadlineExceeded, KinoraError, type Kind, kinds } from "../../errors.ts";
import { GrpcError, messageText, status, statusOfHttp, textOfMessage } from "./grpc.ts";

/** Carries what a status code and a sentence cannot: base64 of JSON, as `-bin` headers are. */
const errorHeader = "kinora-error-bin";
/** Other clients take 8 KiB of headers at least; a longer error is sent without its details. */
const carriedBytesMax = 6 * 1_024;

const kindNames = Object.keys(kinds) as [Kind, ...Kind[]]; // An object's own keys, and there are eight.
const Carried = z.object({
  kind: z.enum(kindNames),
  code: z.string(),
  message: z.string(),
  details: z.looseObject({}),
  http: z.int(),
});

/** An error as trailers: the status of its kind, its sentence, and all the rest beside it. Causes stay here. */
export function errorTrailers(error: unknown): OutgoingHttpHeaders {
  if (error instanceof GrpcError) {
    const headers = { "grpc-status": String(error.code), "grpc-message": messageText(error.message) };
    // Also where a compressed message was refused: the client must learn what is taken instead.
    return error.code === status.unimplemented ? { ...headers, "grpc-accept-encoding": "identity" } : headers;
  }
  const { kind, code, message, details, http, grpc } = asKinoraError(error);
  const encodeWith = (ownDetails: object) =>
    Buffer.from(JSON.stringify({ kind, code, message, details: ownDetails, http })).toString("base64");
  const whole = encodeWith(details);
  return {
    "grpc-status": String(code === DeadlineExceeded.code ? status.deadlineExceeded : grpc),
    "grpc-message": messageText(message),
    [errorHeader]: whole.length > carriedBytesMax ? encodeWith({}) : whole,
  };
}

type Headers = Readonly<Record<string, unknown>>;

/**
 * The error in the headers or trailers that end an answer: none where all is well, the very error that left where one
 * of ours answered, else a {@link GrpcError}.
 */
export function errorOf(trailers: Headers): KinoraError | GrpcError | undefined {
  const code = trailers["grpc-status"];
  if (code === "0") return undefined;
  if (typeof code !== "string" || !/^\d{1,3}$/.test(code)) {
    const http = Number(trailers[":status"] ?? 200);
    return http === 200
      ? new GrpcError(status.unknown, "the answer ended without a status")
      : new GrpcError(statusOfHttp(http), `the answer is no gRPC: HTTP ${http}`);
  }
  const carried = trailers[errorHeader];
  if (typeof carried === "string") {
    try {
      return new KinoraError(Carried.parse(JSON.parse(Buffer.from(carried, "base64").toString())));
    } catch {
      // Then its status alone describes it.
    }
  }
  const text = trailers["grpc-message"];
  return new GrpcError(Number(code), typeof text === "string" ? textOfMessage(text) : "");
}
