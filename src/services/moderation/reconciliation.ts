import type { Host } from "#kernel";
import { createBlocklistCopies } from "./blocklist-copies.ts";
import { contentReplicasOf } from "./content-replicas.ts";
import { measureCopiesOf } from "./measure-copies.ts";
import type * as store from "./store.ts";
import { createUserReplicas } from "./user-replicas.ts";

/**
 * Replica rows are compared with their owners, and so are the copies that other services have of decisions. Calls go
 * from here to all of these services, so they cannot call moderation. The event of an outdated copy is published again
 * (docs/adr/014).
 */
export function projectionsOf(host: Pick<Host<store.Tables>, "db" | "emit" | "client" | "now">) {
  const things = contentReplicasOf(host);
  return { things, all: [createUserReplicas(host), ...things, ...measureCopiesOf(host), createBlocklistCopies(host)] };
}
