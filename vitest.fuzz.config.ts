import { defineConfig } from "vitest/config";

// `make fuzz`: as long as is wanted, and its table as it is.
export default defineConfig({
  test: {
    include: ["test/fuzz/fuzz.ts"],
    disableConsoleIntercept: true,
    testTimeout: 0,
  },
});
