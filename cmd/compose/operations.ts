import { openApi } from "../../src/gateway/rest/openapi.ts";
import { operations, type OperationsParts } from "../../src/gateway/operations.ts";
import type { Contract } from "../../src/kernel/contract.ts";
import type { HttpServer } from "../../src/kernel/http/port.ts";

interface Parts extends Pick<OperationsParts, "metrics" | "ready" | "degradations"> {
  readonly contracts: readonly Contract[];
  readonly version: string;
}

/** The public port of a process without the gateway: how it is, and nothing else. Nobody signs in here, also no administrator. */
export function operationsAlone(server: HttpServer, { contracts, version, ...parts }: Parts): void {
  operations(server, { ...parts, openApi: () => openApi(contracts, [], version), isAdmin: async () => false });
}
