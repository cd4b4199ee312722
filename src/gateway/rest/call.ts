import { type Call, type Contract, KinoraError, type Method } from "#kernel";
import type { Failpoints } from "#kernel/environment/failpoint";
import { InvalidInput } from "#kernel/errors";
import type { ClientOf } from "../client-of.ts";
import type { RouteHooks, Steps } from "../pipeline.ts";
import { edgePath } from "../format/spelling.ts";

interface CallParts {
  readonly client: ClientOf;
  readonly failpoints: Failpoints;
  readonly reportDegraded: (part: string, error: unknown, call: Call) => void;
}

/** The step `call`: the method of the service, wherever the service runs. Its failures name fields as the client spelt them. */
export function createServiceCall(
  contract: Contract,
  name: string,
  method: Method,
  { client, failpoints, reportDegraded }: CallParts,
  { failed, instead }: RouteHooks,
): Steps["call"] {
  // By name, so untyped; the callee parses the input and the contract types the answer.
  const run = client(contract)[name] as (input: unknown, call: Call) => Promise<object>;
  return async (input, call, request, reply) => {
    let answer: object;
    try {
      answer = await run(input, call);
    } catch (error) {
      if (instead && error instanceof KinoraError && error.retryable && !call.signal.aborted) {
        const answerInstead = await instead(input, call);
        if (answerInstead) {
          reportDegraded(`${contract.name}.${name}`, error, call);
          return answerInstead;
        }
      }
      failed?.(error, request, reply);
      throw inEdgeSpelling(method, error);
    }
    await failpoints.hit("edge.before_answer");
    return answer;
  };
}

function inEdgeSpelling(method: Method, error: unknown): unknown {
  if (!(error instanceof KinoraError) || error.code !== InvalidInput.code) return error;
  const details = InvalidInput.details.safeParse(error.details);
  if (!details.success) return error;
  return InvalidInput({
    fields: details.data.fields.map(({ field, message }) => ({ field: edgePath(method.input, field), message })),
  });
}
