import { BadToken } from "#policy/account";
import { type Call, type Client, type Id, type Role, failure } from "#kernel";
import { CachePolicies } from "#kernel/cache/policies";
import type { CacheDeclaration, CachePolicy } from "#kernel/cache/policy";
import { ClockSteps } from "#kernel/environment/clock-steps";
import { auth, type EntryDirection, entryLifeMs, partsOfToken, TokenExpired } from "#services/auth/contract";
import { createLocalJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from "jose";

/** The signed-in user of a request. */
export interface Viewer {
  readonly userId: Id;
  readonly role: Role;
  readonly sessionId: string;
  /** The user proved who they are within the last minutes; asked for with `isFreshNeeded`. */
  readonly isFresh?: boolean;
  readonly freshBy?: readonly string[];
  /** The scopes of a personal token; undefined for a session, which may do whatever its account may. */
  readonly scopes?: readonly string[];
}

/** The demands of a route on a token beyond an open session. */
interface Needs {
  /** The entry tokens that it takes beside all others. */
  readonly direction?: EntryDirection | undefined;
  /** The state of the session is asked for at this moment, with its freshness. */
  readonly isFreshNeeded?: boolean | undefined;
}

export const issuer = "kinora";
/**
 * The signed tokens there are, by the type their verified head names: whom one is for, what opened its session, and the
 * most seconds one may be made for, with one for rounding.
 */
const kinds = new Map([
  ["at+jwt", { audience: "access", origin: "native", lifeMax: 3_600 + 1 }],
  ["session+jwt", { audience: "session", origin: "resumable", lifeMax: 30 * 86_400 + 1 }],
]);
/** Entry tokens are good for their audience alone, and for whatever session they were made for. */
const entryType = "entry+jwt";
const entryLifeMax = entryLifeMs / 1_000 + 1;
/** An opaque token: 22 letters that name its session and 43 that prove it. */
const opaque = /^([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{43})$/;

/** The claims of a token about its session, before the session is looked up. */
interface Claimed {
  readonly sessionId: string;
  /** The second part of an opaque token, compared by the auth service. */
  readonly secret?: string;
  /** True if the token needs no secret beside it. */
  readonly isVerified?: boolean;
  readonly isOf: (origin: string | undefined) => boolean;
}
/** A session that ended is refused at most this much later (security S3.2 allows ten seconds). */
const sessionsCache: CacheDeclaration = {
  name: "gateway.sessions",
  what: "The accounts of access tokens whose session was open when auth was last asked.",
  ttlMs: 4_000,
  lifetimeMsMax: 8_000,
};
const rememberedMax = 20_000;
const keysReadAgainMs = 10_000;
/** A key that was renewed because it had become known is refused at most this much later. */
const keysCache: CacheDeclaration = {
  name: "gateway.signing_keys",
  what: "The public keys of auth, by which signed tokens are verified.",
  ttlMs: 30_000,
  lifetimeMsMax: 30_000,
};
/** The longest life of a token that expires by the minute; of the others, an hour is a small part. */
const stepsRememberedMs = 3_600_000;

const KeysUnavailable = failure("unavailable", "gateway.keys_unavailable", "signing in cannot be checked right now");

interface Remembered {
  readonly viewer: Viewer;
  readonly until: number;
}

/**
 * Verifies tokens of every API. Signed ones are verified by the keys the auth service publishes, opaque ones by the service;
 * every few seconds it is asked whether the session stands.
 */
export class Viewers {
  readonly #auth: Client<typeof auth>;
  readonly #clockSteps: ClockSteps;
  readonly #sessions: CachePolicy;
  readonly #keyPolicy: CachePolicy;
  readonly #remembered = new Map<string, Remembered>();
  /** Grows with each {@link forgetAll}: a look-up that began before it is not remembered after it. */
  #forgotten = 0;
  #keys: JWTVerifyGetKey | undefined;
  #keysRead = Number.NEGATIVE_INFINITY;

  constructor(
    client: Client<typeof auth>,
    clockSteps = new ClockSteps(stepsRememberedMs),
    caches: CachePolicies = new CachePolicies(),
  ) {
    this.#auth = client;
    this.#clockSteps = clockSteps;
    this.#sessions = caches.declare(sessionsCache);
    this.#keyPolicy = caches.declare(keysCache);
    this.#sessions.hold({
      entries: () => this.#remembered.size,
      clear: () => {
        this.#forgotten += 1;
        this.#remembered.clear();
      },
      deleteTag: (tag) => {
        if (tag.startsWith("user:")) this.forgetAll(Number(tag.slice("user:".length)));
      },
    });
    this.#keyPolicy.hold({
      entries: () => (this.#keys === undefined ? 0 : 1),
      clear: () => (this.#keysRead = Number.NEGATIVE_INFINITY),
    });
  }

  /**
   * The viewer of a token. An entry token is valid with its own `direction` alone. Freshness is never remembered.
   * @throws BadToken for every invalid token, TokenExpired for a genuine one whose time is over
   */
  async of(token: string, call: Call, { direction, isFreshNeeded = false }: Needs = {}): Promise<Viewer> {
    const cached = isFreshNeeded ? undefined : this.#remembered.get(token);
    const isHit = cached !== undefined && cached.until > performance.now();
    this.#sessions.count(isHit);
    if (isHit) return cached.viewer;
    const { isOf, ...claimed } = ofOpaque(token) ?? (await this.#verify(token, call, direction));
    const forgottenBefore = this.#forgotten;
    const session = await this.#auth.session({ ...claimed, isFreshNeeded }, call);
    if (!session.alive || session.userId === undefined || session.role === undefined || !isOf(session.origin)) {
      this.#remembered.delete(token);
      throw BadToken({});
    }
    const { userId, role, scopes } = session;
    const viewer = { userId, role, sessionId: claimed.sessionId, ...(scopes && { scopes }) };
    const { isFresh, freshBy } = session;
    if (isFreshNeeded && !claimed.isVerified)
      return { ...viewer, ...(isFresh !== undefined && { isFresh }), ...(freshBy && { freshBy }) };
    // It would be found without its direction.
    if (claimed.isVerified || this.#forgotten !== forgottenBefore) return viewer;
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear();
    this.#remembered.set(token, { viewer, until: performance.now() + this.#sessions.ttlMs });
    return viewer;
  }

  /** Invalidates a token in this process; others notice within seconds. */
  forget(token: string): void {
    this.#remembered.delete(token);
  }

  /** As {@link forget}, for every token of a user whose sessions ended: standing ones are looked up again. */
  forgetAll(userId: Id): void {
    this.#forgotten += 1;
    for (const [token, { viewer }] of this.#remembered) if (viewer.userId === userId) this.#remembered.delete(token);
  }

  async #verify(token: string, call: Call, direction: EntryDirection | undefined): Promise<Claimed> {
    if (token.length > 2_000) throw BadToken({});
    const presentMs = this.#clockSteps.expiryNow();
    const check = async (keys: JWTVerifyGetKey) => {
      // One algorithm, our keys by their id, our issuer: nothing in the token chooses any of them.
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        algorithms: ["EdDSA"],
        issuer,
        requiredClaims: ["exp", "iat", "nbf", "aud", "sub", "sid"],
        clockTolerance: 5,
        // A token from the future is ours if its signature is: the clock was set back since.
        currentDate: new Date(Math.max(presentMs, 1_000 * (decodeJwt(token).iat ?? 0))),
      });
      // The type is signed. Each type has one audience and one lifetime, so that no token passes for another type.
      const { typ = "" } = protectedHeader;
      const { aud, iat = 0, exp = Infinity, sid } = payload;
      if (typ === entryType && direction !== undefined && aud === direction && exp - iat <= entryLifeMax)
        return { sessionId: String(sid), isVerified: true, isOf: () => true };
      const kind = kinds.get(typ);
      if (kind === undefined || aud !== kind.audience || exp - iat > kind.lifeMax)
        throw new errors.JWTClaimValidationFailed("not a kind of token there is", payload);
      return { sessionId: String(sid), isOf: (origin: string | undefined) => origin === kind.origin };
    };
    try {
      const isFresh = performance.now() - this.#keysRead < this.#keyPolicy.ttlMs;
      this.#keyPolicy.count(isFresh);
      return await check(this.#keys !== undefined && isFresh ? this.#keys : await this.#read(call));
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      // The signature was verified before the time.
      if (error instanceof errors.JWTExpired) throw TokenExpired({}, error);
      const isStale = error instanceof errors.JWKSNoMatchingKey && performance.now() - this.#keysRead > keysReadAgainMs;
      if (!isStale) throw BadToken({}, error);
    }
    return check(await this.#read(call)).catch((error: unknown) => {
      throw BadToken({}, error);
    });
  }

  async #read(call: Call): Promise<JWTVerifyGetKey> {
    const { items } = await this.#auth.keys({}, call);
    if (items.length === 0) throw KeysUnavailable({});
    this.#keysRead = performance.now();
    this.#keys = createLocalJWKSet({
      keys: items.map(({ kid, x }) => ({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", kid, x })),
    });
    return this.#keys;
  }
}

function ofOpaque(token: string): Claimed | undefined {
  const personal = partsOfToken(token);
  if (personal) return { sessionId: personal.id, secret: personal.secret, isOf: (origin) => origin === "personal" };
  const [, sessionId, secret] = opaque.exec(token) ?? [];
  if (sessionId === undefined || secret === undefined) return undefined;
  return { sessionId, secret, isOf: (origin) => origin === "cloudfiles" || origin === "douyin" };
}
