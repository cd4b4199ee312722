import type { Gate } from "#base/api/types.ts";
import { isPasswordMissing } from "#base/ui/fields/video-password-rule.ts";
import type { GatePart } from "./gate-rule.ts";

/** The kinds of terms in the order in which the editor offers them. */
export const termKinds = ["followers", "coins", "password", "invited", "tier", "tokens"] as const;
export type TermKind = (typeof termKinds)[number];

/** One way to open a video as the editor has it, with its fields as they are typed. */
export interface TermDraft {
  /** The number of this row of the editor. */
  readonly key: number;
  readonly kind: TermKind | "group";
  readonly days: string;
  readonly price: string;
  readonly hours: string;
  readonly level: string;
  readonly chainId: string;
  readonly contract: string;
  readonly standard: "erc721" | "erc1155" | "erc20" | "spl";
  readonly tokenId: string;
  readonly min: string;
  /** A group of terms, which the editor shows and keeps. */
  readonly group?: GatePart;
}

export interface GateDraft {
  readonly match: "any" | "all";
  readonly terms: readonly TermDraft[];
  readonly teaser: "none" | "title" | "cover";
}

export const emptyGate: GateDraft = { match: "any", terms: [], teaser: "title" };

const emptyTerm = {
  days: "",
  price: "100",
  hours: "",
  level: "1",
  chainId: "",
  contract: "",
  standard: "erc721",
  tokenId: "",
  min: "1",
} as const;

/** A draft with one more term. Pure. */
export const addTerm = (draft: GateDraft, kind: TermKind): GateDraft => ({
  ...draft,
  terms: [...draft.terms, { ...emptyTerm, kind, key: 1 + Math.max(0, ...draft.terms.map(({ key }) => key)) }],
});

const teasers = ["none", "title", "cover"] as const;
const standardNames = ["erc721", "erc1155", "erc20", "spl"] as const;
const typedFields = ["days", "price", "hours", "level", "chainId", "contract", "tokenId", "min"] as const;

/** A stored draft, whatever an older version or a curious user left there; what does not fit is left out. Pure. */
export function gateDraftFrom(stored: unknown): GateDraft {
  if (typeof stored !== "object" || stored === null) return emptyGate;
  const { match, terms, teaser }: Record<string, unknown> = { ...stored };
  return {
    match: match === "all" ? "all" : "any",
    teaser: teasers.find((word) => word === teaser) ?? emptyGate.teaser,
    terms: (Array.isArray(terms) ? terms : [])
      .slice(0, 8)
      .flatMap(termFrom)
      .map((term, key) => ({ ...term, key })),
  };
}

function termFrom(stored: unknown): Omit<TermDraft, "key">[] {
  const fields: Record<string, unknown> = typeof stored === "object" && stored !== null ? { ...stored } : {};
  const kind = termKinds.find((word) => word === fields["kind"]);
  if (kind === undefined) return [];
  const typed = typedFields.flatMap((name) => (typeof fields[name] === "string" ? [[name, fields[name]]] : []));
  const standard = standardNames.find((word) => word === fields["standard"]) ?? emptyTerm.standard;
  return [{ ...emptyTerm, ...Object.fromEntries(typed), kind, standard }];
}

const text = (value: number | string | undefined): string => (value === undefined ? "" : String(value));

/** The draft of a gate that a video has. Pure. */
export function draftOf(gate: Gate, teaser: GateDraft["teaser"]): GateDraft {
  const parts: readonly GatePart[] = gate.any ?? gate.all ?? [gate];
  return {
    match: gate.all === undefined ? "any" : "all",
    teaser,
    terms: parts.map((part, key) => ({
      ...emptyTerm,
      key,
      kind: part.kind ?? "group",
      days: part.since_days ? text(part.since_days) : "",
      price: text(part.price) || emptyTerm.price,
      hours: text(part.rent_hours),
      level: text(part.tier_id) || emptyTerm.level,
      chainId: text(part.chain_id),
      contract: text(part.contract),
      standard: part.standard ?? emptyTerm.standard,
      tokenId: text(part.token_id),
      min: text(part.min) || emptyTerm.min,
      ...(part.kind === undefined && { group: part }),
    })),
  };
}

/** A whole number within bounds; undefined for anything else. Pure. */
function wholeOf(typed: string, min: number, max: number): number | undefined {
  const number = Number(typed.trim());
  return /^\d+$/.test(typed.trim()) && number >= min && number <= max ? number : undefined;
}

/** The gate of a draft; undefined where a field is missing or wrong. Pure. */
export function gateOf({ match, terms }: GateDraft): Gate | undefined {
  const parts = terms.map(partOf);
  const whole = parts.filter((part) => part !== undefined);
  if (whole.length === 0 || whole.length < parts.length) return undefined;
  const [first] = whole;
  // The shapes of parts are those of the API on every level.
  return (whole.length === 1 ? first : { [match]: whole }) as Gate;
}

function partOf(term: TermDraft): GatePart | undefined {
  switch (term.kind) {
    case "group":
      return term.group;
    case "followers": {
      const days = term.days.trim() === "" ? 0 : wholeOf(term.days, 0, 365);
      return days === undefined ? undefined : { kind: "followers", ...(days > 0 && { since_days: days }) };
    }
    case "coins": {
      const price = wholeOf(term.price, 1, 1_000_000);
      const hours = term.hours.trim() === "" ? null : wholeOf(term.hours, 1, 8_760);
      if (price === undefined || hours === undefined) return undefined;
      return { kind: "coins", price, ...(hours !== null && { rent_hours: hours }) };
    }
    case "tier": {
      const level = wholeOf(term.level, 1, 1_000);
      return level === undefined ? undefined : { kind: "tier", tier_id: level };
    }
    case "tokens":
      return tokensOf(term);
    default:
      return { kind: term.kind };
  }
}

function tokensOf({ chainId, contract, standard, tokenId, min }: TermDraft): GatePart | undefined {
  const isNumber = (typed: string) => /^\d{1,78}$/.test(typed);
  const isWhole = chainId !== "" && contract.trim().length >= 32 && /^[1-9]\d*$/.test(min.trim());
  const hasNumber = tokenId.trim() !== "";
  if (!isWhole || (hasNumber && !isNumber(tokenId.trim())) || (standard === "erc1155" && !hasNumber)) return undefined;
  return {
    kind: "tokens",
    chain_id: Number(chainId),
    contract: contract.trim(),
    standard,
    ...(hasNumber && { token_id: tokenId.trim() }),
    ...(min.trim() !== "1" && { min: min.trim() }),
  };
}

/** True if a term of this kind is anywhere in the gate. Pure. */
export const hasTerm = (part: GatePart, kind: TermKind): boolean =>
  part.kind === kind || (part.any ?? part.all ?? []).some((inner) => hasTerm(inner, kind));

/** True if a term about a password is among them. Pure. */
export const asksPassword = ({ terms }: GateDraft): boolean =>
  terms.some(({ kind, group }) => kind === "password" || (group !== undefined && hasTerm(group, "password")));

/** True if the gate can be sent: it is whole, and its password is typed where it needs one. Pure. */
export const isGateWhole = (draft: GateDraft, password: string, isKept: boolean): boolean =>
  gateOf(draft) !== undefined && !(asksPassword(draft) && isPasswordMissing("password", password, isKept));

/** The fields of a request that set a gate. Pure. */
export function gateChange(draft: GateDraft, password: string) {
  const gate = gateOf(draft);
  return {
    ...(gate && { gate }),
    teaser: draft.teaser,
    ...(asksPassword(draft) && password !== "" && { gate_password: password }),
  };
}
