import type { Handlers, Host } from "#kernel";
import type { transcoder } from "../contract.ts";
import type { Tables } from "../store.ts";
import { OtherProtocol, RegistrationRefused, RunnerDisabled, runnerProtocol, RunnerRefused } from "./contract.ts";
import { createNotes } from "./notes.ts";
import * as store from "./store.ts";
import { isSecretOf, newToken, readToken } from "./tokens.ts";

type RegistryHost = Pick<Host<Tables>, "db" | "emit" | "nextId" | "now" | "random">;
type RegistryHandlers = Pick<Handlers<typeof transcoder>, "registerRunner" | "unregisterRunner">;

/** The runner of a token. @throws RunnerRefused, RunnerDisabled */
export async function runnerOf(db: RegistryHost["db"], token: string): Promise<store.RunnerRow> {
  const named = readToken("runner", token);
  const row = named && (await store.runner(db, named.id));
  if (!named || !row || !isSecretOf(row.token_hash, named.secret)) throw RunnerRefused({});
  if (!row.is_enabled) throw RunnerDisabled({});
  return row;
}

/** @throws OtherProtocol */
export function assertProtocol(protocol: number, serverVersion: string): void {
  if (protocol !== runnerProtocol) throw OtherProtocol({ serverVersion });
}

/** Registers runners. */
export function createRegistry(host: RegistryHost, serverVersion: string): RegistryHandlers {
  const { db, nextId, now, random } = host;
  const note = createNotes(host);
  return {
    async registerRunner({ registrationToken, name, description, version, protocol, address }) {
      const named = readToken("registration", registrationToken);
      const registration = named && (await store.registration(db, named.id));
      if (!named || !registration || !isSecretOf(registration.token_hash, named.secret)) throw RegistrationRefused({});
      assertProtocol(protocol, serverVersion);
      const id = nextId();
      const { token, hash } = newToken("runner", id, random);
      const nowMs = now();
      const times = { created_at_ms: nowMs, seen_at_ms: nowMs };
      await db.tx(async (tx) => {
        if (!(await store.useRegistration(tx, registration.id, nowMs))) throw RegistrationRefused({});
        await store.insertRunner(tx, { id, name, description, version, address, token_hash: hash, ...times });
        await note(tx, "runner.registered", id);
      });
      return { id, runnerToken: token };
    },

    async unregisterRunner({ runnerToken }) {
      const { id } = await runnerOf(db, runnerToken);
      await db.tx(async (tx) => {
        if (await store.removeRunner(tx, id)) await note(tx, "runner.unregistered", id);
      });
      return {};
    },
  };
}
