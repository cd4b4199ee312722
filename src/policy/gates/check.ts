import type { Call } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import { type TokenTerm, termsOf } from "../gate.ts";
import { heldTermOf, type HeldTerm } from "./held-term.ts";
import { type Gate, treeOf } from "./fields.ts";

type Fault = "unknown_chain" | "bad_contract" | "bad_standard" | "token_id_missing";
interface Parts {
  /** The service of wallets. */
  readonly wallets: {
    termFaults(
      input: { terms: HeldTerm[] },
      call: Call,
    ): Promise<{ items: readonly { readonly fault?: Fault | undefined }[] }>;
  };
  readonly call: (parts: Partial<Call>) => Call;
}

const messages: Readonly<Record<Fault, readonly [field: keyof TokenTerm, message: string]>> = {
  unknown_chain: ["chain_id", "this chain is not set up here"],
  bad_contract: ["contract", "this is not the address of a contract there"],
  bad_standard: ["standard", "this chain has no such tokens"],
  token_id_missing: ["token_id", "this standard needs the number of a token"],
};

/** Checks what a gate asks of chains. @throws InvalidInput naming the fields that cannot be right */
export type GateCheck = (gate: Gate | undefined, call: Call) => Promise<void>;

export function createGateCheck({ wallets, call: newCall }: Parts): GateCheck {
  return async (gate, { traceId, signal }) => {
    const tokens = gate
      ? termsOf(treeOf(gate)).flatMap(({ path, term }) => (term.kind === "tokens" ? [{ path, term }] : []))
      : [];
    if (tokens.length === 0) return;
    const terms = tokens.map(({ term }) => heldTermOf(term));
    const { items } = await wallets.termFaults({ terms }, newCall({ traceId, signal }));
    const fields = tokens.flatMap(({ path }, place) => {
      const fault = items[place]?.fault;
      if (fault === undefined) return [];
      const [field, message] = messages[fault];
      return [{ field: ["gate", path, field].filter((part) => part !== "").join("."), message }];
    });
    if (fields.length > 0) throw InvalidInput({ fields });
  };
}
