import { BadToken } from "#policy/account";
import type { Call, Client, Id } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { firstCharacters } from "#kernel/text";
import { auth } from "#services/auth/contract";
import type { ClientOf } from "../../client-of.ts";
import type { Admission } from "../../identity/admission.ts";
import type { RawRoute } from "../../raw-route.ts";
import type { Parameters } from "../parameters.ts";

/** A call of a signed-in user, and their username. */
export interface Caller {
  readonly call: Call;
  readonly username: string;
}

const namesMax = 10_000;

/** True if a request names its sender; a form may name it after its file. */
export const hasCredentials = ({ headers }: HttpRequest, { token }: Parameters): boolean =>
  headers.authorization !== undefined || token !== undefined;

/** The usernames of callers. */
export class Usernames {
  readonly #accounts: Client<typeof auth>;
  /** A username never changes. */
  readonly #names = new Map<Id, string>();

  constructor(client: ClientOf) {
    this.#accounts = client(auth);
  }

  /** The username of the caller. @throws BadToken for a stranger, or where `claimed` is another user's name */
  async check(call: Call, claimed: string | undefined): Promise<string> {
    const { userId } = call;
    if (userId === undefined) throw BadToken({});
    const username = await this.#nameOf(userId, call);
    if (claimed === undefined || claimed === username) return username;
    // A name has more than one spelling.
    const account = await this.#accounts.account({ username: firstCharacters(claimed, 254) }, call);
    if (account.userId !== userId) throw BadToken({});
    return username;
  }

  async #nameOf(userId: Id, call: Call): Promise<string> {
    const cached = this.#names.get(userId);
    if (cached !== undefined) return cached;
    const { username } = await this.#accounts.account({ userId }, call);
    if (username === undefined) throw BadToken({});
    if (this.#names.size >= namesMax) this.#names.clear();
    this.#names.set(userId, username);
    return username;
  }
}

/** Admits callers by a token and the name it belongs to, or by the header, with a matching name where one is sent. */
export class Callers {
  readonly #usernames: Usernames;
  readonly #admission: Admission;

  constructor(client: ClientOf, admission: Admission) {
    this.#usernames = new Usernames(client);
    this.#admission = admission;
  }

  /** @throws BadToken, RateLimited */
  async admit(
    route: RawRoute,
    request: HttpRequest,
    reply: HttpReply,
    parameters: Parameters,
    waitMs: number,
  ): Promise<Caller> {
    const isByHeader = request.headers.authorization !== undefined;
    const credential = isByHeader ? ("header" as const) : { token: parameters["token"] ?? "" };
    const call = await this.#admission.admit({ ...route, credential }, route.group, request, reply, waitMs);
    const username = await this.#usernames.check(call, parameters["username"] ?? (isByHeader ? undefined : ""));
    return { call, username };
  }
}
