import { z } from "zod";
import { EndpointError, type EndpointPort } from "./port.ts";

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export type RpcAnswer =
  | { readonly result: unknown; readonly error?: undefined }
  | { readonly error: { readonly code: number } };

export const answerBytesMax = 256 * 1024;

const Envelope = z.object({
  id: z.int().min(0),
  result: z.unknown().optional(),
  error: z.object({ code: z.int() }).nullish(),
});

/**
 * The answers of one batch, in the order of its calls.
 * @throws {EndpointError} unless each call has exactly one answer
 */
export async function askBatch(
  endpoint: EndpointPort,
  calls: readonly RpcCall[],
  signal: AbortSignal,
): Promise<readonly RpcAnswer[]> {
  const bodies = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
  // Some providers count a batch of one as a batch, and allow none.
  const body = JSON.stringify(bodies.length === 1 ? bodies[0] : bodies);
  const answer = await endpoint.ask(body, { answerBytesMax, signal }).catch((cause: unknown) => {
    throw new EndpointError("no_answer", { cause });
  });
  if (answer === "too_large") throw new EndpointError("too_large");
  if (answer.status !== 200) throw new EndpointError("no_answer");
  const envelopes = z.array(Envelope).safeParse(wrapOne(parseJson(answer.text)));
  const byId = new Map(envelopes.data?.map((envelope) => [envelope.id, envelope]));
  if (envelopes.data?.length !== calls.length) throw new EndpointError("bad_answer");
  return calls.map((_, id) => {
    const envelope = byId.get(id);
    if (envelope === undefined) throw new EndpointError("bad_answer");
    const { error, result } = envelope;
    return error === undefined || error === null ? { result: result ?? null } : { error };
  });
}

/** @throws {EndpointError} for an error, and for a result that is not as it should be */
export function resultOf<T>(schema: z.ZodType<T>, answer: RpcAnswer | undefined): T {
  if (answer === undefined || answer.error !== undefined) throw new EndpointError("bad_answer");
  const result = schema.safeParse(answer.result);
  if (!result.success) throw new EndpointError("bad_answer");
  return result.data;
}

const wrapOne = (value: unknown): unknown => (Array.isArray(value) ? value : [value]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EndpointError("bad_answer", { cause });
  }
}
