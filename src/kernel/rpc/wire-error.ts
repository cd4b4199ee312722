import { ConnectError } from "@connectrpc/connect";
import { z } from "zod";
import { asKinoraError, KinoraError, type Kind, kinds } from "../errors.ts";

/** Carries what a status code and a sentence cannot: base64 of JSON, as `-bin` headers are. */
const errorHeader = "kinora-error-bin";

const kindNames = Object.keys(kinds) as [Kind, ...Kind[]]; // An object's own keys, and there are eight.
const Carried = z.object({
  kind: z.enum(kindNames),
  code: z.string(),
  message: z.string(),
  details: z.looseObject({}),
  http: z.int(),
});

/** An error as it leaves: the gRPC code of its kind, its sentence, and all the rest beside it. Causes stay here. */
export function toConnect(error: unknown): ConnectError {
  const { kind, code, message, details, http, grpc } = asKinoraError(error);
  const carried = Buffer.from(JSON.stringify({ kind, code, message, details, http })).toString("base64");
  return new ConnectError(message, grpc, { [errorHeader]: carried }); // Connect's codes are gRPC's numbers.
}

/** The very error that left; undefined where the other side told none, so that the way there failed. */
export function fromConnect(error: ConnectError): KinoraError | undefined {
  const carried = error.metadata.get(errorHeader);
  if (carried === null) return undefined;
  try {
    return new KinoraError(Carried.parse(JSON.parse(Buffer.from(carried, "base64").toString())));
  } catch {
    return undefined;
  }
}
