import type { BlobStore, Call, Client, Contract, KinoraError, Log } from "#kernel";
import { parseInput } from "#kernel/host/chain";
import { asKinoraError } from "#kernel/errors";
import type { Facades } from "#kernel/rpc/routes";
import { z } from "zod";
import type { Admission } from "../identity/admission.ts";

export interface FacadeParts {
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly blob: BlobStore;
  readonly admission: Admission;
  /** The origin clients reach this instance by. */
  readonly address: () => string;
  readonly log: Log;
}

/** One service of another system, in its own words. */
export interface Facade {
  readonly contract: Contract;
  /** Whose requests its own are counted with. */
  readonly group: string;
  /** The fields of an answer that say what went wrong. */
  refused(error: KinoraError): object;
  readonly handlers: Readonly<Record<string, (input: never, call: Call) => Promise<object>>>;
}

/** Handlers of a façade's own methods: they receive the parsed input and give what there is beside what is empty. */
export type FacadeHandlers<C extends Contract> = {
  readonly [N in keyof C["methods"]]: (
    input: z.output<C["methods"][N]["input"]>,
    call: Call,
  ) => Promise<Partial<z.input<C["methods"][N]["output"]>>>;
};

/**
 * Answers for other systems' services: who shows a token is known, who shows a wrong one is told so. What goes wrong is
 * told in the answer, as over HTTP, and never in the status.
 */
export function facadesOf(all: readonly Facade[], { admission, log }: Pick<FacadeParts, "admission" | "log">): Facades {
  return {
    contracts: all.map(({ contract }) => contract),
    async answer(service, name, input, guest, call) {
      const found = all.find(({ contract }) => contract.name === service);
      const method = found?.contract.methods[name];
      const handler = found?.handlers[name];
      if (!found || !method || !handler) throw new TypeError(`${service}.${name} is answered by nobody`);
      const blank = blankOf(method.output);
      try {
        const asker = { ...call, ...(await admission.admitGuest(method, found.group, guest, call)) };
        // Parsed by the schema of the very method the handler is for.
        const answer = await handler(parseInput(method, input) as never, asker);
        return method.output.parse({ ...blank, ...answer });
      } catch (error) {
        const known = asKinoraError(error);
        if (known.kind === "internal") log.error("a call of another system's service failed", { err: known.cause });
        return { ...blank, ...found.refused(known) };
      }
    },
  };
}

/** An answer in which nothing is said, as protobuf has it. Pure. */
function blankOf({ shape }: z.ZodObject): Record<string, unknown> {
  const empty = (schema: unknown) => {
    if (schema instanceof z.ZodString) return "";
    if (schema instanceof z.ZodArray) return [];
    return schema instanceof z.ZodNumberFormat ? 0 : new Uint8Array();
  };
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, empty(schema)]));
}
