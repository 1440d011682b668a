import { map, merge, type Observable } from 'rxjs';
import type { MCPSession } from '../../client/session/mcpSession';
import type { CommandLine } from '../commandLine';
import { didYouMean } from '../../util/nearestName';
import { exitCodes } from '../exitCode';
import { whenClosed } from '../openSession';
import { runAll } from '../runAll';
import { reportStatus } from '../sessionReport';
import { resolveTargets } from '../target';
import type { Terminal } from '../terminal';
import { truncate, oneLine } from '../text';
import { UsageError } from '../usageError';

/** The parts of a list item that are displayed. */
interface Item {
  name: string;
  description?: string | undefined;
  uri?: string;
  uriTemplate?: string;
}

interface Kind {
  word: string;
  /** The name of the list in the MCP result. */
  member: string;
  capability: 'tools' | 'prompts' | 'resources';
  list(session: MCPSession): Promise<readonly Item[]>;
  list$(session: MCPSession): Observable<readonly Item[]>;
}

const kinds: readonly Kind[] = [
  {
    word: 'tools',
    member: 'tools',
    capability: 'tools',
    list: (session) => session.listTools(),
    list$: (session) => session.tools$,
  },
  {
    word: 'prompts',
    member: 'prompts',
    capability: 'prompts',
    list: (session) => session.listPrompts(),
    list$: (session) => session.prompts$,
  },
  {
    word: 'resources',
    member: 'resources',
    capability: 'resources',
    list: (session) => session.listAllResources(),
    list$: (session) => session.resources$,
  },
  {
    word: 'templates',
    member: 'resourceTemplates',
    capability: 'resources',
    list: (session) => session.listResourceTemplates(),
    list$: (session) => session.resourceTemplates$,
  },
];

/** `rx-mcp list`: prints the lists of servers, once or after every change. */
export async function list(line: CommandLine, terminal: Terminal): Promise<number> {
  const { words, kind: requested } = splitKind(line);
  const targets = await resolveTargets(line, words).catch((error: unknown) => {
    throw error instanceof UsageError ? (unknownKind(words) ?? error) : error;
  });
  if (targets.length === 0) throw new UsageError('list: expected a URL, the name of a server, or a command after --');
  const json = line.flag('json');
  const counts = new Map<string, number>();
  const code = await runAll(targets, {
    terminal,
    json,
    interrupted: line.flag('watch') ? exitCodes.ok : exitCodes.interrupted,
    prepare: (session, { name }) => {
      const server = targets.length > 1 ? name : undefined;
      if (line.flag('watch')) reportStatus(session, { terminal, json, server });
    },
    use: async (session, target) => {
      const shown = kinds.filter(({ word, capability }) =>
        requested ? word === requested : session.capabilities?.[capability],
      );
      const server = targets.length > 1 ? target.name : undefined;
      const print = (kind: Kind, items: readonly Item[]): void => {
        counts.set(kind.member, (line.flag('watch') ? 0 : (counts.get(kind.member) ?? 0)) + items.length);
        if (json) terminal.print(JSON.stringify({ server, [kind.member]: items }));
        else printItems(kind.word, items, { server, isOnly: requested !== undefined }, terminal);
      };
      if (line.flag('watch')) {
        const all$ = merge(...shown.map((kind) => kind.list$(session).pipe(map((items) => ({ kind, items })))));
        all$.subscribe(({ kind, items }) => print(kind, items));
        await whenClosed(session);
      } else {
        const lists = await Promise.all(shown.map((kind) => kind.list(session)));
        shown.forEach((kind, index) => print(kind, lists[index] ?? []));
      }
      return exitCodes.ok;
    },
  });
  if (json) terminal.print(JSON.stringify({ summary: { ...Object.fromEntries(counts), exitCode: code } }));
  return code;
}

/**
 * Separates the kind from the targets. Only the last word can be the kind: any other word is a target, even if it is
 * the name of a kind.
 */
function splitKind({ words, program }: CommandLine): { words: readonly string[]; kind?: string } {
  const last = words.at(-1);
  const mayBeKind = last !== undefined && (words.length > 1 || program !== undefined);
  if (!mayBeKind) return { words };
  if (kinds.some(({ word }) => word === last)) return { words: words.slice(0, -1), kind: last };
  if (program === undefined) return { words };
  throw kindError(last, suggestedKind(last));
}

function kindError(word: string, suggestion: string): UsageError {
  const got = JSON.stringify(word);
  return new UsageError(`list: expected tools, prompts, resources or templates, got ${got}${suggestion}`);
}

/** Returns an error with a suggestion if the last word resembles a kind. */
function unknownKind(words: readonly string[]): UsageError | undefined {
  const last = words.length > 1 ? words.at(-1) : undefined;
  const suggestion = last === undefined ? '' : suggestedKind(last);
  return last !== undefined && suggestion ? kindError(last, suggestion) : undefined;
}

function suggestedKind(misspelled: string): string {
  const words = kinds.map(({ word }) => word);
  return didYouMean(misspelled, words);
}

/**
 * Prints a list. On a terminal, prints a heading and columns. Otherwise, prints one line per item, with tabs between
 * its parts.
 */
function printItems(
  word: string,
  items: readonly Item[],
  { server, isOnly }: { server: string | undefined; isOnly: boolean },
  { isTerminal, columns, print, style }: Terminal,
): void {
  const labels = items.map(({ name, uri, uriTemplate }) => oneLine(uri ?? uriTemplate ?? name));
  const texts = items.map(({ name, uri, uriTemplate, description }) =>
    oneLine(description ?? (uri === undefined && uriTemplate === undefined ? '' : name)),
  );
  if (!isTerminal) {
    const prefix = [server, isOnly ? undefined : word].filter((part) => part !== undefined);
    labels.forEach((label, index) => print([...prefix, label, texts[index]].filter(Boolean).join('\t')));
    return;
  }
  print(style('bold', `${server === undefined ? '' : `${oneLine(server)} `}${word} (${items.length})`));
  const widest = Math.min(Math.max(0, ...labels.map((label) => label.length)), Math.floor(columns / 2));
  labels.forEach((label, index) => {
    const line = truncate(`  ${label.padEnd(widest)}  ${texts[index] ?? ''}`.trimEnd(), columns);
    print(`${line.slice(0, 2 + label.length)}${style('dim', line.slice(2 + label.length))}`);
  });
}
