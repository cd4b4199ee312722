import { isContract, isIndex, type MigrationStep } from "#kernel/db/upgrade/steps";
import { splitAtCommas, type Statement, statementsOf } from "./statements.ts";

/** The steps of one part of a service's schema. */
export interface PartSteps {
  readonly service: string;
  /** `kernel`, `service`, or the table of a copy. */
  readonly part: string;
  readonly steps: readonly MigrationStep[];
  /** How many of them the last release has. */
  readonly released: number;
}

/**
 * The faults of steps since the last release: each is a sentence with its remedy. A text step is an expand step, with
 * which the version before works, and during which it goes on writing.
 */
export function faultsOf({ service, part, steps, released }: PartSteps): string[] {
  if (steps.length < released)
    return [
      `${service} (${part}) has ${steps.length} steps, and ${released} are released: a released step is never removed. Before the first release, run \`npm run generate\` after \`rm test/migrations/released.json\`.`,
    ];
  const newTables = new Set<string>();
  const valuesOf = new Map<string, string[]>();
  return steps.flatMap((step, place) => {
    const isReleased = place < released;
    const place1 = `${service} (${part}), step ${place + 1}`;
    if (isIndex(step)) return [];
    if (isContract(step)) return isReleased ? [] : contractFaults(step, released).map((fault) => `${place1}: ${fault}`);
    return statementsOf(step).flatMap((statement) => {
      const created = /^create (?:unlogged )?table (?:if not exists )?([\w.]+)/.exec(statement.plain)?.[1];
      if (created !== undefined && !isReleased) newTables.add(created);
      const narrowed = narrowing(statement, valuesOf);
      if (isReleased) return [];
      const fault = narrowed ?? faultOf(statement, newTables);
      return fault === undefined ? [] : [`${place1}: \`${brief(statement.text)}\` ${fault} (docs/develop.md § Steps)`];
    });
  });
}

function contractFaults({ contract, since }: { contract: string; since: number }, released: number): string[] {
  const faults = [];
  if (!Number.isInteger(since) || since < 1 || since > released)
    faults.push(
      `\`since: ${since}\` must be the number of steps of a released version that no longer uses what the step removes: at most ${released}. Release the code without the use first, and contract one version later (docs/develop.md § Steps).`,
    );
  if (/\bconcurrently\b/i.test(contract)) faults.push("a contract step runs in a transaction, without CONCURRENTLY.");
  return faults;
}

const brief = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

const contractLater =
  "Release a version that does without it, and write { contract: `…`, since: <its number of steps> } one version later.";

/** Statements by their beginning. A kind that no rule names is refused, as the lint cannot judge it. */
function faultOf({ plain }: Statement, newTables: ReadonlySet<string>): string | undefined {
  if (/\bconcurrently\b/.test(plain))
    return "cannot run in a transaction. Write { index: `name`, on: `schema.table (columns)` }.";
  if (/^(?:drop|truncate|delete)\b/.test(plain)) {
    const dropped = /^(?:drop (?:table|index)|truncate|delete from) (?:if exists )?([\w.]+)/.exec(plain)?.[1];
    return dropped !== undefined && newTables.has(dropped)
      ? undefined
      : `removes what the version before uses. ${contractLater}`;
  }
  const index = /^create (unique )?index (?:if not exists )?\w+ on (?:only )?([\w.]+)/.exec(plain);
  if (index) return indexFault(index[2] ?? "", index[1] !== undefined, newTables);
  const altered = /^alter table (?:if exists )?(?:only )?([\w.]+) (.*)$/.exec(plain);
  if (altered) return newTables.has(altered[1] ?? "") ? undefined : tableFault(altered[2] ?? "");
  if (/^alter type [\w.]+ add value\b/.test(plain)) return undefined;
  if (/^(?:create (?:or replace )?(?:unlogged )?(?:table|schema|sequence|view|type|function)|comment on)\b/.test(plain))
    return undefined;
  if (/^(?:insert into|update|with|select)\b/.test(plain)) return undefined;
  return "is a kind of statement that the lint cannot judge. Choose another, or add a rule to test/migrations/lint.ts.";
}

function indexFault(table: string, isUnique: boolean, newTables: ReadonlySet<string>): string | undefined {
  if (newTables.has(table)) return undefined;
  return isUnique
    ? `refuses rows that the version before writes. ${contractLater}`
    : "keeps all writers waiting until the index is built. Write { index: `name`, on: `schema.table (columns)` }.";
}

/** The first fault among the actions of an ALTER TABLE of an existing table. */
function tableFault(actions: string): string | undefined {
  const all = splitAtCommas(actions);
  return all.map((action) => actionFault(action, all)).find((fault) => fault !== undefined);
}

const harmless =
  /^(?:validate constraint|alter (?:column )?\w+ (?:set default|drop not null|set statistics)|set \(|comment)/;

function actionFault(action: string, all: readonly string[]): string | undefined {
  if (harmless.test(action)) return undefined;
  if (/^add (?:constraint|check|unique|primary key|foreign key|exclude)\b/.test(action)) return constraintFault(action);
  if (action.startsWith("add ")) return columnFault(action);
  if (/^rename\b|^set schema\b/.test(action))
    return "takes away a name that the version before uses. Add the new one beside it, write both, and contract one version later.";
  // PostgreSQL names a CHECK so; without it more values are taken. Other constraints are named in ON CONFLICT.
  if (/^drop constraint (?:if exists )?\w+_check\d*$/.test(action)) return undefined;
  const notNull = /^alter (?:column )?(\w+) set not null$/.exec(action)?.[1];
  if (notNull !== undefined)
    return all.some((other) => new RegExp(`^alter (?:column )?${notNull} set default\\b`).test(other))
      ? undefined
      : `refuses rows of the version before, which may leave ${notNull} out. Set a default with it, or contract. ${contractLater}`;
  if (/^alter (?:column )?\w+ (?:set data )?type\b/.test(action))
    return "writes the whole table anew under a lock, and the version before may not read the new type. Add a column beside it.";
  if (/^drop\b|^alter (?:column )?\w+ drop\b/.test(action))
    return `removes what the version before uses. ${contractLater}`;
  return "is a kind of ALTER TABLE that the lint cannot judge. Choose another, or add a rule to test/migrations/lint.ts.";
}

const constraintFault = (action: string): string | undefined =>
  action.endsWith(" not valid")
    ? undefined
    : `reads the whole table under a lock, and may refuse rows of the version before. Add it NOT VALID, with VALIDATE CONSTRAINT as the next step, or contract. ${contractLater}`;

/** Functions whose result differs from row to row: with such a default PostgreSQL writes each row anew, under a lock. */
const perRow =
  /\b(?:random|clock_timestamp|timeofday|gen_random_uuid|uuidv\d|nextval)\(|\bgenerated\b|\b(?:big|small)?serial\b/;

function columnFault(action: string): string | undefined {
  if (/ (?:unique|primary key)\b/.test(action)) return `makes a unique index of an existing table. ${contractLater}`;
  if (perRow.test(action))
    return "computes a value for each row, under a lock of the whole table. Add the column with a constant default, and fill it by a job.";
  return / not null\b/.test(action) && !/ default /.test(action)
    ? "refuses the rows of the version before, which does not know the column. Give it a DEFAULT."
    : undefined;
}

/** The fault of a CHECK whose list of values lost one. `known` has the values of each column so far. */
function narrowing({ text }: Statement, known: Map<string, string[]>): string | undefined {
  const table = /^(?:create|alter) table (?:if not exists )?([\w."]+)/i.exec(text)?.[1];
  let fault: string | undefined;
  for (const [, column = "", list = ""] of text.matchAll(/check \((\w+) in \(([^)]*)\)\)/gi)) {
    const values = [...list.matchAll(/'([^']*)'/g)].map(([, value = ""]) => value);
    const lost = (known.get(`${table}.${column}`) ?? []).filter((value) => !values.includes(value));
    if (lost.length > 0)
      fault ??= `no longer takes ${lost.join(", ")}, which the version before writes. ${contractLater}`;
    known.set(`${table}.${column}`, values);
  }
  return fault;
}
