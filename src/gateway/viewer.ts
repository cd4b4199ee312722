import { type Call, type Client, type Id, type Role, failure } from "#kernel";
import { auth, BadToken } from "#services/auth/contract";
import { createLocalJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";

/** Who asks. */
export interface Viewer {
  readonly userId: Id;
  readonly role: Role;
  readonly sessionId: string;
}

export const issuer = "kinora";
/** A session that ended is refused at most this much later (security S3.2 allows ten seconds). */
const rememberedMs = 4_000;
const rememberedMax = 20_000;
const keysReadAgainMs = 10_000;

const KeysUnavailable = failure("unavailable", "gateway.keys_unavailable", "signing in cannot be checked right now");

interface Remembered {
  readonly viewer: Viewer;
  readonly until: number;
}

/** Verifies access tokens by the keys the auth service publishes, and asks it every few seconds whether the session stands. */
export class Viewers {
  readonly #auth: Client<typeof auth>;
  readonly #remembered = new Map<string, Remembered>();
  #keys: JWTVerifyGetKey | undefined;
  #keysRead = Number.NEGATIVE_INFINITY;

  constructor(client: Client<typeof auth>) {
    this.#auth = client;
  }

  /** @throws BadToken when the token is not good, whatever is wrong with it. */
  async of(token: string, call: Call): Promise<Viewer> {
    const known = this.#remembered.get(token);
    if (known && known.until > performance.now()) return known.viewer;
    const sessionId = await this.#verify(token, call);
    const session = await this.#auth.session({ sessionId }, call);
    if (!session.alive || session.userId === undefined || session.role === undefined) {
      this.#remembered.delete(token);
      throw BadToken({});
    }
    const viewer = { userId: session.userId, role: session.role, sessionId };
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear();
    this.#remembered.set(token, { viewer, until: performance.now() + rememberedMs });
    return viewer;
  }

  /** The token is over in this process at once; the others learn of it within {@link rememberedMs}. */
  forget(token: string): void {
    this.#remembered.delete(token);
  }

  async #verify(token: string, call: Call): Promise<string> {
    if (token.length > 2_000) throw BadToken({});
    const check = async (keys: JWTVerifyGetKey) => {
      // One algorithm, our keys by their id, our issuer and audience: nothing in the token chooses any of them.
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ["EdDSA"],
        issuer,
        audience: "access",
        typ: "at+jwt",
        requiredClaims: ["exp", "sub", "sid"],
        clockTolerance: 5,
      });
      return String(payload["sid"]);
    };
    try {
      return await check(this.#keys ?? (await this.#read(call)));
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
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
