import { scopeOf } from "#kernel/scopes/scopes";
import type { BlobStore, Call, Contract, KinoraError, Log } from "#kernel";
import { parseInput } from "#kernel/host/chain";
import { asKinoraError } from "#kernel/errors";
import type { Facades } from "#kernel/rpc/server/routes";
import { z } from "zod";
import type { ClientOf } from "../client-of.ts";
import type { Admission } from "../identity/admission.ts";
import type { Entries } from "./entries.ts";

export interface FacadeParts {
  readonly client: ClientOf;
  readonly blob: BlobStore;
  readonly admission: Admission;
  /** The origin clients reach this instance by. */
  readonly address: () => string;
  readonly entries: Entries;
  readonly log: Log;
}

/** One service of another system, by its own contract. */
export interface Facade {
  readonly contract: Contract;
  /** The group its requests are counted in. */
  readonly group: string;
  /** The fields of an answer that describe an error. */
  refusalOf(error: KinoraError): object;
  readonly handlers: Readonly<Record<string, (input: never, call: Call) => Promise<object>>>;
}

/** Handlers of a façade's methods: they receive the parsed input and return the fields that are not empty. */
export type FacadeHandlers<C extends Contract> = {
  readonly [N in keyof C["methods"]]: (
    input: z.output<C["methods"][N]["input"]>,
    call: Call,
  ) => Promise<Partial<z.input<C["methods"][N]["output"]>>>;
};

/**
 * Answers for the services of other systems. A caller is identified by a token and rejected for an invalid one. Errors are
 * described in the answer, as over HTTP, and never in the status.
 */
export function createFacades(
  all: readonly Facade[],
  { admission, log }: Pick<FacadeParts, "admission" | "log">,
): Facades {
  return {
    contracts: all.map(({ contract }) => contract),
    async answer(service, name, input, guest, call) {
      const facade = all.find(({ contract }) => contract.name === service);
      const method = facade?.contract.methods[name];
      const handler = facade?.handlers[name];
      if (!facade || !method || !handler) throw new TypeError(`${service}.${name} has no handler`);
      const blank = blankOf(method.output);
      try {
        const scope = scopeOf(facade.contract, method);
        const asker = { ...call, ...(await admission.admitGuest({ ...method, scope }, facade.group, guest, call)) };
        // Parsed by the schema of the very method the handler is for.
        const answer = await handler(parseInput(method, input) as never, asker);
        return method.output.parse({ ...blank, ...answer });
      } catch (error) {
        const failure = asKinoraError(error);
        if (failure.kind === "internal") log.error("a call of another system's service failed", { err: failure.cause });
        return { ...blank, ...facade.refusalOf(failure) };
      }
    },
  };
}

/** An answer whose fields are empty, as in protobuf. Pure. */
function blankOf({ shape }: z.ZodObject): Record<string, unknown> {
  const empty = (schema: unknown): unknown => {
    if (schema instanceof z.ZodObject) return blankOf(schema);
    if (schema instanceof z.ZodBoolean) return false;
    if (schema instanceof z.ZodString) return "";
    if (schema instanceof z.ZodArray) return [];
    return schema instanceof z.ZodNumberFormat ? 0 : new Uint8Array();
  };
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, empty(schema)]));
}
