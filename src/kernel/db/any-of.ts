import { sql } from "kysely";
import type { Id } from "../fields.ts";

/**
 * The operand of `=` that makes an id one of these. They are behind a SELECT, so that PostgreSQL does not see how many
 * they are when it plans: one plan serves them all, where it would make a new one each time for the few of a single caller.
 */
export const anyOf = (ids: readonly Id[]) => sql<Id>`ANY((SELECT ${[...ids]}::bigint[])::bigint[])`;
