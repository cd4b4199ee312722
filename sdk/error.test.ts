import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KinoraError, readEnvelope } from "./error.ts";

describe("the reader of server answers", () => {
  it("returns the data of a successful answer", () => {
    assert.deepEqual(readEnvelope(200, '{"code":0,"message":"success","data":{"id":7}}'), { id: 7 });
  });

  it("throws an error answer as a `KinoraError` with status, code, fields and trace id", () => {
    const body = JSON.stringify({
      code: 400,
      message: "invalid input",
      data: null,
      error: "kernel.invalid_input",
      errors: [{ field: "title", message: "too long" }, "odd"],
      trace_id: "abc",
    });
    assert.throws(
      () => readEnvelope(400, body),
      (thrown) => {
        assert.ok(thrown instanceof KinoraError);
        assert.equal(thrown.status, 400);
        assert.equal(thrown.code, "kernel.invalid_input");
        assert.deepEqual(thrown.fields, [{ field: "title", message: "too long" }]);
        assert.equal(thrown.traceId, "abc");
        return true;
      },
    );
  });

  it("throws `network.bad_answer` for an answer without an envelope, and `upload.too_large` for a proxy's 413", () => {
    assert.throws(() => readEnvelope(502, "<html>"), { code: "network.bad_answer", status: 502 });
    assert.throws(() => readEnvelope(200, "null"), { code: "network.bad_answer" });
    assert.throws(() => readEnvelope(413, "<html>"), { code: "upload.too_large" });
  });
});
