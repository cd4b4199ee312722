import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { passwordStrength } from "./password-strength.ts";

describe("the strength of a password", () => {
  it("has five levels: none, short, weak, fair and strong", () => {
    assert.equal(passwordStrength("", "ada"), "none");
    assert.equal(passwordStrength("kV9!x", "ada"), "short");
    assert.equal(passwordStrength("12345678", "ada"), "weak");
    assert.equal(passwordStrength("mapleriver", "ada"), "fair");
    assert.equal(passwordStrength("maple river under glass", "ada"), "strong");
  });

  it("is weak for repetitions, common passwords and passwords with the user's name", () => {
    assert.equal(passwordStrength("aaaaaaaaaaaaaaaa", "ada"), "weak");
    assert.equal(passwordStrength("Password1!", "ada"), "weak");
    assert.equal(passwordStrength("lovelace-1815-x", "Lovelace"), "weak");
  });

  it("counts a Chinese character as one character", () => {
    assert.equal(passwordStrength("春眠不觉晓处处", "ada"), "short");
    assert.notEqual(passwordStrength("春眠不觉晓处处闻啼鸟夜来", "ada"), "short");
  });
});
