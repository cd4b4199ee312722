import {
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresQueryCompiler,
  type QueryCompiler,
  type SchemableIdentifierNode,
} from "kysely";
import { kernelNames, schemaOf } from "./tables.ts";

/** PostgreSQL for one service: the kernel's tables are those of its schema, and every other table is named with its own. */
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

class ServiceQueryCompiler extends PostgresQueryCompiler {
  readonly #schema: string;

  constructor(schema: string) {
    super();
    this.#schema = schema;
  }

  protected override visitSchemableIdentifier(node: SchemableIdentifierNode): void {
    if (!node.schema && kernelNames.has(node.identifier.name)) this.append(`${this.#schema}.`);
    super.visitSchemableIdentifier(node);
  }
}
