import type { FastifyInstance } from "fastify";
import { openApi } from "../src/gateway/openapi.ts";
import { operations } from "../src/gateway/operations.ts";
import { publicServer, type ServerOptions } from "../src/gateway/server.ts";
import type { Contract } from "../src/kernel/contract.ts";

interface Parts extends ServerOptions {
  readonly contracts: readonly Contract[];
  readonly version: string;
  readonly ready: () => Promise<Record<string, string>>;
}

/** The public port of a process without the gateway: how it is, and nothing else. Nobody signs in here, also no administrator. */
export async function operationsServer(parts: Parts): Promise<FastifyInstance> {
  const app = await publicServer(parts);
  operations(app, { ...parts, openApi: () => openApi(parts.contracts, [], parts.version), isAdmin: async () => false });
  return app;
}
