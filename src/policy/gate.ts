/*
 * Gates: the tree of terms of a thing that is open to those who meet them. A gate is a document in the spelling of the
 * public API, and the same in tables, answers and errors.
 */

/** One condition. `tier_id` is a level in the owner's fan club; amounts of tokens are decimal strings of base units. */
export type Term =
  | { readonly kind: "followers"; readonly since_days?: number | undefined }
  | { readonly kind: "password" }
  | { readonly kind: "invited" }
  | { readonly kind: "coins"; readonly price: number; readonly rent_hours?: number | undefined }
  | { readonly kind: "tier"; readonly tier_id: number }
  | TokenTerm;
export interface TokenTerm {
  readonly kind: "tokens";
  readonly chain_id: number;
  readonly contract: string;
  readonly standard: "erc721" | "erc1155" | "erc20" | "spl";
  readonly token_id?: string | undefined;
  readonly min?: string | undefined;
}
export type Gate = { readonly any: readonly Gate[] } | { readonly all: readonly Gate[] } | Term;

/** `waiting_for_finality`: bought, and not yet in a block that stays. `unknown`: the fact cannot be asked for now. */
export type TermState = "met" | "unmet" | "waiting_for_finality" | "unknown";
/** `unknown` is closed, and may be open when it is asked again. */
export type Opening = "open" | "closed" | "unknown";

/** The step by which a viewer can meet a term. */
export type Need = "sign_in" | "wallet" | "follow" | "password" | "pay" | "invitation" | "tier" | "token";

export interface PlacedTerm {
  /** The place in the tree, such as `any.0.all.1`; empty where the gate is one term. */
  readonly path: string;
  readonly term: Term;
}

/** The terms of a gate in their order. */
export function termsOf(gate: Gate, path = ""): PlacedTerm[] {
  if ("kind" in gate) return [{ path, term: gate }];
  const [name, parts] = "any" in gate ? (["any", gate.any] as const) : (["all", gate.all] as const);
  return parts.flatMap((part, place) => termsOf(part, `${path === "" ? "" : `${path}.`}${name}.${place}`));
}

/** The answer of a gate by the states of its terms; `unknown` only where the terms that are unknown decide. */
export function openingOf(gate: Gate, stateOf: (term: Term) => TermState): Opening {
  if ("kind" in gate) {
    const state = stateOf(gate);
    return state === "met" ? "open" : state === "unknown" ? "unknown" : "closed";
  }
  const [deciding, other, parts] =
    "any" in gate ? (["open", "closed", gate.any] as const) : (["closed", "open", gate.all] as const);
  const openings = parts.map((part) => openingOf(part, stateOf));
  if (openings.includes(deciding)) return deciding;
  return openings.includes("unknown") ? "unknown" : other;
}

export interface GateViewer {
  readonly isSignedIn: boolean;
  /** Not known where it was not asked. */
  readonly hasWallet?: boolean | undefined;
}

/** The next step of a viewer whose state of a term is not `met`. */
export function needOf({ kind }: Term, viewer: GateViewer): Need {
  if (kind === "password") return "password";
  if (!viewer.isSignedIn) return "sign_in";
  if (kind === "tokens") return viewer.hasWallet === false ? "wallet" : "token";
  return needs[kind];
}
const needs = { followers: "follow", invited: "invitation", coins: "pay", tier: "tier" } as const;

/** True if a term of this kind is in the gate. */
export const hasTerm = (gate: Gate, kind: Term["kind"]): boolean =>
  termsOf(gate).some(({ term }) => term.kind === kind);
