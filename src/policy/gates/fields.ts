import { Id, Instant } from "#kernel";
import { z } from "zod";
import { type Gate as GateTree, termsOf } from "../gate.ts";

/** The kinds of things that can have a gate. */
export const GateKind = z.enum(["video", "live", "playlist", "share"]);
export type GateKind = z.infer<typeof GateKind>;

/** The part of a thing that those see for whom it is closed, in lists and at its address. */
export const Teaser = z.enum(["none", "title", "cover"]);
export type Teaser = z.infer<typeof Teaser>;

const termsMax = 16;
const fields = {
  kind: z.enum(["followers", "password", "invited", "coins", "tier", "tokens"]).optional(),
  since_days: z.int().min(0).max(365).optional(),
  price: z.int().min(1).max(1_000_000).optional(),
  rent_hours: z.int().min(1).max(8_760).optional(),
  /** The level in the owner's fan club. */
  tier_id: z.int().min(1).max(1_000).optional(),
  /** The chain's number; negative for Solana. */
  chain_id: z.int().optional(),
  contract: z.string().min(32).max(64).optional(),
  standard: z.enum(["erc721", "erc1155", "erc20", "spl"]).optional(),
  /** A decimal number. */
  token_id: z
    .string()
    .regex(/^\d{1,78}$/)
    .optional(),
  /** A decimal number of base units; 1 where it is absent. */
  min: z
    .string()
    .regex(/^[1-9]\d{0,77}$/)
    .optional(),
};
type Field = Exclude<keyof typeof fields, "kind">;
/** The fields of each kind of term: true for those that it must have. */
const fieldsOf: Readonly<Record<string, Partial<Record<Field, boolean>>>> = {
  followers: { since_days: false },
  password: {},
  invited: {},
  coins: { price: true, rent_hours: false },
  tier: { tier_id: true },
  tokens: { chain_id: true, contract: true, standard: true, token_id: false, min: false },
};

const fieldNames = Object.keys(fields).filter((name) => name !== "kind") as Field[]; // The other keys.

type Part = z.output<z.ZodObject<typeof fields>> & { readonly any?: unknown; readonly all?: unknown };

/** Reports what does not fit: a part has either `any`, `all`, or the `kind` of a term with its fields. */
function check({ value, issues }: z.core.ParsePayload<Part>): void {
  const report = (field: string, message: string) =>
    void issues.push({ code: "custom", input: value, path: [field], message });
  const forms = (["any", "all", "kind"] as const).filter((name) => value[name] !== undefined);
  const [form = "kind"] = forms;
  if (forms.length !== 1) return report("kind", "a part has exactly one of any, all and kind");
  const owner = value.kind ?? form;
  const allowed = fieldsOf[owner] ?? {};
  for (const name of fieldNames) {
    if (value[name] !== undefined && allowed[name] === undefined) report(name, `it does not belong to ${owner}`);
    if (value[name] === undefined && allowed[name] === true) report(name, `${owner} needs it`);
  }
  if (value.standard === "erc1155" && value.token_id === undefined) report("token_id", "erc1155 needs it");
}

const followers = { kind: "followers", since_days: 30 };
const password = { kind: "password" };
const tokens = {
  kind: "tokens",
  chain_id: 1,
  contract: `0x${"ab".repeat(20)}`,
  standard: "erc1155",
  token_id: "7",
  min: "2",
};
/** A term of each kind, as examples in documents. */
const terms = [
  followers,
  password,
  { kind: "invited" },
  { kind: "coins", price: 120, rent_hours: 48 },
  { kind: "tier", tier_id: 2 },
  tokens,
] as const;

const groupOf = <T extends z.ZodType>(part: T) => ({
  any: z.array(part).min(1).max(8).optional(),
  all: z.array(part).min(1).max(8).optional(),
});
const GateTerm = z
  .object(fields)
  .check(check)
  .meta({ id: "GateTerm", examples: [...terms] });
const GateGroup = z
  .object({ ...groupOf(GateTerm), ...fields })
  .check(check)
  .meta({ id: "GateGroup", examples: [{ any: [...terms] }, { all: [followers, password] }, followers] });

/** A tree of terms: three levels, 16 terms at most. Each part has `any`, `all`, or the `kind` of a term. */
export const Gate = z
  .object({ ...groupOf(GateGroup), ...fields })
  .check(check)
  .check(({ value, issues }) => {
    if (issues.length > 0) return;
    const gate = treeOf(value);
    const terms = termsOf(gate);
    const passwords = terms.filter(({ term }) => term.kind === "password").length;
    const report = (message: string) => void issues.push({ code: "custom", input: value, path: [], message });
    if (terms.length > termsMax) report(`a gate has ${termsMax} terms at most`);
    if (passwords > 1) report("a gate has one password");
  })
  .meta({
    id: "Gate",
    examples: [{ any: [...terms] }, { all: [followers, { any: [password, tokens] }] }, tokens],
  });
export type Gate = z.output<typeof Gate>;

/** A checked gate as the tree that the rule evaluates: the same value, by its checks. */
export const treeOf = (gate: Gate): GateTree => gate as GateTree;

export const TermView = z
  .object({
    /** The place in the gate, such as `any.0.all.1`; empty for a single term. */
    path: z.string(),
    kind: z.string(),
    state: z.enum(["met", "unmet", "waiting_for_finality", "unknown"]),
    /** The next step of the caller; absent where the term is met. */
    needs: z.enum(["sign_in", "wallet", "follow", "password", "pay", "invitation", "tier", "token"]).optional(),
  })
  .meta({ id: "GateTermState" });
export type TermView = z.infer<typeof TermView>;

/** `isAnew`: chains are asked again. */
export const GateQuery = z.object({ id: Id, isAnew: z.boolean().default(false) });

/** A gate for one viewer, as the owner of the thing decides it; not a gate, and open, where the thing has none. */
export const GateState = z.object({
  id: Id,
  ownerId: Id,
  /** Empty where the viewer may not read it. */
  title: z.string(),
  generation: z.int(),
  teaser: Teaser,
  gate: Gate.optional(),
  opening: z.enum(["open", "closed", "unknown"]),
  terms: z.array(TermView),
});
export type GateState = z.output<typeof GateState>;

/** The fields by which an owner sets a gate; `visibility: "gated"` needs one. */
export const gateInput = {
  gate: Gate,
  /** For the term `password`; never returned. */
  gatePassword: z.string().min(4).max(128),
  teaser: Teaser,
};

/** A fact of a viewer about a thing that services of things keep copies of. `untilMs`: the end of a rental. */
export const gateGrant = {
  kind: GateKind,
  thingId: Id,
  userId: Id,
  reason: z.enum(["invited", "paid"]),
  untilMs: Instant.nullable(),
};
