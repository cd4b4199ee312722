import { complaints, readLock } from "./supply/lock.ts";

/*
 * The supply gate (npm run check): every package has its hash in the lockfile, runs no install script that was not
 * reviewed, and has a licence that fits. Ends with 1 and the list of what does not hold.
 */
const lock = await readLock();
const found = complaints(lock);
for (const line of found) console.error(line);
if (found.length > 0) process.exitCode = 1;
else console.log(`${lock.packages.length} packages: hashes, install scripts and licences are in order`);
