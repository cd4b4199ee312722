import { blocklistChanged, type NewcomerRules } from "#events/moderation";
import { audited, type Call, type Host, type Id, type Tx } from "#kernel";
import { literalOf } from "#policy/copies/content-filter";
import type { z } from "zod";
import { usualRules } from "#policy/copies/blocklist";
import { BadWord, type moderation, TooManyWords, WordExists, WordNotFound, wordsBytesMax } from "./contract.ts";
import * as store from "./store.ts";

type Tables = store.Tables;
type AddWord = z.output<(typeof moderation)["methods"]["addWord"]["input"]>;

/** The blocklist terms and rules that administrators set. */
export function createBlocklist({ db, emit, now, nextId }: Pick<Host<Tables>, "db" | "emit" | "now" | "nextId">) {
  /** Changes the list or the rules, and publishes all of it under its new version. */
  const change = <R extends object>(
    call: Call,
    act: string,
    detail: string,
    work: (tx: Tx<Tables>) => Promise<{ answer: R; rules?: NewcomerRules }>,
  ) =>
    db.answer(async (tx) => {
      const before = await store.lockRules(tx, usualRules);
      const { answer, rules = before.rules } = await work(tx);
      const version = before.version + 1;
      await store.setRules(tx, version, rules);
      const words = (await store.words(tx)).map(({ pattern, action }) => ({ pattern, action }));
      if (Buffer.byteLength(JSON.stringify(words)) > wordsBytesMax) throw TooManyWords({});
      await emit(tx, blocklistChanged, 1, { version, words, rules });
      const actorId = call.userId;
      await emit(tx, audited, 1, { act, detail, atMs: now(), ...(actorId !== undefined && { actorId }) });
      return answer;
    });

  return {
    words: async () => ({ items: await store.words(db), rules: (await store.rules(db)) ?? usualRules }),

    addWord({ pattern, action }: AddWord, call: Call) {
      const key = `${pattern.startsWith("*") ? "*" : ""}${literalOf(pattern)}${pattern.endsWith("*") ? "*" : ""}`;
      if (literalOf(pattern) === "") throw BadWord({});
      const term = { id: nextId(), pattern, action, createdAtMs: now() };
      return change(call, "words.added", action, async (tx) => {
        if (!(await store.insertWord(tx, { id: term.id, pattern, key, action, created_at_ms: term.createdAtMs })))
          throw WordExists({});
        return { answer: term };
      });
    },

    removeWord: ({ id }: { id: Id }, call: Call) =>
      change(call, "words.removed", "", async (tx) => {
        if (!(await store.removeWord(tx, id))) throw WordNotFound({});
        return { answer: {} };
      }),

    setRules: (rules: NewcomerRules, call: Call) =>
      change(call, "newcomers.changed", JSON.stringify(rules), async () => ({ answer: rules, rules })),
  };
}
