/** The job that changes tables did not come in time. */
export class JobMissing extends Error {
  constructor(steps: number, waitedMs: number) {
    super(
      `the tables still lack ${steps} steps after ${Math.round(waitedMs / 1_000)} s: run npm run migrate with this version, or set KINORA_MIGRATE=auto`,
    );
    this.name = "JobMissing";
  }
}
