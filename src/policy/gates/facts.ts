import { answerOr, type Call, type Id, type KinoraError, type Log, type Reader } from "#kernel";
import {
  type Gate,
  type GateViewer,
  hasTerm,
  needOf,
  type Opening,
  openingOf,
  type PlacedTerm,
  type Term,
  termsOf,
  type TermState,
  type TokenTerm,
} from "../gate.ts";
import { ServiceUnavailable } from "#kernel/errors";
import { levelsOf } from "./club-levels.ts";
import { type Gate as GateDocument, type GateKind, type Teaser, type TermView } from "./fields.ts";
import { chainUnavailable, GateClosed } from "./failures.ts";
import { type HeldTerm, heldTermOf } from "./held-term.ts";
import { type GrantRow, grantsOf } from "./grants.ts";

/** A thing with a gate. */
export interface Gated {
  readonly id: Id;
  readonly ownerId: Id;
  readonly gate: Gate;
  /** The viewer has shown to know its password. */
  readonly isUnlocked: boolean;
}

/** The state of a token term, as the service of wallets knows it. */
type HoldingState = "held" | "waiting_for_finality" | "not_held" | "unknown";
interface Holding {
  readonly state: HoldingState;
  readonly hasWallet: boolean;
  /** Since when the chain cannot be asked. */
  readonly sinceMs?: number | undefined;
  /** The name of that chain. */
  readonly chain?: string | undefined;
}
/** One request of the service of wallets has so many terms at most. */
const heldTermsMax = 16;

interface Parts<T> {
  /** With the copies `gateGrants` and `clubLevels`. */
  readonly db: Reader<T>;
  readonly kind: GateKind;
  /** The service of follows. */
  readonly relations: {
    followedSince(
      input: { userId: Id; otherIds: Id[] },
      call: Call,
    ): Promise<{ items: readonly { readonly userId: Id; readonly sinceMs: number }[] }>;
  };
  /** The service of wallets. */
  readonly wallets: {
    holds(
      input: { userId: Id; terms: HeldTerm[]; isAnew: boolean },
      call: Call,
    ): Promise<{ items: readonly Holding[] }>;
  };
  readonly call: (parts: Partial<Call>) => Call;
  readonly log: Log;
  readonly now: () => number;
}

/** How one viewer stands before the gate of one thing. */
export interface GateStanding {
  readonly opening: Opening;
  readonly terms: readonly TermView[];
  /** A chain that cannot be asked, and since when. */
  readonly silent?: { readonly chain_id: number; readonly chain?: string; readonly since?: string };
}

/**
 * How a viewer stands before each of these things, by id. Its facts are asked of their owners, together for all things.
 * `isAnew`: chains are asked again, for a viewer who has just bought something.
 */
export type GateFacts = (
  viewerId: Id | undefined,
  things: readonly Gated[],
  call: Call,
  isAnew?: boolean,
) => Promise<ReadonlyMap<Id, GateStanding>>;

/** The facts about a viewer and some things. */
interface Facts {
  /** Since when the viewer follows owners, by owner; undefined, which leaves its terms unknown, while it cannot be asked. */
  readonly since: ReadonlyMap<Id, number> | undefined;
  readonly grants: readonly GrantRow[];
  /** The levels in fan clubs, by owner. */
  readonly levels: ReadonlyMap<Id, number>;
  /** The holdings by term; undefined, which leaves it unknown, while they cannot be asked. */
  readonly heldBy: ReadonlyMap<Term, Holding | undefined>;
}

const dayMs = 86_400_000;

export function createGateFacts<T>({ db, kind, relations, wallets, call: newCall, log, now }: Parts<T>): GateFacts {
  async function holdingsOf(userId: Id, terms: readonly TokenTerm[], isAnew: boolean, call: Call): Promise<Holding[]> {
    const parts = Array.from({ length: Math.ceil(terms.length / heldTermsMax) }, (_, part) =>
      terms.slice(part * heldTermsMax, (part + 1) * heldTermsMax).map(heldTermOf),
    );
    const answers = await Promise.all(parts.map((part) => wallets.holds({ userId, terms: part, isAnew }, call)));
    return answers.flatMap(({ items }) => items);
  }

  async function factsOf(
    userId: Id,
    things: readonly Gated[],
    isAnew: boolean,
    { traceId, signal }: Call,
  ): Promise<Facts> {
    const having = (term: Term["kind"]) => things.filter(({ gate }) => hasTerm(gate, term));
    const query = newCall({ traceId, signal });
    const tokens = things.flatMap(({ gate }) =>
      termsOf(gate).flatMap(({ term }) => (term.kind === "tokens" ? [term] : [])),
    );
    const idsOf = (some: readonly Gated[]) => some.map(({ id }) => id);
    const ownersOf = (some: readonly Gated[]) => [...new Set(some.map(({ ownerId }) => ownerId))];
    const [followed, club] = [ownersOf(having("followers")), ownersOf(having("tier"))];
    const grantable = idsOf([...having("invited"), ...having("coins")]);
    const followedSince = () => relations.followedSince({ userId, otherIds: followed }, query);
    const [follows, grants, levels, held] = await Promise.all([
      followed.length === 0
        ? { items: [] }
        : answerOr(followedSince(), undefined, log, "follows of gates are unavailable"),
      grantable.length === 0 ? [] : grantsOf(db, { kind, thingIds: grantable, userId, nowMs: now() }),
      club.length === 0 ? new Map<Id, number>() : levelsOf(db, userId, club),
      tokens.length === 0
        ? []
        : answerOr(holdingsOf(userId, tokens, isAnew, query), undefined, log, "holdings of gates are unavailable"),
    ]);
    const heldBy = new Map(tokens.map((term, place) => [term as Term, held?.[place]] as const));
    return { since: follows && new Map(follows.items.map((tie) => [tie.userId, tie.sinceMs])), grants, levels, heldBy };
  }

  return async (viewerId, things, call, isAnew = false) => {
    if (things.length === 0) return new Map();
    const facts = viewerId === undefined ? undefined : await factsOf(viewerId, things, isAnew, call);
    return new Map(
      things.map((thing) => {
        const states = new Map(termsOf(thing.gate).map(({ term }) => [term, stateOf(thing, term, facts, now())]));
        const stateAt = (term: Term): TermState => states.get(term) ?? "unknown";
        const terms = termsOf(thing.gate).map((placed) => {
          const hasWallet = facts?.heldBy.get(placed.term)?.hasWallet;
          return present(placed, stateAt(placed.term), { isSignedIn: viewerId !== undefined, hasWallet });
        });
        const silent = silentChain(thing.gate, stateAt, facts?.heldBy);
        return [thing.id, { opening: openingOf(thing.gate, stateAt), terms, ...(silent && { silent }) }];
      }),
    );
  };
}

const stateIf = (isMet: boolean): TermState => (isMet ? "met" : "unmet");
/** The state of a term by the facts; those of nobody are all unmet, save for a password. */
function stateOf(thing: Gated, term: Term, facts: Facts | undefined, nowMs: number): TermState {
  if (term.kind === "password") return stateIf(thing.isUnlocked);
  if (!facts) return "unmet";
  const isGranted = (reason: GrantRow["reason"]) =>
    facts.grants.some((grant) => grant.thingId === thing.id && grant.reason === reason);
  switch (term.kind) {
    case "followers": {
      if (!facts.since) return "unknown";
      const sinceMs = facts.since.get(thing.ownerId);
      return stateIf(sinceMs !== undefined && nowMs - sinceMs >= (term.since_days ?? 0) * dayMs);
    }
    case "invited":
      return stateIf(isGranted("invited"));
    case "coins":
      return stateIf(isGranted("paid"));
    case "tier":
      return stateIf((facts.levels.get(thing.ownerId) ?? 0) >= term.tier_id);
    case "tokens":
      return tokenStates[facts.heldBy.get(term)?.state ?? "unknown"];
  }
}

const tokenStates: Readonly<Record<HoldingState, TermState>> = {
  held: "met",
  waiting_for_finality: "waiting_for_finality",
  not_held: "unmet",
  unknown: "unknown",
};

const present = ({ path, term }: PlacedTerm, state: TermState, viewer: GateViewer): TermView => ({
  path,
  kind: term.kind,
  state,
  ...(state !== "met" && { needs: needOf(term, viewer) }),
});

/** The first chain that cannot be asked, of those that the gate names. */
function silentChain(
  gate: Gate,
  stateOf: (term: Term) => TermState,
  heldBy: ReadonlyMap<Term, Holding | undefined> | undefined,
): GateStanding["silent"] {
  const silent = termsOf(gate).find(({ term }) => term.kind === "tokens" && stateOf(term) === "unknown")?.term;
  if (silent?.kind !== "tokens") return undefined;
  const { sinceMs, chain } = heldBy?.get(silent) ?? {};
  return {
    chain_id: silent.chain_id,
    ...(chain !== undefined && { chain }),
    ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }),
  };
}

/** Why a gate does not open: it is closed, or a fact that decides it cannot be asked. */
export const gateRefusal = (
  { opening, terms, silent }: GateStanding,
  gate: GateDocument,
  teaser: Teaser,
): KinoraError =>
  opening === "closed"
    ? GateClosed({ shown: { gate, terms: [...terms], teaser } })
    : silent
      ? chainUnavailable(silent)
      : ServiceUnavailable({ service: "relation" });
