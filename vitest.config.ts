import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/summary.ts"],
    // Two cores, and tests that feed megabytes: the default five seconds are for idle machines.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
