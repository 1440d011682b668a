import { ConfigError } from '../../errors';
import { isObject } from '../../util/isObject';

/** The values of the variables that a configuration file may use. */
export interface Variables {
  /** Environment variables: `${VAR}`, `${VAR:-default}`, `${env:VAR}`. */
  environment: Readonly<Record<string, string | undefined>>;
  /** The project folder of the file: `${workspaceFolder}`. */
  workspaceFolder: string;
  /** The home directory of the user: `${userHome}`. */
  userHome: string;
}

/** A variable has no value. Used as the cause of a {@link ConfigError}. */
export class UnsetVariableError extends Error {
  override readonly name = 'UnsetVariableError';
}

const reference = /\$\{([^{}]*)\}/g;

/**
 * Replaces the variables in all strings of a value, at any depth. The names of members are not changed.
 *
 * @throws {@link ConfigError} with the name and path of the first variable that is not set. The message never contains
 *   values.
 */
export function expandVariables(value: unknown, variables: Variables, path: readonly string[] = []): unknown {
  if (typeof value === 'string') {
    return value.replace(reference, (_, name: string) => valueOf(name, variables, path.join('.')));
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => expandVariables(item, variables, [...path, String(index)]));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, expandVariables(member, variables, [...path, name])]),
  );
}

function valueOf(text: string, { environment, workspaceFolder, userHome }: Variables, path: string): string {
  const [, prefix = '', name = '', fallback] = /^(?:(\w+):(?!-))?([^:]*)(?::-(.*))?$/s.exec(text) ?? [];
  const predefined = new Map([
    ['workspaceFolder', workspaceFolder],
    ['userHome', userHome],
  ]);
  const isVariable = (prefix === '' || prefix === 'env') && /^\w+$/.test(name);
  const value = isVariable ? (environment[name] ?? predefined.get(name)) : undefined;
  // As in a shell, the default applies if the variable is empty as well.
  const expanded = value === undefined || value === '' ? (fallback ?? value) : value;
  if (expanded !== undefined) return expanded;
  const cause = new UnsetVariableError(problemOf(text, isVariable ? name : undefined));
  throw new ConfigError(`${path}: ${cause.message}`, { path, cause });
}

function problemOf(text: string, name: string | undefined): string {
  if (name !== undefined) return `environment variable ${name} is not set`;
  if (text.startsWith('input:')) return `cannot prompt for \${${text}}; use an environment variable instead`;
  return `unsupported variable \${${text}}`;
}
