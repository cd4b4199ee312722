import { BadToken } from "#policy/account";
import { auth } from "#services/auth/contract";
import type { ClientOf } from "../../client-of.ts";
import { withEnvelope, family, type Handlers } from "./endpoints.ts";
import { bodyBytesMax, Credentials, parse } from "./fields.ts";

/** Registration, sign-in, and the account of the caller. */
export function accountHandlers(client: ClientOf): Handlers {
  const accounts = client(auth);
  return {
    register: withEnvelope(async (request, call) => {
      const { userId } = await accounts.registerFor(
        { family, ...parse(Credentials, await request.json(bodyBytesMax)) },
        call,
      );
      return { user_id: userId };
    }),

    login: withEnvelope(async (request, call) => {
      const { userId, token } = await accounts.loginFor(
        { family, ...parse(Credentials, await request.json(bodyBytesMax)) },
        call,
      );
      return { user_id: userId, token };
    }),

    profile: withEnvelope(async (_, call) => {
      const { userId, username } = await accounts.account({ userId: call.userId }, call);
      // The account was deleted since the token was verified.
      if (userId === undefined) throw BadToken({});
      return { data: { user_id: userId, username } };
    }),
  };
}
