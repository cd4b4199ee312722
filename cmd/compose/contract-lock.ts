import lock from "../../api/contracts.lock.json" with { type: "json" };
import { extendLock, type Lock } from "../../src/kernel/rpc/wire/lock.ts";
import { pluginContracts } from "../services.ts";

/** The numbers of all contracts. Those of the operator's own services follow the order of their fields. */
export const contractLock = (): Lock => ({ ...lock, ...extendLock({}, pluginContracts()) });
