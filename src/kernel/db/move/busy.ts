import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const attemptsMax = 60;

/** SQLSTATE 55P03, `lock_not_available`, and 40P01, `deadlock_detected`. */
export const isBusy = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === "55P03" || error.code === "40P01");

/** Runs `work` again while others have what it waits for. Requests wait behind a lock that waits, so it gives up early. */
export async function retryWhileBusy<R>(work: () => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || attempt === attemptsMax) throw error;
    }
    await sleep(200 + Math.random() * 300);
  }
}
