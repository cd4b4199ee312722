import { type Call, type Id, KinoraError, type Log, type Reader } from "#kernel";
import {
  type Gate,
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
import { levelsOf } from "./club-levels.ts";
import {
  ChainUnavailable,
  type Gate as GateDocument,
  GateClosed,
  type GateKind,
  type Teaser,
  type TermView,
  treeOf,
} from "./fields.ts";
import { type GrantRow, grantsOf } from "./grants.ts";

/** A thing with a gate. */
export interface Gated {
  readonly id: Id;
  readonly ownerId: Id;
  readonly gate: Gate;
  /** The viewer has shown to know its password. */
  readonly isUnlocked: boolean;
}

/** The state of one token term, as the service of wallets knows it. */
export type HoldingState = "held" | "waiting_for_finality" | "not_held" | "unknown";

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
  /** What a user holds of these tokens, in their order. */
  readonly holdings: (userId: Id, terms: readonly TokenTerm[], call: Call) => Promise<readonly HoldingState[]>;
  readonly call: (parts: Partial<Call>) => Call;
  readonly log: Log;
  readonly now: () => number;
}

/** How one viewer stands before the gate of one thing. */
export interface GateStanding {
  readonly opening: Opening;
  readonly terms: readonly TermView[];
}

/** How a viewer stands before each of these things, by id. Its facts are asked of their owners, together for all things. */
export type GateFacts = (
  viewerId: Id | undefined,
  things: readonly Gated[],
  call: Call,
) => Promise<ReadonlyMap<Id, GateStanding>>;

const dayMs = 86_400_000;

export function createGateFacts<T>({ db, kind, relations, holdings, call: newCall, log, now }: Parts<T>): GateFacts {
  /** The answer of another service; undefined, which leaves its terms unknown, while it cannot answer. */
  const answer = async <R>(what: string, request: Promise<R>): Promise<R | undefined> =>
    request.catch((error: unknown) => {
      if (!(error instanceof KinoraError) || !error.retryable) throw error;
      log.warn(`${what} of gates are unavailable`, { err: error });
      return undefined;
    });

  async function factsOf(userId: Id, things: readonly Gated[], { traceId, signal }: Call) {
    const having = (term: Term["kind"]) => things.filter(({ gate }) => hasTerm(gate, term));
    const others = newCall({ traceId, signal });
    const tokens = things.flatMap(({ gate }) =>
      termsOf(gate).flatMap(({ term }) => (term.kind === "tokens" ? [term] : [])),
    );
    const idsOf = (some: readonly Gated[]) => some.map(({ id }) => id);
    const ownersOf = (some: readonly Gated[]) => [...new Set(some.map(({ ownerId }) => ownerId))];
    const [followed, club] = [ownersOf(having("followers")), ownersOf(having("tier"))];
    const grantable = idsOf([...having("invited"), ...having("coins")]);
    const [follows, grants, levels, held] = await Promise.all([
      followed.length === 0
        ? { items: [] }
        : answer("follows", relations.followedSince({ userId, otherIds: followed }, others)),
      grantable.length === 0 ? [] : grantsOf(db, { kind, thingIds: grantable, userId, nowMs: now() }),
      club.length === 0 ? new Map<Id, number>() : levelsOf(db, userId, club),
      tokens.length === 0 ? [] : answer("holdings", holdings(userId, tokens, others)),
    ]);
    const heldBy = new Map(tokens.map((term, place) => [term as Term, held?.[place] ?? "unknown"] as const));
    return { since: follows && new Map(follows.items.map((tie) => [tie.userId, tie.sinceMs])), grants, levels, heldBy };
  }
  type Facts = Awaited<ReturnType<typeof factsOf>>;

  function stateOf(thing: Gated, term: Term, facts: Facts | undefined): TermState {
    if (term.kind === "password") return met(thing.isUnlocked);
    if (!facts) return "unmet";
    const isGranted = (reason: GrantRow["reason"]) =>
      facts.grants.some((grant) => grant.thingId === thing.id && grant.reason === reason);
    switch (term.kind) {
      case "followers": {
        if (!facts.since) return "unknown";
        const sinceMs = facts.since.get(thing.ownerId);
        return met(sinceMs !== undefined && now() - sinceMs >= (term.since_days ?? 0) * dayMs);
      }
      case "invited":
        return met(isGranted("invited"));
      case "coins":
        return met(isGranted("paid"));
      case "tier":
        return met((facts.levels.get(thing.ownerId) ?? 0) >= term.tier_id);
      case "tokens":
        return tokenStates[facts.heldBy.get(term) ?? "unknown"];
    }
  }

  return async (viewerId, things, call) => {
    if (things.length === 0) return new Map();
    const facts = viewerId === undefined ? undefined : await factsOf(viewerId, things, call);
    return new Map(
      things.map((thing) => {
        const states = new Map(termsOf(thing.gate).map(({ term }) => [term, stateOf(thing, term, facts)]));
        const known = (term: Term): TermState => states.get(term) ?? "unknown";
        const isSignedIn = viewerId !== undefined;
        const terms = termsOf(thing.gate).map((placed) => present(placed, known(placed.term), isSignedIn));
        return [thing.id, { opening: openingOf(thing.gate, known), terms }];
      }),
    );
  };
}

const met = (isMet: boolean): TermState => (isMet ? "met" : "unmet");
const tokenStates: Readonly<Record<HoldingState, TermState>> = {
  held: "met",
  waiting_for_finality: "waiting_for_finality",
  not_held: "unmet",
  unknown: "unknown",
};

const present = ({ path, term }: PlacedTerm, state: TermState, isSignedIn: boolean): TermView => ({
  path,
  kind: term.kind,
  state,
  ...(state !== "met" && { needs: needOf(term, { isSignedIn }) }),
});

/** Why a gate does not open: it is closed, or a fact that decides it cannot be asked. */
export function gateRefusal({ opening, terms }: GateStanding, gate: GateDocument, teaser: Teaser): KinoraError {
  if (opening === "closed") return GateClosed({ shown: { gate, terms: [...terms], teaser } });
  const unknown = terms.find(({ state }) => state === "unknown");
  const term = termsOf(treeOf(gate)).find(({ path }) => path === unknown?.path)?.term;
  return ChainUnavailable({ shown: term?.kind === "tokens" ? { chain_id: term.chain_id } : {} });
}
