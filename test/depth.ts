/** Whether this run takes the long forms: every failpoint, long crash loops, hundreds of exits (`npm run test:nightly`). */
export const isNightly = process.env["KINORA_TEST_DEPTH"] === "nightly";
