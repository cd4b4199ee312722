/**
 * One step of a schema. A text is an *expand* step: SQL with which the version before still works, such as a new table or
 * a column with a default. The other kinds are for what a text may not do.
 */
export type MigrationStep = string | ContractStep | IndexStep;

/** SQL that removes or tightens what an earlier version used. */
export interface ContractStep {
  readonly contract: string;
  /** The number of steps that code must know to work after it: the steps of the first version without that use. */
  readonly since: number;
}

/** An index of an existing table. It is created outside a transaction, so that no writer waits for it. */
export interface IndexStep {
  readonly index: string;
  /** The rest of the statement: `video.videos (published_at_ms DESC) WHERE is_visible`. */
  readonly on: string;
}

export const isContract = (step: MigrationStep): step is ContractStep => typeof step === "object" && "contract" in step;
export const isIndex = (step: MigrationStep): step is IndexStep => typeof step === "object" && "index" in step;

/** The SQL of a step inside a transaction. */
export function textOf(step: MigrationStep): string {
  if (typeof step === "string") return step;
  return isContract(step) ? step.contract : `CREATE INDEX ${step.index} ON ${step.on}`;
}

/** The table of an index step, `video.videos`. */
export const tableOf = ({ on }: IndexStep): string => /^[\w."]+/.exec(on)?.[0] ?? "";

/**
 * Statements that create an index beside writers. An interrupted attempt leaves an invalid index, which is dropped.
 * @param partitions of its table, with their schema. PostgreSQL creates no index of a partitioned table concurrently: each
 * partition gets one, and that of the table is valid once it has them all.
 */
export function concurrentTextsOf(schema: string, step: IndexStep, partitions: readonly string[]): string[] {
  const { index, on } = step;
  if (partitions.length === 0)
    return [`DROP INDEX CONCURRENTLY IF EXISTS ${schema}.${index}`, `CREATE INDEX CONCURRENTLY ${index} ON ${on}`];
  const definition = on.slice(tableOf(step).length);
  return [
    `DROP INDEX IF EXISTS ${schema}.${index}`,
    `CREATE INDEX ${index} ON ONLY ${on}`,
    ...partitions.flatMap((partition, n) => [
      `DROP INDEX CONCURRENTLY IF EXISTS ${schema}.${index}_${n}`,
      `CREATE INDEX CONCURRENTLY ${index}_${n} ON ${partition}${definition}`,
      `ALTER INDEX ${schema}.${index} ATTACH PARTITION ${schema}.${index}_${n}`,
    ]),
  ];
}

/** The number of steps that code must know for a schema with these steps: what its contract steps ask for. */
export const floorOf = (steps: readonly MigrationStep[]): number =>
  Math.max(0, ...steps.map((step) => (isContract(step) ? step.since : 0)));
