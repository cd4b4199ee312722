import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { impersonationKey, isReservedName, isTakenFor } from "./reserved-names.ts";

describe("a user name", () => {
  it("is reserved where it passes for the operator, staff or the program", () => {
    for (const name of [
      "admin",
      "ADMIN",
      "a.d-m_i n",
      "adm1n",
      "аdmin",
      "ádmin",
      "adrnin",
      "4dmin",
      "support",
      "5upport",
      "root",
      "r00t",
      "moderator",
      "kinora",
      "Kinora Support",
      "official_kinora_staff",
      "root.adm",
      "rootadrn",
      "管理员",
      "ｓｙｓｔｅｍ",
    ])
      assert.equal(isReservedName(name), true, name);
  });

  it("is free where it only contains a reserved word", () => {
    for (const name of [
      "administer",
      "rooted",
      "supporter9",
      "mira",
      "kinoramira",
      "badminton",
      "systematic",
      "日落海",
      "___",
    ])
      assert.equal(isReservedName(name), false, name);
  });

  it("passes for a staff member's name in another spelling, and not for a different one", () => {
    for (const name of ["lena.k", "LENA_K", "l-e-n-a-k", "Ienak", "léna k", "1enak", "len4k"])
      assert.equal(isTakenFor(name, ["Mira", "LenaK"]), true, name);
    for (const name of ["lenakk", "lena", "mirra", "..."])
      assert.equal(isTakenFor(name, ["Mira", "LenaK"]), false, name);
  });

  it("has a key that separators, case and accents do not change", () => {
    const letters = fc.array(fc.constantFrom(..."abehimnorustv".split("")), { minLength: 1 });
    fc.assert(
      fc.property(letters, fc.constantFrom(..."._- ".split("")), (name, separator) =>
        assert.equal(impersonationKey(name.join(`\u0301${separator}`).toUpperCase()), impersonationKey(name.join(""))),
      ),
    );
  });
});
