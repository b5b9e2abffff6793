import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/summary.ts"],
    // Also of tests that something does not take long: what they guard against takes minutes on any machine. A bound of their
    // own would be one of the machine's load. The work itself is counted by the policy, and `make bench` measures it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
