import config from './jest.config.js';
import { quickSpecs } from './scripts/test/quickSpecs.mjs';

/** Runs only the specs that start no process and open no socket: `npm run test:quick`. */
export default {
  ...config,
  testMatch: quickSpecs(import.meta.dirname).map((file) => `<rootDir>/${file}`),
  setupFiles: ['<rootDir>/spec/rig/program/forbidProcesses.ts'],
};
