/** A server needs one connection that watches it, and one for queries. */
const each = 2;

/** The fewest connections with which a database can have this many replicas. */
export const leastConnections = (replicas: number): number => each * (replicas + 1);

/**
 * How a process shares its connections between a primary and its replicas, half for the replicas together: those for
 * queries of the primary, and all of each replica. Pure.
 */
export function shareOf(connections: number, replicas: number): { readonly primary: number; readonly replica: number } {
  if (replicas === 0) return { primary: connections, replica: 0 };
  const replica = Math.max(each, Math.floor(connections / 2 / replicas));
  return { primary: connections - replicas * replica - 1, replica };
}
