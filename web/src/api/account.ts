import { request } from "./client.ts";
import { forgetViewer, meQuery, queryClient } from "./queries.ts";
import { beginSession, endSession } from "./session.ts";
import type { Session, User } from "./types.ts";

export interface Credentials {
  username: string;
  password: string;
}

const enter = (user: User): User => {
  forgetViewer();
  queryClient.setQueryData(meQuery.queryKey, user);
  beginSession();
  return user;
};

export const logIn = async (credentials: Credentials): Promise<User> =>
  enter((await request<Session>("POST", "/users/login", { body: credentials })).user);

/** Makes an account and is logged in to it. `strict` asks the server for the rules of the web form. */
export const signUp = async (credentials: Credentials): Promise<User> =>
  enter((await request<Session>("POST", "/users/register", { body: { ...credentials, strict: true } })).user);

/** Ends the session here even when the server cannot be told: the person at the screen asked for it. */
export async function logOut(): Promise<void> {
  await request("POST", "/users/logout").catch(() => undefined);
  endSession();
  forgetViewer();
}

/** Makes the administrator with the one-time token of the start line, and logs in. */
export async function firstRun(input: Credentials & { token: string; demo: boolean }): Promise<User> {
  // Making eight clips takes FFmpeg its time.
  const made = await request<Partial<Session> | null>("POST", "/instance/first-run", {
    body: input,
    timeoutMs: 120_000,
  });
  await queryClient.invalidateQueries({ queryKey: ["instance"] });
  if (made?.user !== undefined) return enter(made.user);
  return logIn({ username: input.username, password: input.password });
}
