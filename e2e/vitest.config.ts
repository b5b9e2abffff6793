import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/host/*.e2e.ts"],
    reporters: ["default", "./test/summary.ts"],
    // They share one cluster.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
