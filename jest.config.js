/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{spec,dashboard}/**/*.spec.ts'],
  testTimeout: 60_000,
  maxWorkers: 2,
  // On a busy machine, a worker of several hundred MB needs more than the default of 500 ms to exit.
  workerGracefulExitTimeout: 5_000,
  globalSetup: '<rootDir>/spec/rig/program/setUp.ts',
  globalTeardown: '<rootDir>/spec/rig/program/tearDown.ts',
  transform: { '\\.[cm]?[jt]s$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json' }] },
  moduleNameMapper: {
    '^#platform$': '<rootDir>/lib/client/config/platform/node.ts',
    '^rx-mcp$': '<rootDir>/lib/index.ts',
    '^rx-mcp/(stdio|modern)$': '<rootDir>/lib/client/$1/index.ts',
    '^rx-mcp/redis$': '<rootDir>/lib/server/redis/index.ts',
    '^rx-mcp/testing/node$': '<rootDir>/lib/testing/node/index.ts',
    '^rx-mcp/(server|testing)$': '<rootDir>/lib/$1/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/bench/', '<rootDir>/examples/packages/'],
};
