import assert from "node:assert/strict";
import { it } from "node:test";
import { pinoLog } from "./pino.ts";
import { prettyLine } from "./pretty.ts";

const time = new Date(2026, 0, 2, 3, 4, 5, 67).toISOString();
const pretty = (fields: object): string =>
  prettyLine(JSON.stringify({ level: "info", time, instance: "one", version: "1", ...fields }), { hasColours: false });

it("a pretty line aligns time, level, service and message, followed by the fields", () => {
  assert.equal(
    pretty({ service: "video", msg: "published", videoId: 7, title: "two words", tags: ["a"] }),
    '03:04:05.067 INFO  video       published videoId=7 title="two words" tags=["a"]\n',
  );
  assert.equal(pretty({ level: "warn", msg: "slow" }), "03:04:05.067 WARN              slow\n");
});

it("a pretty line shows the stack, code and cause of an error below it", () => {
  const err = { type: "Error", message: "broke", stack: "Error: broke\n    at a", code: "E1" };
  const lines = pretty({ level: "error", msg: "failed", err: { ...err, cause: { type: "Error", message: "below" } } });
  assert.deepEqual(lines.split("\n").slice(1), [
    "    Error: broke",
    "        at a",
    '    {"code":"E1"}',
    "    caused by Error: below",
    "",
  ]);
});

it("a pretty line contains no control characters from its fields", () => {
  const line = pretty({
    msg: "a\u001b[31m",
    name: "b\u001b]0;title\u0007",
    "c\u009b2J": "\u009b2J",
    service: "\u001b[2J",
  });
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  assert.doesNotMatch(line.trimEnd(), /[\u0000-\u001f\u007f-\u009f]/);
});

it("pretty lines mask secrets as the JSON lines do", () => {
  const lines: string[] = [];
  const to = { write: (line: string) => void lines.push(line) };
  pinoLog({ level: () => "info", instance: "one", version: "1", format: "pretty", to }).info("said", {
    token: "s3cret",
  });
  assert.match(lines.join(""), /said token=\[secret\]/);
});
