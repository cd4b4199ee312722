import { runOverPartitions } from "./suites.ts";

const services = ["hashtag", "live", "media", "moderation", "recommend", "relation", "search", "upload"];

await runOverPartitions(...services.map((service) => `src/services/${service}/**/*.test.ts`));
