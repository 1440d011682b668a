import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Modules that start processes, open sockets or compile. A spec that imports one of them, directly or indirectly, is not quick.
 */
const slow =
  /^(node:(child_process|net|https?|http2|tls|dgram|worker_threads|cluster)|cross-spawn|esbuild|typescript)$/;

/**
 * The package's own entries, as in tsconfig.json. `#platform` is omitted, because the client loads it only for a command or a
 * file.
 */
const entries = {
  'rx-mcp': 'lib/index.ts',
  'rx-mcp/stdio': 'lib/client/stdio/index.ts',
  'rx-mcp/modern': 'lib/client/modern/index.ts',
  'rx-mcp/redis': 'lib/server/redis/index.ts',
  'rx-mcp/server': 'lib/server/index.ts',
  'rx-mcp/testing': 'lib/testing/index.ts',
  'rx-mcp/testing/node': 'lib/testing/node/index.ts',
};

/** Returns the specs that start no process and open no socket, as paths from `root`. */
export function quickSpecs(root) {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.spec.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const known = new Map();
  return files
    .trim()
    .split('\n')
    .filter((file) => existsSync(join(root, file)) && !isSlow(root, file, known));
}

/**
 * Whether a file imports a slow module, directly or indirectly. Dynamic imports count, because a spec with a dynamic import also
 * runs it.
 */
function isSlow(root, file, known) {
  if (known.has(file)) return known.get(file);
  // Assumes that a file is quick while its imports are read, which ends cycles.
  known.set(file, false);
  const text = readFileSync(join(root, file), 'utf8');
  const imports = [
    ...text.matchAll(/^(?!import type\b).*?\b(?:from|import|require|jest\.mock)\s*\(?\s*'([^']+)'/gm),
  ].map(([, name]) => name);
  const result = imports.some((name) => {
    if (slow.test(name)) return true;
    const target = resolve(root, file, name);
    return target !== undefined && isSlow(root, target, known);
  });
  known.set(file, result);
  return result;
}

function resolve(root, from, name) {
  const path = name.startsWith('.') ? join(dirname(from), name) : entries[name];
  if (path === undefined) return undefined;
  return [path, `${path}.ts`, `${path}.mjs`, `${path}/index.ts`].find(
    (candidate) => /\.[cm]?[jt]s$/.test(candidate) && existsSync(join(root, candidate)),
  );
}
