import { Instant, event } from "#kernel";
import { z } from "zod";

/** A service in one process, as the process reports itself; its ports are in the registry. */
const serviceInProcess = {
  /** The gateway is named like a service. */
  name: z.string(),
  process: z.string(),
  /** The name of the host. */
  address: z.string(),
  version: z.string(),
};

/** A process with the service reported itself for the first time, or again after it was away. */
export const serviceRegistered = event(
  "service.registered.v1",
  z.object({ ...serviceInProcess, startedAtMs: Instant }),
);

/** `stopped`: the process said so; `away`: it missed three reports; `replaced`: another one started under its name. */
export const serviceDeregistered = event(
  "service.deregistered.v1",
  z.object({ ...serviceInProcess, reason: z.enum(["stopped", "away", "replaced"]) }),
);
