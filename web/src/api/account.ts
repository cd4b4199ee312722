import { ask } from "./client.ts";
import { forgetViewer, meQuery, queryClient } from "./queries.ts";
import { beginSession, endSession } from "./session.ts";
import type { User } from "./types.ts";

export interface Credentials {
  username: string;
  password: string;
}

/** Begins the session here. A profile that could not come with the answer is asked for. */
const enter = async (given: User | null): Promise<User> => {
  forgetViewer();
  const user = given ?? (await ask("user.get", { path: { id: "me" } }));
  queryClient.setQueryData(meQuery.queryKey, user);
  beginSession();
  return user;
};

export const logIn = async (credentials: Credentials): Promise<User> =>
  enter((await ask("auth.login", { body: credentials })).user);

/** Makes an account and is logged in to it. `strict` asks the server for the rules of the web form. */
export const signUp = async (credentials: Credentials): Promise<User> =>
  enter((await ask("auth.register", { body: { ...credentials, strict: true } })).user);

/** Ends the session here even when the server cannot be told: the person at the screen asked for it. */
export async function logOut(): Promise<void> {
  await ask("auth.logout", { body: {} }).catch(() => undefined);
  endSession();
  forgetViewer();
}

/** Makes the administrator with the one-time token of the start line, and logs in. */
export async function firstRun(input: Credentials & { token: string; demo: boolean }): Promise<User> {
  const { user } = await ask("auth.claim", { body: input, timeoutMs: 30_000 });
  await queryClient.invalidateQueries({ queryKey: ["instance"] });
  return enter(user);
}
