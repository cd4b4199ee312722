import { auth } from "#services/auth/contract";
import { UserNotFound } from "#services/user/contract";
import type { ClientOf } from "../../client-of.ts";
import { type Endpoints, family, type Handler, type Handlers, userIdIn } from "./endpoints.ts";
import { successOf } from "./envelope.ts";
import { parametersOf } from "./parameters.ts";

/** Registration, sign-in and profiles. */
export function accountHandlers(client: ClientOf, endpoints: Endpoints): Handlers {
  const accounts = client(auth);
  const signIn =
    (method: "registerFor" | "loginFor"): Handler =>
    async (route, request, reply) => {
      const { username = "", password = "" } = await parametersOf(request);
      const call = await endpoints.admitAnonymous(route, request, reply);
      const { userId, token } = await accounts[method]({ family, username, password }, call);
      return successOf({ user_id: userId, token });
    };
  return {
    register: signIn("registerFor"),
    login: signIn("loginFor"),
    user: endpoints.handler(async (request) => {
      const id = userIdIn(request);
      const user = (await request.presenter.users([id])).get(id);
      if (!user) throw UserNotFound({});
      return { user };
    }),
  };
}
