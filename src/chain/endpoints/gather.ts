import { EndpointError, type EndpointFault, type EndpointReport } from "./port.ts";

/** The answer of one endpoint, or why it has none. */
export type Gathered<T> = { readonly value: T } | { readonly fault: EndpointFault };

/** One endpoint's share of a step. */
export interface Ask<T> {
  /** The endpoint's place in the configuration. */
  readonly endpoint: number;
  readonly run: (signal: AbortSignal) => Promise<T>;
}

export interface GatherOptions<T> {
  readonly deadlineMs: number;
  /** The time that slower endpoints have after there is enough. */
  readonly graceMs: number;
  readonly isEnough: (values: readonly T[]) => boolean;
  readonly observe?: ((report: EndpointReport) => void) | undefined;
}

/**
 * Asks all endpoints concurrently, until all have answered, until there is enough and the grace is over, or until the
 * deadline. Requests that are open then are aborted; a hanging endpoint delays nothing but a disagreement.
 */
export async function gather<T>(asks: readonly Ask<T>[], options: GatherOptions<T>): Promise<readonly Gathered<T>[]> {
  const { deadlineMs, graceMs, isEnough, observe } = options;
  const controller = new AbortController();
  const answers = new Map<number, Gathered<T>>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const deadline = setTimeout(resolve, deadlineMs);
  let grace: NodeJS.Timeout | undefined;
  const beganMs = performance.now();
  const settle = (endpoint: number, answer: Gathered<T>): void => {
    // An answer after the end of the step belongs to nothing.
    if (controller.signal.aborted) return;
    answers.set(endpoint, answer);
    observe?.({ endpoint, durationMs: performance.now() - beganMs, fault: faultOf(answer) });
    if (answers.size === asks.length) resolve();
    else if (grace === undefined && isEnough(valuesOf([...answers.values()]))) grace = setTimeout(resolve, graceMs);
  };
  for (const { endpoint, run } of asks)
    run(controller.signal).then(
      (value) => settle(endpoint, { value }),
      (error: unknown) => (error instanceof EndpointError ? settle(endpoint, { fault: error.fault }) : reject(error)),
    );
  if (asks.length === 0) resolve();
  try {
    await promise;
  } finally {
    clearTimeout(deadline);
    clearTimeout(grace);
    controller.abort();
  }
  const isLate = grace === undefined;
  for (const { endpoint } of asks)
    if (isLate && !answers.has(endpoint)) observe?.({ endpoint, durationMs: deadlineMs, fault: "no_answer" });
  return asks.map(({ endpoint }) => answers.get(endpoint) ?? { fault: "no_answer" });
}

const faultOf = (answer: Gathered<unknown>): EndpointFault | undefined =>
  "fault" in answer ? answer.fault : undefined;

export const valuesOf = <T>(answers: readonly Gathered<T>[]): readonly T[] =>
  answers.flatMap((answer) => ("value" in answer ? [answer.value] : []));

/** The fault of the first endpoint without a value, for a chain that too few endpoints answered for. */
export const firstFault = (answers: readonly Gathered<unknown>[]): EndpointFault =>
  answers.map(faultOf).find((fault) => fault !== undefined) ?? "no_answer";

/** The value that at least so many have, where there is one. */
export function agreedValue<T>(values: readonly T[], agree: number, keyOf: (value: T) => string): T | undefined {
  const groups = Map.groupBy(values, keyOf);
  return [...groups.values()].find((group) => group.length >= agree)?.[0];
}
