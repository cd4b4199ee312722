import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { arrivalOf, providerStart } from "./providers.ts";

describe("the way to a provider and back", () => {
  it("begins at an address that names the page that follows", () => {
    assert.equal(
      providerStart("school", "/login?from=provider&next=%2Fa"),
      "/api/v1/auth/oidc/school/start?next=%2Flogin%3Ffrom%3Dprovider%26next%3D%252Fa",
    );
  });

  it("ends with the failure that the fragment names, and with the second step", () => {
    const arrival = arrivalOf("#error=auth.provider_failed&provider=A%20%26%20B&next=%2Fupload");
    assert.deepEqual(
      [arrival?.failure.code, arrival?.provider, arrival?.next, arrival?.failure.details],
      ["auth.provider_failed", "A & B", "/upload", {}],
    );
    const step = arrivalOf("#error=auth.second_factor_needed&ticket=abc&methods=totp,recovery_code");
    assert.deepEqual(step?.failure.details, { ticket: "abc", methods: ["totp", "recovery_code"] });
  });

  it("is none for another fragment", () => {
    for (const fragment of ["", "#", "#comments", "#error=<script>", `#error=${"a".repeat(90)}`])
      assert.equal(arrivalOf(fragment), null);
  });
});
