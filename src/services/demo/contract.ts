import { contract } from "#kernel";

/** Makes the demo content an instance may begin with; it has nothing to ask. */
export const demo = contract("demo", 1, {});
