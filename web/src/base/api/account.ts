import { keyOf } from "./keys.ts";
import { forgetViewer, meQuery, refreshForViewer } from "./queries.ts";
import { invalidate, queryClient } from "./query-client.ts";
import { askPasskey } from "./passkeys.ts";
import { ask } from "./request/client.ts";
import { asFailure } from "./request/failure.ts";
import { beginSession, finishWork, hasSession, leaveSession } from "./session/session.ts";
import type { Operations, User } from "./types.ts";
import { choicesKey, queueDatabase, queueMark } from "./upload-names.ts";

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

/** The second step of a log-in: the ticket of the first, and a code. */
export interface SecondStep {
  ticket: string;
  code: string;
}

export const logIn = async (credentials: Credentials): Promise<User> =>
  enter((await ask("auth.login", { body: credentials })).user);

export const logInWithCode = async (step: SecondStep): Promise<User> =>
  enter((await ask("auth.secondFactor", { body: { ...step } })).user);

export const logInWithPasskey = async (): Promise<User> => enter((await takePasskey()).user);

/** Takes the second step by a passkey of the account. */
export const logInWithSecondPasskey = async (ticket: string): Promise<User> =>
  enter((await takeSecondPasskey(ticket)).user);

export type SignedWallet = Omit<Operations["auth.loginByWallet"]["body"], "purpose">;

/** Logs in with a wallet that signed a challenge; one that nobody has makes an account. */
export const logInWithWallet = async (signed: SignedWallet): Promise<User> =>
  enter((await ask("auth.loginByWallet", { body: signed })).user);

/** Takes notice of the session that a provider's log-in opened, which is in the cookies already. */
export const resumeLogIn = (): Promise<User> => enter(null);

export const logInHereWithWallet = (signed: SignedWallet): Promise<User> =>
  beginHere(() => ask("auth.loginByWallet", { body: signed }));

const takePasskey = async () => ask("auth.loginByPasskey", { body: await askPasskey() });
const takeSecondPasskey = async (ticket: string) =>
  ask("auth.secondFactor", { body: { ticket, passkey: await askPasskey(ticket) } });

/** Begins the session over the page that is open, which keeps its place; what another viewer saw there is asked for anew. */
export const logInHere = (credentials: Credentials): Promise<User> =>
  beginHere(() => ask("auth.login", { body: credentials }));

export const logInHereWithCode = (step: SecondStep): Promise<User> =>
  beginHere(() => ask("auth.secondFactor", { body: { ...step } }));

export const logInHereWithPasskey = (): Promise<User> => beginHere(takePasskey);

export const logInHereWithSecondPasskey = (ticket: string): Promise<User> => beginHere(() => takeSecondPasskey(ticket));

async function beginHere(begin: () => Promise<{ user: User | null }>): Promise<User> {
  const lastId = queryClient.getQueryData(meQuery.queryKey)?.id;
  const isStill = hasSession();
  const { user: given } = await begin();
  const user = given ?? (await ask("user.get", { path: { id: "me" } }));
  queryClient.setQueryData(meQuery.queryKey, user);
  beginSession();
  const isOther = lastId !== undefined && lastId !== user.id;
  if (isOther || !isStill) refreshForViewer(isOther);
  return user;
}

export interface SignUp extends Credentials {
  email?: string;
  application?: string;
  invitation?: string;
  work?: { puzzle: string; nonce: number };
}

/** Makes an account and is logged in to it. `strict` asks the server for the rules of the web form. */
export const signUp = async (given: SignUp): Promise<User> =>
  enter((await ask("auth.register", { body: { ...given, strict: true } })).user);

/**
 * Ends the session after deletions that can still be undone were sent, and forgets uploads and their details. The session is a cookie only the server can take away: rejects
 * with a {@link Failure}, and leaves everything as it was, when the server could not be reached. A 401 means that there
 * is no session any more, which is what was asked for.
 */
export async function logOut(): Promise<void> {
  await finishWork();
  await ask("auth.logout", { body: {} }).catch((thrown: unknown) => {
    if (asFailure(thrown).status !== 401) throw thrown;
  });
  forgetHere();
}

/** Deletes the account permanently, with its password where it has one, and what this browser remembers of it. */
export async function deleteAccount(password: string | undefined): Promise<void> {
  await ask("auth.deleteAccount", { body: password === undefined ? {} : { password }, timeoutMs: 30_000 });
  forgetHere();
}

function forgetHere(): void {
  leaveSession();
  // The pages of uploads may never have been open here, while what they remember is.
  for (const key of [queueMark, choicesKey]) localStorage.removeItem(key);
  indexedDB.deleteDatabase(queueDatabase);
}

/** Makes the administrator with the one-time token of the start line, and logs in. */
export async function firstRun(input: Credentials & { token: string }): Promise<User> {
  const { user } = await ask("auth.claim", { body: input, timeoutMs: 30_000 });
  await invalidate(keyOf("instance"));
  return enter(user);
}
