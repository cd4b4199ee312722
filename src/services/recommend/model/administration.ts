import type { Host, Id } from "#kernel";
import { ModelNotFound } from "../contract.ts";
import type { Tables } from "../store.ts";
import * as modelStore from "./model-store.ts";
import type { Trainer } from "./trainer.ts";

/** Models for administrators. */
export const createModelAdministration = ({ db }: Pick<Host<Tables>, "db">, { enqueue }: Pick<Trainer, "enqueue">) => ({
  async models() {
    const rows = await modelStore.models(db);
    return {
      items: rows.map(({ key: _, settings: __, created_at_ms: createdAtMs, ...row }) => ({ ...row, createdAtMs })),
    };
  },

  async train() {
    await enqueue();
    return {};
  },

  async setModelShare({ id, share }: { readonly id: Id; readonly share: number }) {
    await db.tx(async (tx) => {
      if (!(await modelStore.setShare(tx, id, share))) throw ModelNotFound({});
    });
    return {};
  },
});
