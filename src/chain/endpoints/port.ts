/** One JSON-RPC endpoint of a chain, which the operator named. Its address may hold a key and stays with the adapter. */
export interface EndpointPort {
  /**
   * Posts a body of JSON, and follows no redirect. An answer beyond the limit is not read to its end.
   * @throws where there is no answer
   */
  ask(body: string, limits: AskLimits): Promise<EndpointAnswer>;
}

export interface AskLimits {
  readonly answerBytesMax: number;
  /** Aborted at the deadline, and when other endpoints have answered alike. */
  readonly signal: AbortSignal;
}

export type EndpointAnswer = { readonly status: number; readonly text: string } | "too_large";

/** Why an endpoint has no part in an answer. */
export type EndpointFault =
  | "no_answer"
  | "bad_answer"
  | "too_large"
  | "wrong_chain"
  | "stale"
  | "no_grant_block"
  | "reorganised";

/** Why a chain could not be asked: all that its endpoints did, or that too few of them agree. */
export type ChainFault = EndpointFault | "disagreement";

/** One request to one endpoint, for metrics and for the page of administrators. */
export interface EndpointReport {
  /** Its place in the configuration. */
  readonly endpoint: number;
  readonly durationMs: number;
  /** Undefined where it answered. */
  readonly fault: EndpointFault | undefined;
}

export class EndpointError extends Error {
  readonly fault: EndpointFault;

  constructor(fault: EndpointFault, options?: ErrorOptions) {
    super(`an endpoint has no part in the answer: ${fault}`, options);
    this.fault = fault;
  }
}
