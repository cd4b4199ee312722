import {
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresQueryCompiler,
  type QueryCompiler,
  type SchemableIdentifierNode,
} from "kysely";
import { coreTables, ownSchema, schemaOf } from "./tables.ts";

/** PostgreSQL for one service: the kernel's tables and those of the schema `own` are in its schema; other tables are named with theirs. */
export class ServiceDialect extends PostgresDialect {
  readonly #schema: string;

  constructor(config: PostgresDialectConfig, service: string) {
    super(config);
    this.#schema = schemaOf(service);
  }

  override createQueryCompiler(): QueryCompiler {
    return new ServiceQueryCompiler(this.#schema);
  }
}

const kernelTables: ReadonlySet<string> = new Set(coreTables);

class ServiceQueryCompiler extends PostgresQueryCompiler {
  readonly #schema: string;

  constructor(schema: string) {
    super();
    this.#schema = schema;
  }

  protected override visitSchemableIdentifier(node: SchemableIdentifierNode): void {
    const isOwn = node.schema ? node.schema.name === ownSchema : kernelTables.has(node.identifier.name);
    if (!isOwn) return super.visitSchemableIdentifier(node);
    this.append(`${this.#schema}.`);
    this.visitNode(node.identifier);
  }
}
