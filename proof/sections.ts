/** A part of the proof. */
export interface Section {
  readonly name: string;
  /** What it proves, for the table. */
  readonly about: string;
  /** Seconds that it may take. */
  readonly seconds: number;
  /** Whether it is left out of what is quick. */
  readonly slow?: boolean;
}

/** The parts of the proof, in the order in which they are run. */
export const sections: readonly Section[] = [
  {
    name: 'controls',
    about: 'That the proof can fail: clients and sections that are wrong on purpose, each told as a failure.',
    seconds: 180,
  },
  {
    name: 'conformance',
    about:
      'The official conformance suite, `@modelcontextprotocol/conformance`, with a client written with this library.',
    seconds: 600,
  },
  {
    name: 'everything',
    about: 'All that `@modelcontextprotocol/server-everything` sends, seen through the public API; and its outages.',
    seconds: 240,
  },
  {
    name: 'filesystem',
    about: '`@modelcontextprotocol/server-filesystem`, which lets a client work in its roots and nowhere else.',
    seconds: 90,
  },
  {
    name: 'memory',
    about:
      '`@modelcontextprotocol/server-memory`, which tells of each change to its graph while somebody is subscribed.',
    seconds: 90,
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
];
