import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Two cores, and a test that feeds megabytes: the default five seconds are for idle machines.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
