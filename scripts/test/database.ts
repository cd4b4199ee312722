/**
 * Test databases are thrown away, so they need not survive a crash; suites about crashes start their own. With hundreds
 * of databases autovacuum starts ten processes a second, for tables that are gone before they need it.
 */
const careless = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  max_connections: "400",
};

/** The database server of a run, without durability. */
export async function startDatabase(folder: string) {
  // A run without a database does not load the code either.
  const { startPostgres } = await import("#kernel/postgres/postgres");
  return await startPostgres(folder, careless);
}
