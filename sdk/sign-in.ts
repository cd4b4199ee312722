import { Kinora, type TokenProvider } from "./client.ts";
import type { Session } from "./generated.ts";
import type { Transport } from "./request.ts";

/** The part of a sign-in that a program stores to go on with it later. */
export type Tokens = Pick<Session, "token" | "refresh_token">;

/** A sign-in. Its token lives for minutes and is renewed when it was refused, once for all requests. */
export class SignIn {
  readonly #client: Kinora;
  readonly #renewed: (tokens: Tokens) => void;
  #tokens: Tokens;
  #renewal: Promise<void> | undefined;

  /** Goes on with a sign-in. `renewed` gets each new pair of tokens: a refresh token works once. */
  constructor(transport: Transport, tokens: Tokens, renewed: (tokens: Tokens) => void = () => undefined) {
    this.#client = new Kinora(transport);
    this.#tokens = tokens;
    this.#renewed = renewed;
  }

  /** Signs in with a user name or a verified e-mail address. */
  static async begin(
    transport: Transport,
    credentials: { readonly username: string; readonly password: string },
    renewed?: (tokens: Tokens) => void,
  ): Promise<SignIn> {
    return new SignIn(transport, await new Kinora(transport).ask("auth.login", { body: credentials }), renewed);
  }

  get tokens(): Tokens {
    return this.#tokens;
  }

  /** The `token` of a client. */
  readonly token: TokenProvider = async (refused) => {
    if (refused === this.#tokens.token) await (this.#renewal ??= this.#renew());
    return this.#tokens.token;
  };

  async #renew(): Promise<void> {
    try {
      const { refresh_token } = this.#tokens;
      this.#tokens = await this.#client.ask("auth.refresh", { body: { refresh_token } });
      this.#renewed(this.#tokens);
    } finally {
      this.#renewal = undefined;
    }
  }
}
