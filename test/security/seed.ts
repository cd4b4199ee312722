/** The first input of generated suites is made of it: `npm run abuse -- SEED` sets it. */
export const seed = Number(process.env["KINORA_TEST_SEED"] ?? 1);
