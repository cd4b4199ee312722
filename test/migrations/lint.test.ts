import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MigrationStep } from "#kernel/db/upgrade/steps";
import packageJson from "../../package.json" with { type: "json" };
import { faultsOf } from "./lint.ts";
import { loadParts, type Released } from "./parts.ts";
import releasedJson from "./released.json" with { type: "json" };

const released: Released = releasedJson;

describe("the steps of the databases", () => {
  it("are expand steps, with which the version before works, or contract steps one version later", async () => {
    const parts = (await loadParts()).map((part) => ({
      ...part,
      released: released.steps[part.service]?.[part.part] ?? 0,
    }));
    assert.ok(parts.length > 40, `only ${parts.length} parts were looked at`);
    assert.deepEqual(parts.flatMap(faultsOf), []);
  });

  it("are recorded when the version of package.json changes", () => {
    assert.equal(
      released.version,
      packageJson.version,
      "a release records the steps that it has: run `npm run generate` after the version is set",
    );
  });
});

describe("the lint of steps", () => {
  for (const [step, fault] of [
    ["ALTER TABLE crew.boats DROP COLUMN name", /removes what the version before uses.*one version later/],
    ["ALTER TABLE crew.boats DROP name", /removes what/],
    ["ALTER TABLE crew.boats ADD COLUMN a INT, ALTER COLUMN b DROP DEFAULT", /removes what/],
    ["ALTER TABLE crew.boats DROP CONSTRAINT boats_pkey", /removes what/],
    ["DROP TABLE crew.boats", /removes what/],
    ["DROP INDEX crew.boats_once", /removes what/],
    ["TRUNCATE crew.boats", /removes what/],
    ["DELETE FROM crew.boats WHERE id < 7", /removes what/],
    ["ALTER TABLE crew.boats RENAME COLUMN name TO title", /takes away a name/],
    ['alter table "crew"."boats" rename to ships', /takes away a name/],
    ["ALTER TABLE crew.boats ALTER COLUMN id TYPE TEXT", /whole table anew/],
    ["ALTER TABLE crew.boats ALTER name SET NOT NULL", /leave name out/],
    ["ALTER TABLE crew.boats ADD COLUMN flag TEXT NOT NULL", /Give it a DEFAULT/],
    ["ALTER TABLE crew.boats ADD COLUMN code TEXT UNIQUE", /unique index/],
    ["ALTER TABLE crew.boats ADD COLUMN at TIMESTAMPTZ DEFAULT clock_timestamp()", /for each row/],
    ["ALTER TABLE crew.boats ADD CONSTRAINT boats_size_check CHECK (size > 0)", /NOT VALID/],
    ["ALTER TABLE crew.boats ADD PRIMARY KEY (id)", /NOT VALID/],
    ["ALTER TABLE crew.boats DETACH PARTITION crew.old", /cannot judge/],
    [
      "ALTER TABLE crew.boats DROP CONSTRAINT boats_state_check, ADD CHECK (state IN ('afloat', 'lost')) NOT VALID",
      /no longer takes ashore/,
    ],
    ["CREATE UNIQUE INDEX boats_by_name ON crew.boats (name)", /refuses rows/],
    ["CREATE INDEX boats_by_name ON crew.boats (name)", /writers waiting.*\{ index/],
    ["CREATE INDEX CONCURRENTLY boats_by_name ON crew.boats (name)", /cannot run in a transaction/],
    ["INSERT INTO crew.boats VALUES (1, ';'); DROP TABLE crew.boats", /`DROP TABLE crew\.boats` removes/],
    ["DO $$ BEGIN DROP TABLE crew.boats; END $$", /cannot judge/],
    ["LOCK TABLE crew.boats", /cannot judge/],
    [{ contract: "ALTER TABLE crew.boats DROP COLUMN name", since: 2 }, /must be the number of steps.*at most 1/],
    [{ contract: "DROP INDEX CONCURRENTLY crew.boats_by_name", since: 1 }, /without CONCURRENTLY/],
  ] satisfies [MigrationStep, RegExp][])
    it(`refuses ${typeof step === "string" ? step : JSON.stringify(step)}`, () => {
      const faults = faultsAfterRelease(step);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", /^crew \(service\), step 2: /);
      assert.match(faults[0] ?? "", fault);
    });

  for (const step of [
    "CREATE TABLE crew.oars (id INT PRIMARY KEY); CREATE UNIQUE INDEX oars_once ON crew.oars (id); ALTER TABLE crew.oars ADD CHECK (id > 0)",
    "ALTER TABLE crew.boats ADD COLUMN flag TEXT, ADD COLUMN is_new BOOLEAN NOT NULL DEFAULT false",
    "ALTER TABLE crew.boats ADD COLUMN tags TEXT[] NOT NULL DEFAULT '{}', ADD price NUMERIC(9, 2) DEFAULT 0.5",
    "ALTER TABLE crew.boats ALTER COLUMN name SET DEFAULT '', ALTER COLUMN name SET NOT NULL",
    "ALTER TABLE crew.boats ALTER COLUMN name DROP NOT NULL",
    "ALTER TABLE crew.boats DROP CONSTRAINT boats_state_check, ADD CHECK (state IN ('afloat', 'ashore', 'sunk')) NOT VALID",
    "ALTER TABLE crew.boats VALIDATE CONSTRAINT boats_state_check",
    "-- DROP TABLE crew.boats;\nUPDATE crew.boats SET name = 'DROP TABLE; crew' /* ; TRUNCATE */ WHERE name IS NULL",
    "-- Nothing reads crew.boats.name from this version on.",
    { index: "boats_by_name", on: "crew.boats (name)" },
    { contract: "ALTER TABLE crew.boats DROP COLUMN name", since: 1 },
  ] satisfies MigrationStep[])
    it(`takes ${typeof step === "string" ? step : JSON.stringify(step)}`, () => {
      assert.deepEqual(faultsAfterRelease(step), []);
    });

  it("refuses that a released step is removed", () => {
    const [fault = ""] = faultsOf({ service: "crew", part: "service", steps: [], released: 1 });
    assert.match(fault, /has 0 steps, and 1 are released: a released step is never removed/);
  });
});

const faultsAfterRelease = (step: MigrationStep) =>
  faultsOf({
    service: "crew",
    part: "service",
    steps: [
      "CREATE TABLE crew.boats (id INT, name TEXT, state TEXT CHECK (state IN ('afloat', 'ashore'))); DROP TABLE crew.rafts",
      step,
    ],
    released: 1,
  });
