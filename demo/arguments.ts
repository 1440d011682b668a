import { parseArgs } from 'node:util';
import { ConfigError, HttpConnector } from 'rx-mcp';
import manifest from '../package.json';
import { everythingTour } from './everythingTour';
import { type Era, exampleTour, tours } from './exampleTour';
import { follow, followCommand } from './follow';
import { reconnect, type Scenario } from './scenario';

const usage = `npm start [-- --server]                 the tour, with a server written with rx-mcp/server
npm start -- --sdk                      the tour, with a server written with the SDK
npm start -- everything                 a tour of @modelcontextprotocol/server-everything
npm start -- --nodes 3                  a server of three nodes on Redis, two of which are killed
npm start -- <url>                      follow the server at a URL until Ctrl-C
npm start -- -- <command> [argument…]   follow a server program until Ctrl-C

--era      legacy: protocol 2025-11-25 and before (default);
           modern: protocol 2026-07-28
--json     one JSON object per line; the summary comes last
--version  print the version
-h, --help print this text`;

/** The options of the command line. */
export interface DemoArguments {
  readonly json: boolean;
  /** A description of the demo, with its duration. */
  readonly intro: string;
  /** Text to print instead of running the demo: the usage, or the version. */
  readonly print?: string;
  createScenario(): Scenario | Promise<Scenario>;
}

/** Parses the command line. */
export function readArguments(args: string[]): DemoArguments {
  const { values, positionals, isCommand } = parse(args);
  const { era, json, help, version, nodes, server, sdk } = values;
  if (era !== 'legacy' && era !== 'modern') throw new ConfigError('--era: expected legacy or modern');
  const print = help ? usage : version ? `${manifest.name} ${manifest.version}` : undefined;
  for (const [name, isSet] of Object.entries({ server, sdk })) {
    const isOnlyTarget = positionals.length === 0 && nodes === undefined && server !== sdk;
    if (isSet && !isOnlyTarget) throw new ConfigError(`--${name}: expected no other target`);
  }
  const scenario = nodes === undefined ? scenarioFor(positionals, isCommand, era, sdk) : nodesScenario(nodes);
  return { json, print, ...scenario };
}

function parse(args: string[]) {
  try {
    const { values, positionals, tokens } = parseArgs({
      args,
      options: {
        era: { type: 'string', default: 'legacy' },
        json: { type: 'boolean', default: false },
        nodes: { type: 'string' },
        sdk: { type: 'boolean', default: false },
        server: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
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

function nodesScenario(nodes: string): Pick<DemoArguments, 'intro' | 'createScenario'> {
  const count = Number(nodes);
  if (!(Number.isInteger(count) && count >= 2 && count <= 8)) throw new ConfigError('--nodes: expected 2 to 8');
  return {
    intro: 'A server of several nodes on a redis-server, which must be installed. The node with the stream is killed.',
    // Loaded on demand, because the module that starts the nodes handles the signals of the process.
    createScenario: async () => (await import('./nodesTour')).nodesTour(count),
  };
}

function scenarioFor(
  [target, ...rest]: string[],
  isCommand: boolean,
  era: Era,
  onSdk: boolean,
): Pick<DemoArguments, 'intro' | 'createScenario'> {
  const { engine } = tours[era];
  if (isCommand) {
    if (target === undefined) throw new ConfigError('expected a command after --');
    return {
      intro: 'Following a server program until Ctrl-C.',
      createScenario: () => followCommand(target, rest, engine),
    };
  }
  if (rest.length > 0) throw new ConfigError('expected one URL; a command goes after --');
  if (target === undefined) {
    return {
      intro:
        'A demo of about 20 s: an example server sends every kind of message, is killed and replaced, and comes back. ' +
        'Ctrl-C ends it; --help shows how to follow your own server.',
      createScenario: () => exampleTour(era, onSdk),
    };
  }
  if (target === 'everything') {
    if (era === 'modern') throw new ConfigError('everything: expected --era legacy, the only era of this server');
    return {
      intro: 'A demo of about 15 s with @modelcontextprotocol/server-everything. Ctrl-C ends it.',
      createScenario: everythingTour,
    };
  }
  return {
    intro: 'Following a server until Ctrl-C.',
    createScenario: () => follow(new HttpConnector(target, { reconnect, engine })),
  };
}
