import { parseArgs } from 'node:util';
import { ConfigError, HttpConnector } from 'rx-mcp';
import { commandScenario } from './commandScenario';
import type { Era } from './era';
import { everythingScenario } from './everythingScenario';
import { exampleScenario } from './exampleScenario';
import { followScenario } from './followScenario';
import { reconnect } from './reconnect';
import type { Scenario } from './scenario';
import { tours } from './tours';

/** What the command line asks for. */
export interface DemoArguments {
  json: boolean;
  help: boolean;
  createScenario(): Scenario | Promise<Scenario>;
}

/** Reads the command line. */
export function readArguments(args: string[]): DemoArguments {
  const { values, positionals, isCommand } = parse(args);
  const { era, ...shown } = values;
  if (era !== 'legacy' && era !== 'modern') throw new ConfigError('--era: expected legacy or modern');
  return { ...shown, createScenario: () => scenarioFor(positionals, isCommand, era) };
}

function parse(args: string[]) {
  try {
    const { values, positionals, tokens } = parseArgs({
      args,
      options: {
        era: { type: 'string', default: 'legacy' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
      tokens: true,
    });
    return { values, positionals, isCommand: tokens.some(({ kind }) => kind === 'option-terminator') };
  } catch (cause) {
    const [what = ''] = String(cause instanceof Error ? cause.message : cause).split('. ');
    throw new ConfigError(`${what}; see --help`, { cause });
  }
}

function scenarioFor([target, ...rest]: string[], isCommand: boolean, era: Era): Scenario | Promise<Scenario> {
  const { engine } = tours[era];
  if (isCommand) {
    if (target === undefined) throw new ConfigError('expected a command after --');
    return commandScenario(target, rest, engine);
  }
  if (rest.length > 0) throw new ConfigError('expected one URL; a command goes after --');
  if (target === undefined) return exampleScenario(era);
  if (target === 'everything') {
    if (era === 'modern') throw new ConfigError('everything: that server is of the legacy era');
    return everythingScenario();
  }
  return followScenario(new HttpConnector(target, { reconnect, engine }));
}
