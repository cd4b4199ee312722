import type { Method } from "#kernel";
import { transcoder } from "#services/transcoder/contract";
import type { RouteHooks } from "../pipeline.ts";

const { registerRunner, requestRunnerJob } = transcoder.methods;

/** Runners are shown to administrators with the addresses that their requests come from. */
export const createRunnerHooks = (method: Method): RouteHooks =>
  method === registerRunner || method === requestRunnerJob
    ? { input: (input, request) => ({ ...input, address: request.ip }) }
    : {};
