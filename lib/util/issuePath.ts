import type { Issue } from '../errors';

/** Formats the path of an issue for an error message, for example `params.uri`. `root` is the beginning of the path. */
export function issuePath(issue: Issue | undefined, ...root: string[]): string {
  const keys = (issue?.path ?? []).map((key) => String(typeof key === 'object' ? key.key : key));
  return [...root, ...keys].join('.');
}
