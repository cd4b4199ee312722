import { type Json, objectOf, Refusal } from "./refusal.ts";

/** A field in a mapping. */
interface Field {
  readonly type: "text" | "long" | "keyword" | "unparsed";
  readonly hasNorms: boolean;
}
export type Fields = ReadonlyMap<string, Field>;

/** The fields of a mapping, by their paths. `dynamic: strict` and the analyser `whitespace` alone are known here. */
export function fieldsOf(mappings: Json): Fields {
  objectOf(mappings, ["dynamic", "_source", "properties"], "mappings");
  if (mappings["dynamic"] !== "strict") throw new Refusal(400, "mapper_parsing_exception", "dynamic mappings");
  const fields = new Map<string, Field>();
  const visit = (properties: Json, path: string): void => {
    for (const [name, value] of Object.entries(properties)) {
      const at = path === "" ? name : `${path}.${name}`;
      const { type, ...rest } = objectOf(value, ["type", "analyzer", "norms", "enabled", "properties"], at);
      if (type === undefined) {
        visit(objectOf(objectOf(rest, ["properties"], at)["properties"], undefined, at), at);
        continue;
      }
      if (type === "text") {
        const { analyzer, norms = true } = objectOf(rest, ["analyzer", "norms"], at);
        if (analyzer !== "whitespace")
          throw new Refusal(400, "mapper_parsing_exception", `analyzer [${String(analyzer)}]`);
        fields.set(at, { type, hasNorms: norms === true });
      } else if (type === "object") {
        if (objectOf(rest, ["enabled"], at)["enabled"] !== false)
          throw new Refusal(400, "mapper_parsing_exception", at);
        fields.set(at, { type: "unparsed", hasNorms: false });
      } else if (type === "long" || type === "keyword") {
        objectOf(rest, [], at);
        fields.set(at, { type, hasNorms: false });
      } else
        throw new Refusal(400, "mapper_parsing_exception", `No handler for type [${JSON.stringify(type)}] on [${at}]`);
    }
  };
  visit(objectOf(mappings["properties"], undefined, "properties"), "");
  return fields;
}

/** The values of a document by field. */
export interface Parsed {
  /** Terms with their positions. */
  readonly texts: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
  readonly lengths: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, readonly (number | string)[]>;
}

const positionGap = 100;
/** As `Character.isWhitespace` of Java has it: no-break spaces are none. */
const separators = String.raw`[\t-\r\u001c-\u001f \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+`;
const whitespace = new RegExp(separators, "u");
export const tokensOf = (text: string): string[] => text.split(whitespace).filter((token) => token !== "");

/** @throws Refusal for what the mapping does not have */
export function parsed(source: unknown, fields: Fields): Parsed {
  const texts = new Map<string, Map<string, number[]>>();
  const lengths = new Map<string, number>();
  const values = new Map<string, (number | string)[]>();
  const visit = (value: unknown, path: string): void => {
    const field = fields.get(path);
    if (field?.type === "unparsed") return;
    if (!field) {
      const isObject = [...fields.keys()].some((one) => path === "" || one.startsWith(`${path}.`));
      if (!isObject)
        throw new Refusal(400, "strict_dynamic_mapping_exception", `dynamic introduction of [${path}] is not allowed`);
      for (const [name, inner] of Object.entries(objectOf(value, undefined, path)))
        visit(inner, path === "" ? name : `${path}.${name}`);
      return;
    }
    const all = (Array.isArray(value) ? value : [value]) as unknown[];
    if (field.type === "text") {
      const terms = texts.get(path) ?? new Map<string, number[]>();
      texts.set(path, terms);
      let [position, length] = [0, 0];
      for (const text of all) {
        if (typeof text !== "string") throw new Refusal(400, "document_parsing_exception", `failed to parse [${path}]`);
        for (const token of tokensOf(text)) {
          terms.set(token, [...(terms.get(token) ?? []), position++]);
          length++;
        }
        position += positionGap;
      }
      lengths.set(path, length);
    } else
      for (const one of all) {
        const isOf = field.type === "long" ? Number.isSafeInteger(one) : typeof one === "string";
        if (!isOf) throw new Refusal(400, "document_parsing_exception", `failed to parse field [${path}]`);
        values.set(path, [...(values.get(path) ?? []), one as number | string]);
      }
  };
  visit(source, "");
  return { texts, lengths, values };
}
