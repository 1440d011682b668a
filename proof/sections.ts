import { cells } from './frameworks/cells';

/** A part of the proof. */
export interface Section {
  readonly name: string;
  /** The purpose of the section, for the report. */
  readonly about: string;
  /** Timeout in seconds. */
  readonly seconds: number;
  /** If `true`, `--quick` skips the section. Default `false`. */
  readonly slow?: boolean;
  /** If set, the report is a table with these columns; cases are named `row: column`. */
  readonly columns?: readonly string[];
}

/** The sections of the proof, in execution order. */
export const sections: readonly Section[] = [
  {
    name: 'controls',
    about:
      'Checks that the proof can fail: clients and sections that are intentionally wrong must be reported as failures.',
    seconds: 180,
  },
  {
    name: 'conformance',
    about:
      'Runs the official conformance suite, `@modelcontextprotocol/conformance`, against a client that uses this library.',
    seconds: 600,
  },
  {
    name: 'server',
    about:
      "This library's server with the official conformance suite, with clients by other authors, and mounted in common frameworks.",
    seconds: 900,
  },
  {
    name: 'everything',
    about:
      'Receives every kind of message that `@modelcontextprotocol/server-everything` sends, through the public API, and simulates outages of that server.',
    seconds: 240,
  },
  {
    name: 'filesystem',
    about: 'Uses `@modelcontextprotocol/server-filesystem`, which only gives access to the roots of the client.',
    seconds: 90,
  },
  {
    name: 'memory',
    about: 'Uses `@modelcontextprotocol/server-memory`, which notifies subscribers of each change to its graph.',
    seconds: 90,
  },
  {
    name: 'command-line',
    about:
      '`rx-mcp` in a shell, with `server-everything`: lists, calls, reads, a restart that is watched, recorded and replayed, and a recording made by mcporter.',
    seconds: 240,
  },
  {
    name: 'many-nodes',
    about:
      'Three nodes of one server as processes, behind a balancer without sticky sessions, on a real `redis-server`: nodes killed, deployed and cut off, Redis killed, paused and failed over. Every number that was sent is accounted for. Requires Debian, or an installed `redis-server`.',
    seconds: 2_400,
    slow: true,
  },
  {
    name: 'redis',
    about:
      'The Redis backplane with a real `redis-server`: the required behaviour of every backplane, and Redis killed, paused, cut off and failed over. Requires Debian, or an installed `redis-server`.',
    seconds: 240,
  },
  {
    name: 'nodes',
    about: 'The packed package on each version of Node, as an ES module and as CommonJS, over stdio and over HTTP.',
    seconds: 600,
    slow: true,
  },
  {
    name: 'types',
    about: 'The types of the packed package, compiled without `skipLibCheck`.',
    seconds: 1_200,
    slow: true,
  },
  {
    name: 'examples',
    about:
      'The packages of `examples/packages`, installed with the packed package. Each compiles and passes its tests, which use the framework and restart a real server. Language models and the window of VS Code are simulated.',
    seconds: 900,
    slow: true,
  },
  {
    name: 'frameworks',
    about:
      'Small servers that use common frameworks. A number refers to the reason why a server does not support the ' +
      'feature of the column. The case fails if the server supports it after all.',
    seconds: 900,
    slow: true,
    columns: cells.map(({ name }) => name),
  },
];
