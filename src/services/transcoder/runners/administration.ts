import type { Handlers, Host } from "#kernel";
import type { transcoder } from "../contract.ts";
import type { Tables } from "../store.ts";
import { RegistrationNotFound, type Runner, RunnerNotFound } from "./contract.ts";
import { createNotes } from "./notes.ts";
import * as store from "./store.ts";
import { newToken } from "./tokens.ts";

type AdministrationHandlers = Pick<
  Handlers<typeof transcoder>,
  | "runners"
  | "switchRunner"
  | "removeRunner"
  | "runnerRegistrations"
  | "addRunnerRegistration"
  | "revokeRunnerRegistration"
>;

/** A runner that was silent for longer is shown as away. */
const presentMs = 60_000;

/** Runners and their registration tokens, for administrators. */
export function createAdministration(
  host: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now" | "random">,
): AdministrationHandlers {
  const { db, nextId, now, random } = host;
  const note = createNotes(host);
  return {
    async runners() {
      const [rows, lent] = await Promise.all([store.runners(db), store.lentSince(db, now() - presentMs)]);
      return { items: rows.map((row) => present(row, lent, now())) };
    },

    async switchRunner({ id, isEnabled }, call) {
      const row = await db.tx(async (tx) => {
        const switched = await store.switchRunner(tx, id, isEnabled);
        if (!switched) throw RunnerNotFound({});
        await note(tx, isEnabled ? "runner.switched_on" : "runner.switched_off", id, call);
        return switched;
      });
      return present(row, await store.lentSince(db, now() - presentMs), now());
    },

    async removeRunner({ id }, call) {
      await db.tx(async (tx) => {
        if (!(await store.removeRunner(tx, id))) throw RunnerNotFound({});
        await note(tx, "runner.removed", id, call);
      });
      return {};
    },

    async runnerRegistrations() {
      return { items: (await store.registrations(db)).map(presentRegistration) };
    },

    async addRunnerRegistration({ label }, call) {
      const id = nextId();
      const { token, hash } = newToken("registration", id, random);
      const row = await db.tx(async (tx) => {
        await note(tx, "runner.token_added", id, call);
        return store.insertRegistration(tx, { id, label, token_hash: hash, created_at_ms: now() });
      });
      return { ...presentRegistration(row), token };
    },

    async revokeRunnerRegistration({ id }, call) {
      await db.tx(async (tx) => {
        if (!(await store.removeRegistration(tx, id))) throw RegistrationNotFound({});
        await note(tx, "runner.token_revoked", id, call);
      });
      return {};
    },
  };
}

const present = (row: store.RunnerRow, lent: readonly store.LentJob[], nowMs: number): Runner => ({
  id: row.id,
  name: row.name,
  description: row.description,
  isEnabled: row.is_enabled,
  version: row.version,
  createdAtMs: row.created_at_ms,
  seenAtMs: row.seen_at_ms,
  address: row.address,
  isPresent: nowMs - row.seen_at_ms < presentMs,
  jobsDone: row.jobs_done,
  jobsFailed: row.jobs_failed,
  jobs: lent
    .filter(({ runner_id }) => runner_id === row.id)
    .map(({ job_id, kind, media_id, progress, started_at_ms }) => ({
      id: job_id,
      kind,
      mediaId: media_id,
      progress,
      startedAtMs: started_at_ms,
    })),
});

const presentRegistration = ({ id, label, created_at_ms, used_at_ms, runners }: store.RegistrationRow) => ({
  id,
  label,
  createdAtMs: created_at_ms,
  usedAtMs: used_at_ms,
  runners,
});
