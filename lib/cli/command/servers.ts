import { reasonOf } from '../../util/reasonOf';
import type { CommandLine } from '../commandLine';
import { configPaths, readIfServers } from '../configFiles';
import { exitCodes } from '../exitCode';
import { reportError } from '../report';
import type { Terminal } from '../terminal';
import { truncate, oneLine, withoutSecrets } from '../text';
import { UsageError } from '../usageError';

/** One line of the output. */
interface Row {
  name: string;
  file: string;
  line: number;
  disabled: boolean;
  url?: string;
  command?: string;
  error?: string;
}

/** `rx-mcp servers`: prints the servers of the configuration files. Does not connect to them. */
export async function servers(line: CommandLine, terminal: Terminal): Promise<number> {
  if (line.words.length > 0) throw new UsageError(`servers: unexpected argument ${JSON.stringify(line.words[0])}`);
  const json = line.flag('json');
  const given = line.text('config');
  const rows: Row[] = [];
  let code: number = exitCodes.ok;
  for (const path of configPaths(given)) {
    try {
      rows.push(...(await rowsOf(path, given)));
    } catch (error) {
      reportError(terminal, error, json);
      code = exitCodes.failure;
    }
  }
  for (const row of rows) terminal.print(json ? JSON.stringify(row) : textOf(row, terminal));
  if (json) terminal.print(JSON.stringify({ summary: { servers: rows.length, exitCode: code } }));
  else if (rows.length === 0 && code === exitCodes.ok)
    terminal.note('rx-mcp: no servers found in any configuration file');
  return code;
}

async function rowsOf(path: string, given: string | undefined): Promise<Row[]> {
  const file = await readIfServers(path, given);
  return [...(file?.servers ?? [])].map(([name, server]) => {
    const { url, command } = server.address;
    const row: Row = {
      name,
      file: path,
      line: server.line,
      disabled: server.disabled,
      ...(url !== undefined && { url: withoutSecrets(url) }),
      ...(command !== undefined && { command }),
    };
    if (server.disabled) return row;
    try {
      server.config();
      return row;
    } catch (error) {
      return { ...row, error: reasonOf(error).message };
    }
  });
}

function textOf(
  { name, file, line, disabled, url, command, error }: Row,
  { isTerminal, columns, style }: Terminal,
): string {
  const location = `${file}:${line}`;
  const details = error === undefined ? (url ?? command ?? '') : `not usable: ${error}`;
  const parts = [oneLine(name), oneLine(details), location, ...(disabled ? ['disabled'] : [])];
  if (!isTerminal) return parts.join('\t');
  const text = truncate(parts.join('  '), columns);
  return disabled ? style('dim', text) : text;
}
