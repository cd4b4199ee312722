import { bodyOf, type Document, nameOf, operationsOf, type Operation, type Schema } from "./document.ts";

/** The changes that break a client of `before`, a sentence each; none where the version has risen. */
export function breaks(before: Document, after: Document): string[] {
  if (isHigher(after.info.version, before.info.version)) return [];
  const breaks: string[] = [];
  for (const { verb, path, operation: was } of operationsOf(before)) {
    const where = `${verb} ${path}`;
    // A path answers with and without a slash at its end.
    const is = (after.paths[path] ?? after.paths[path.replace(/\/$/, "")])?.[verb.toLowerCase()];
    if (!is) breaks.push(`${where} is gone`);
    else {
      if (was["x-auth"] !== is["x-auth"] && order(is) > order(was))
        breaks.push(`${where} was for ${was["x-auth"]} and is for ${is["x-auth"]}`);
      breaks.push(...inputBreaks(where, was, is, before, after));
      for (const [type, { schema }] of Object.entries(was.responses["200"]?.content ?? {}))
        breaks.push(
          ...answerBreaks(`${where} answer`, schema, is.responses["200"]?.content?.[type]?.schema, before, after),
        );
    }
  }
  return [...new Set(breaks)];
}

const rights = ["public", "user", "moderator", "admin"];
const order = (operation: Operation): number => rights.indexOf(operation["x-auth"]);

function inputBreaks(where: string, was: Operation, is: Operation, before: Document, after: Document): string[] {
  const breaks: string[] = [];
  for (const { name, required, schema } of is.parameters ?? []) {
    const old = was.parameters?.find((parameter) => parameter.name === name);
    if (required && old?.required !== true) breaks.push(`${where}: the parameter ${name} is required now`);
    if (old) breaks.push(...typeBreaks(`${where} ${name}`, old.schema, schema, "input"));
  }
  const oldBody = resolve(bodyOf(was), before);
  const body = resolve(bodyOf(is), after);
  for (const name of body?.required ?? [])
    if (oldBody?.required?.includes(name) !== true) breaks.push(`${where}: the field ${name} is required now`);
  for (const [name, old] of Object.entries(oldBody?.properties ?? {})) {
    const now = body?.properties?.[name];
    if (now) breaks.push(...typeBreaks(`${where} ${name}`, resolve(old, before), resolve(now, after), "input"));
  }
  return breaks;
}

function answerBreaks(
  where: string,
  given: Schema | undefined,
  now: Schema | undefined,
  before: Document,
  after: Document,
  parents: readonly Schema[] = [],
): string[] {
  const [was, is] = [resolve(given, before), resolve(now, after)];
  if (!was || parents.includes(was)) return [];
  if (!is) return [`${where} is gone`];
  const breaks = typeBreaks(where, was, is, "answer");
  const deeper = [...parents, was];
  for (const [name, field] of Object.entries(was.properties ?? {})) {
    const isOptionalNow = was.required?.includes(name) === true && is.required?.includes(name) !== true;
    if (is.properties?.[name] && isOptionalNow) breaks.push(`${where}.${name} may be missing now`);
    breaks.push(...answerBreaks(`${where}.${name}`, field, is.properties?.[name], before, after, deeper));
  }
  if (was.items) breaks.push(...answerBreaks(`${where}[]`, was.items, is.items, before, after, deeper));
  const [other, otherNow] = [solid(was), solid(is)];
  if (other !== was && otherNow) breaks.push(...answerBreaks(where, other, otherNow, before, after, deeper));
  return breaks;
}

/** The other case of a schema that may be null. */
const solid = (schema: Schema): Schema | undefined => schema.anyOf?.find(({ type }) => type !== "null") ?? schema;

function typeBreaks(
  where: string,
  was: Schema | undefined,
  is: Schema | undefined,
  side: "input" | "answer",
): string[] {
  if (!was || !is) return [];
  const [old, now] = [typesOf(was), typesOf(is)];
  // A client sends what was allowed, and reads what may come: the one may only grow, the other only shrink.
  const lost = side === "input" ? old.filter((type) => !accepts(now, type)) : now.filter((type) => !accepts(old, type));
  const breaks =
    lost.length === 0 || old.length === 0 || now.length === 0
      ? []
      : [`${where} was ${old.join(" or ")} and is ${now.join(" or ")}`];
  if (side === "input" && is.enum) {
    const removedValues = (was.enum ?? []).filter((value) => !is.enum?.includes(value));
    if (removedValues.length > 0) breaks.push(`${where} does not take ${removedValues.join(", ")} any more`);
  }
  return breaks;
}

const accepts = (types: readonly string[], type: string): boolean =>
  types.includes(type) || (type === "integer" && types.includes("number"));

function typesOf({ type, anyOf, format, $ref }: Schema): string[] {
  if ($ref !== undefined) return ["object"];
  if (anyOf) return [...new Set(anyOf.flatMap(typesOf))];
  const types = typeof type === "string" ? [type] : [...(type ?? [])];
  return types.map((name) => (name === "string" && format === "date-time" ? "date-time" : name));
}

function resolve(schema: Schema | undefined, { components }: Document): Schema | undefined {
  return schema?.$ref === undefined ? schema : components.schemas[nameOf(schema.$ref)];
}

function isHigher(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  for (let i = 0; i < 3; i++) if (a?.[i] !== b?.[i]) return (a?.[i] ?? 0) > (b?.[i] ?? 0);
  return false;
}
