import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { auth } from "#services/auth/contract";
import type { RawRoute } from "../../raw-route.ts";
import { createCallerHandler, type EndpointParts, family, type Handler, type Handlers, waitMs } from "./endpoints.ts";
import { successOf } from "./envelope.ts";
import { timeText } from "./file-item.ts";
import { Account, parametersOf, parse } from "./parameters.ts";

/** Registration, sign-in, and the account of the caller. */
export function createAccountHandlers({ client, admission, callers, addressOf, entries }: EndpointParts): Handlers {
  const accounts = client(auth);
  const admit = (route: RawRoute, request: HttpRequest, reply: HttpReply) =>
    admission.admit(route, route.group, request, reply, waitMs);
  const redirect =
    (path: string): Handler =>
    async (route, request, reply) => {
      await admit(route, request, reply);
      return reply.code(302).header("location", path).send();
    };
  const credentials = async (route: RawRoute, request: HttpRequest, reply: HttpReply) => {
    const parameters = await parametersOf(request);
    const call = await admit(route, request, reply);
    return { call, account: { family, ...parse(Account, parameters) } as const };
  };
  return {
    signupPage: redirect("/signup"),
    signinPage: redirect("/login"),

    async signup(route, request, reply) {
      const { call, account } = await credentials(route, request, reply);
      await accounts.registerFor(account, call);
      return successOf();
    },

    async signin(route, request, reply) {
      const { call, account } = await credentials(route, request, reply);
      const { username, token } = await accounts.loginFor(account, call);
      const address = addressOf(request);
      return successOf({
        Location: `${address}/`,
        Username: username,
        Token: token,
        UploadEntry: entries.upload ?? address,
        DownloadEntry: entries.download ?? address,
      });
    },

    info: createCallerHandler(callers, async (_, { call, username }) => {
      const { email = "", phone = "", createdAtMs, activeAtMs } = await accounts.account({ userId: call.userId }, call);
      return successOf({
        Username: username,
        Email: email,
        Phone: phone,
        SignupAt: timeText(createdAtMs ?? 0),
        LastActive: timeText(activeAtMs ?? createdAtMs ?? 0),
        Status: 0,
      });
    }),
  };
}
