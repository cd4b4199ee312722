import { Kysely, type Transaction } from "kysely";

/** Where queries run: the pool, or the transaction of the caller. */
export type Reader<Tables> = Kysely<Tables>;

/** The caller's transaction. What writes asks for one; the pool does not pass for it, so a write outside does not compile. */
export type Tx<Tables> = Transaction<Tables>;
