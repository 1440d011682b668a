import { type Program, runProgram } from './runProgram';

/** Runs a program that is written in TypeScript. */
export const runTypeScript = (file: string, ...args: string[]): Program =>
  runProgram(process.execPath, '--import', 'tsx', file, ...args);
