import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { domainsIn } from "./domains.ts";

describe("a list of domains", () => {
  it("is read from lines, commas, addresses and stars, each domain once and in lower case", () => {
    const { domains, refused } = domainsIn(
      "# throw-away\nMail.Example, @a.example\r\n*.b.example;mail.example\nc.example. # no",
    );
    assert.deepEqual(domains, ["mail.example", "a.example", "b.example", "c.example"]);
    assert.deepEqual(refused, []);
  });

  it("names what is no domain as it was typed", () => {
    assert.deepEqual(domainsIn("localhost Käse.example x@y.example").refused, ["localhost", "Käse.example"]);
    assert.deepEqual(domainsIn("x@y.example").domains, ["y.example"]);
  });
});
