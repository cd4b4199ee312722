import type { Host } from "#kernel";
import { createBlocklistCopies } from "./blocklist-copies.ts";
import { contentReplicasOf } from "./content-replicas.ts";
import { measureCopiesOf } from "./measure-copies.ts";
import type * as store from "./store.ts";
import { createUserReplicas } from "./user-replicas.ts";

/**
 * Replica rows are compared with their owners, and so are the copies others have of decisions: calls go from here to all
 * of them, so that they cannot ask. Where a copy is outdated its event is published again (docs/adr/014).
 */
export function projectionsOf(host: Pick<Host<store.Tables>, "db" | "emit" | "client" | "now">) {
  const things = contentReplicasOf(host);
  return { things, all: [createUserReplicas(host), ...things, ...measureCopiesOf(host), createBlocklistCopies(host)] };
}
