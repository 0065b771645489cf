import type { ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = {
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores and one thread more, since tests of the page and of the command wait for other processes.
    globalSetup: ["test/setup/build.ts"],
    pool: "threads",
    maxWorkers: 3,
  },
};
export default config;
