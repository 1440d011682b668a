import { parseArgs } from 'node:util';
import type { ExampleServerOptions } from './exampleServerOptions';

/** Reads flags, then the environment, then the defaults. */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): ExampleServerOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: env.PORT ?? '0' },
      heartbeat: { type: 'string', default: env.HEARTBEAT ?? '250' },
      many: { type: 'string', default: '0' },
      origin: { type: 'string' },
      stdio: { type: 'boolean', default: false },
    },
  });
  return {
    port: wholeNumber('port', values.port),
    heartbeat: wholeNumber('heartbeat', values.heartbeat),
    many: wholeNumber('many', values.many),
    origin: values.origin,
    stdio: values.stdio,
  };
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0)
    throw new TypeError(`--${name}: expected a whole number, got "${value}"`);
  return number;
}
