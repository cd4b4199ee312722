import type { Call, Client, Contract, Id } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { firstCharacters } from "#kernel/text";
import { auth, BadToken } from "#services/auth/contract";
import type { Admission } from "../../identity/admission.ts";
import type { RawRoute } from "../../raw-route.ts";
import type { Parameters } from "../parameters.ts";

/** A call of somebody who is signed in, and the name they are known by. */
export interface Caller {
  readonly call: Call;
  readonly username: string;
}

const namesMax = 10_000;

/** Whether a request says at all who sends it; a form may say so behind its file. */
export const isNamed = ({ headers }: HttpRequest, { token }: Parameters): boolean =>
  headers.authorization !== undefined || token !== undefined;

/** Which names and which callers belong together. */
export function naming(client: <C extends Contract>(c: C) => Client<C>) {
  const accounts = client(auth);
  /** Nobody is ever called otherwise than they registered. */
  const names = new Map<Id, string>();

  async function nameOf(userId: Id, call: Call): Promise<string> {
    const known = names.get(userId);
    if (known !== undefined) return known;
    const { username } = await accounts.account({ userId }, call);
    if (username === undefined) throw BadToken({});
    if (names.size >= namesMax) names.clear();
    names.set(userId, username);
    return username;
  }

  return {
    /** What the caller is called. @throws BadToken where nobody calls, or somebody of another name than is said. */
    async check(call: Call, said: string | undefined): Promise<string> {
      const { userId } = call;
      if (userId === undefined) throw BadToken({});
      const username = await nameOf(userId, call);
      if (said === undefined || said === username) return username;
      // There is more than one spelling of a name.
      const found = await accounts.account({ username: firstCharacters(said, 254) }, call);
      if (found.userId !== userId) throw BadToken({});
      return username;
    },
  };
}

/** Who asks: by a token and the name it belongs to, or by the header, with a name that is the same where one is sent. */
export function callers(client: <C extends Contract>(c: C) => Client<C>, admission: Admission) {
  const names = naming(client);
  return {
    /** @throws BadToken, RateLimited */
    async begin(
      route: RawRoute,
      request: HttpRequest,
      reply: HttpReply,
      given: Parameters,
      waitMs: number,
    ): Promise<Caller> {
      const isByHeader = request.headers.authorization !== undefined;
      const credential = isByHeader ? ("header" as const) : { token: given["token"] ?? "" };
      const call = await admission.admit({ ...route, credential }, route.group, request, reply, waitMs);
      const username = await names.check(call, given["username"] ?? (isByHeader ? undefined : ""));
      return { call, username };
    },
  };
}
export type Callers = ReturnType<typeof callers>;
