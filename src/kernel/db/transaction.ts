import { Kysely, type Transaction } from "kysely";

/** The pool, or the transaction of the caller: both run queries. */
export type Reader<Tables> = Kysely<Tables>;

/**
 * The caller's transaction. Functions that write ask for one; the pool does not pass for it, so a write outside does
 * not compile.
 */
export type Tx<Tables> = Transaction<Tables>;
