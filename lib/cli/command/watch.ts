import { firstValueFrom, ReplaySubject, timer } from 'rxjs';
import type { MCPSession } from '../../client/session/mcpSession';
import { loggingLevels } from '../../notification/notificationMap';
import type { LoggingLevel, Notification } from '../../protocol/types';
import { didYouMean } from '../../util/nearestName';
import type { CommandLine } from '../commandLine';
import { exitCodes } from '../exitCode';
import { notificationLine } from '../notificationLine';
import { whenClosed } from '../openSession';
import { reportError } from '../report';
import { runAll } from '../runAll';
import { reportStatus } from '../sessionReport';
import { resolveTargets } from '../target';
import type { Terminal } from '../terminal';
import { truncate, oneLine } from '../text';
import { UsageError } from '../usageError';

/** `rx-mcp watch`: prints the notifications of servers until the user interrupts it or a condition is met. */
export async function watch(line: CommandLine, terminal: Terminal): Promise<number> {
  const level = levelOf(line.text('level'));
  const maxCount = line.count('count') ?? Infinity;
  const duration = line.duration('for');
  const until = line.text('until');
  const methods = line.texts('method');
  const json = line.flag('json');
  const targets = await resolveTargets(line, line.words);
  if (targets.length === 0) throw new UsageError('watch: expected a URL, the name of a server, or a command after --');

  const summary = { notifications: 0, gaps: 0, reconnects: 0 };
  const startedAt = Date.now();
  const done$ = new ReplaySubject<number>(1);
  const timedOut = until === undefined ? exitCodes.ok : exitCodes.notSeen;
  const limit = duration === undefined ? undefined : timer(duration).subscribe(() => done$.next(timedOut));

  function prepare(session: MCPSession, { name }: { name: string }): void {
    const server = targets.length > 1 ? name : undefined;
    const print = printer(terminal, server, json);
    if (line.flag('raw')) {
      session.wire$.subscribe((event) => {
        if ('message' in event)
          print(event, `${event.dir === 'in' ? '<-' : '->'} ${oneLine(JSON.stringify(event.message))}`);
      });
    }
    session.notifications$.subscribe((notification) => {
      const { method } = notification;
      if (summary.notifications >= maxCount) return;
      if (methods.length === 0 || methods.includes(method)) {
        summary.notifications++;
        if (!line.flag('raw')) print(shapeOf(notification), notificationLine(notification, terminal));
      }
      if (method === until || summary.notifications >= maxCount) done$.next(exitCodes.ok);
    });
    session.gaps$.subscribe(() => {
      summary.gaps++;
      if (line.flag('fail-on-gap')) done$.next(exitCodes.gap);
    });
    reportStatus(session, { terminal, json, server, onReconnected: () => summary.reconnects++ });
    for (const uri of line.texts('uri')) {
      session.resource$(uri).subscribe({ error: (error: unknown) => reportError(terminal, error, json, server) });
    }
  }

  const code = await runAll(targets, {
    terminal,
    json,
    interrupted: exitCodes.ok,
    prepare,
    use: async (session, { name }) => {
      if (level) {
        session.setLoggingLevel(level).catch((error: unknown) => {
          reportError(terminal, error, json, targets.length > 1 ? name : undefined);
        });
      }
      return Promise.race([whenClosed(session).then(() => exitCodes.ok), firstValueFrom(done$)]);
    },
  });
  limit?.unsubscribe();
  if (json) terminal.print(JSON.stringify({ summary: { ...summary, ms: Date.now() - startedAt, exitCode: code } }));
  return code;
}

type Print = (value: object, text: string) => void;

function printer({ isTerminal, columns, print, style }: Terminal, server: string | undefined, json: boolean): Print {
  return (value, text) => {
    if (json) {
      print(JSON.stringify(server === undefined ? value : { server, ...value }));
    } else if (isTerminal) {
      const time = new Date().toTimeString().slice(0, 8);
      const prefix = server === undefined ? time : `${time} ${oneLine(server)}`;
      const line = truncate(`${prefix} ${text}`, columns + colourLength(text));
      print(`${style('dim', line.slice(0, prefix.length))}${line.slice(prefix.length)}`);
    } else {
      print(server === undefined ? text : `${server}\t${text}`);
    }
  };
}

/** Counts the characters of colour sequences, which take no columns on the terminal. */
function colourLength(text: string): number {
  return text.length - oneLine(text).length;
}

function shapeOf({ method, params }: Notification): Notification {
  return { method, ...(params && { params }) };
}

function levelOf(text: string | undefined): LoggingLevel | undefined {
  const level = loggingLevels.find((known) => known === text);
  if (text === undefined || level) return level;
  throw new UsageError(
    `--level: expected one of ${loggingLevels.join(', ')}, got ${JSON.stringify(text)}${didYouMean(text, loggingLevels)}`,
  );
}
