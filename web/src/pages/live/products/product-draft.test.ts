import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bodyOfProduct, emptyProduct, missingInProduct, priceOf } from "./product-draft.ts";

describe("a product that is typed", () => {
  it("has a price with a point or a comma and two decimals at most", () => {
    assert.deepEqual(["24", "24.5", "24,50", " 0.99 "].map(priceOf), [24, 24.5, 24.5, 0.99]);
    assert.deepEqual(
      ["", "x", "-1", "1.234", "1e3", "99999999"].map(priceOf),
      Array.from({ length: 6 }, () => undefined),
    );
  });

  it("misses a name and a price at first, and a sale price that is not lower", () => {
    assert.deepEqual(missingInProduct(emptyProduct), ["name", "price"]);
    const right = { ...emptyProduct, name: "Tapes", price: "30" };
    assert.deepEqual(missingInProduct(right), []);
    assert.deepEqual(missingInProduct({ ...right, salePrice: "24" }), []);
    assert.deepEqual(missingInProduct({ ...right, salePrice: "30" }), ["salePrice"]);
    assert.deepEqual(missingInProduct({ ...right, salePrice: "x", stock: "1.5" }), ["salePrice", "stock"]);
  });

  it("is sent without a sale price as one that costs its price", () => {
    const { price, sale_price, status } = bodyOfProduct({ ...emptyProduct, name: "Tapes", price: "30" });
    assert.deepEqual([price, sale_price, status], [30, 30, "on"]);
  });
});
