import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Call, KinoraError } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { OidcServer } from "#test/servers/oidc-server";
import { auth, Family, type Proof, SecondFactorNeeded } from "../contract.ts";
import { configured, createBrowser, redirectUri } from "../oidc/testing.ts";
import { Authenticator } from "../passkeys/testing.ts";
import { authPlugin } from "../plugin.ts";
import { codeAt } from "./totp.ts";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

const server = await OidcServer.start({ redirectUri });

/** An account, and what its owner holds besides the password. */
interface Owner {
  readonly username: string;
  readonly call: Call;
  readonly device: Authenticator;
  readonly refreshToken: string;
}
type Outcome = "opens" | "second step" | "refused";
interface Way {
  readonly enter: (owner: Owner) => Promise<unknown>;
  /** The outcome where the account has no second factor, and where it has one. */
  readonly alone: Outcome;
  readonly guarded: Outcome;
  /** It needs a passkey. */
  readonly byPasskey?: boolean;
}

/** Every way into an account. One that is added is one more row. */
const ways: Readonly<Record<string, Way>> = {
  "a password": { enter: ({ username }) => logIn(username), alone: "opens", guarded: "second step" },
  "a passkey": { enter: ({ device }) => byPasskey(device), alone: "refused", guarded: "opens", byPasskey: true },
  "a passkey that does not verify its user": {
    enter: ({ device }) => byPasskey(device, false),
    alone: "refused",
    guarded: "refused",
    byPasskey: true,
  },
  "a wallet": { enter: byWallet, alone: "opens", guarded: "second step" },
  "a provider": { enter: byProvider, alone: "opens", guarded: "second step" },
  "a reset of the password": { enter: reset, alone: "opens", guarded: "second step" },
  "a refresh of its session": {
    enter: ({ refreshToken }) => client.refresh({ refreshToken }, callOf()),
    alone: "opens",
    guarded: "opens",
  },
  "a personal token": { enter: byToken, alone: "opens", guarded: "opens" },
  ...Object.fromEntries(
    Family.options.flatMap((family) => [
      [
        `the password in ${family}`,
        { enter: ({ username }: Owner) => logInFor(family, username, password), alone: "opens", guarded: "refused" },
      ],
      [
        `a personal token in ${family}`,
        {
          enter: async (owner: Owner) => logInFor(family, owner.username, await tokenOf(owner, family)),
          alone: "opens",
          guarded: "opens",
        },
      ],
      [
        `a personal token of another scope in ${family}`,
        {
          enter: async (owner: Owner) => logInFor(family, owner.username, await tokenOf(owner, otherThan(family))),
          alone: "refused",
          guarded: "refused",
        },
      ],
    ]),
  ),
};

/** The second factors that an account may have, and the steps that they offer. */
const states: Readonly<Record<string, readonly ("totp" | "passkey")[]>> = {
  "no second factor": [],
  "an authenticator app": ["totp"],
  "a passkey": ["passkey"],
  "an app and a passkey": ["totp", "passkey"],
};

describe("the ways into an account", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    await host.clear();
    count += 1;
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  for (const [state, factors] of Object.entries(states))
    for (const [way, { enter, alone, guarded, byPasskey: needsPasskey = false }] of Object.entries(ways)) {
      const isPossible = !needsPasskey || factors.includes("passkey");
      const outcome = !isPossible ? "refused" : factors.length === 0 ? alone : guarded;
      it(`with ${state}: ${way} ${outcome === "second step" ? "asks for the second step" : outcome}`, async () => {
        const owner = await join(factors);
        const result = await enter(owner).then(
          () => "opens",
          (error: unknown) => error,
        );
        if (result instanceof KinoraError && result.code === "auth.second_factor_needed") {
          assert.equal("second step", outcome);
          const { shown } = result.details as { shown: { methods: Proof[] } };
          assert.deepEqual(shown.methods, [...factors, "recovery_code"]);
        } else assert.equal(result instanceof KinoraError ? "refused" : result, outcome, String(result));
      });
    }
});

const password = "correct horse";
let clockMs = 0;
let count = 0;
// The wallet of a key needs no answer of its chain.
const chains = [{ id: 1, namespace: "eip155", name: "Test", endpoints: ["http://127.0.0.1:9"] }];
const host = new TestHost({
  environment: { now: () => clockMs },
  settings: { auth: { chains, providers: [configured(server)] } },
});
const client = host.client(auth);
const browser = createBrowser(host);
// Its clock is that of the machine.
server.claims = (claims) => ({ ...claims, exp: Math.floor(clockMs / 1_000) + 300 });
const service = callOf(undefined, { caller: "test" });
const admin = callOf(1, { role: "admin" });
const otherThan = (family: Family): Family => (family === "douyin" ? "cloudfiles" : "douyin");

const logIn = (username: string, secret = password) => client.login({ username, password: secret }, callOf());
const logInFor = (family: Family, username: string, secret: string) =>
  client.loginFor({ family, username, password: secret }, service);

async function byPasskey(device: Authenticator, isUserVerified = true) {
  const { challengeId, ...options } = await client.passkeyOptions({}, callOf());
  const credential = device.get({ challengeId, ...options }, { isUserVerified });
  return client.loginByPasskey({ challengeId, credential }, callOf());
}

async function byWallet({ call }: Owner) {
  const key = privateKeyToAccount(generatePrivateKey());
  const sign = async () => {
    const { challengeId, message } = await client.challenge({ address: key.address, chainId: 1 }, callOf());
    return { challengeId, signature: await key.signMessage({ message }) };
  };
  await client.loginByWallet({ ...(await sign()), purpose: "link" }, { ...call, isFresh: true });
  return client.loginByWallet(await sign(), callOf());
}

async function byProvider({ username, call }: Owner) {
  server.user = { sub: username };
  await browser.link(server, { ...call, isFresh: true });
  const { session, problem } = await browser.signIn(server);
  if (session !== undefined) return;
  assert.equal(problem?.code, SecondFactorNeeded.code);
  const { ticket = "", methods = [] } = problem;
  throw SecondFactorNeeded({ shown: { ticket, methods, expires_at: "" } });
}

async function reset({ username, call }: Owner) {
  const { token } = await client.resetLink({ id: call.userId ?? 0 }, admin);
  await client.resetPassword({ token, password: "another good one" }, callOf());
  return logIn(username, "another good one");
}

async function tokenOf({ call }: Owner, scope: Family | "account:read"): Promise<string> {
  return (await client.makeToken({ name: "script", scopes: [scope] }, call)).token;
}

/** The gateway asks for the session of a token before it admits a request. */
async function byToken(owner: Owner) {
  const token = await tokenOf(owner, "account:read");
  const { alive } = await client.session({ sessionId: token.slice(4, 26), secret: token.slice(26) }, service);
  assert.ok(alive);
}

/** An account with these second factors. */
async function join(factors: readonly ("totp" | "passkey")[]): Promise<Owner> {
  const username = `mira${count}`;
  const { userId, refreshToken } = await client.register({ username, password }, callOf());
  const call = callOf(userId, { sessionId: refreshToken.split(".")[0] ?? "" });
  const device = new Authenticator();
  if (factors.includes("totp")) {
    const { secret } = await client.addTotp({}, call);
    await client.confirmTotp({ code: codeAt(secret, Math.floor(clockMs / 30_000)) }, call);
  }
  if (factors.includes("passkey")) {
    const { challengeId, ...options } = await client.beginPasskey({}, call);
    const credential = device.create({ challengeId, ...options });
    await client.addPasskey({ challengeId, credential, name: "Key" }, call);
  }
  return { username, call, device, refreshToken };
}
