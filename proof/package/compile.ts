import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../harness/runProcess';

/** How a project that uses the package is compiled. */
export interface CompileOptions {
  /** Where the package is installed. */
  readonly fixture: string;
  /** Whether the peer of `rx-mcp/modern` is there too. */
  readonly hasModern: boolean;
  /** A directory for the project, and for what comes of it. */
  readonly dir: string;
  readonly typescript: 5 | 6;
  readonly format: 'module' | 'commonjs';
  readonly moduleResolution: 'node16' | 'bundler';
}

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));

/**
 * In the SDK's CommonJS declarations one file imports a module that is only an ES module. That is between the SDK and the
 * compiler; users are spared it by `skipLibCheck`, without which everything else is checked here.
 */
const notOurs = /@modelcontextprotocol\/sdk\/dist\/cjs\/validation\/types\.d\.ts\(\d+,\d+\): error TS1541:/;

/** Compiles the consumers, with every declaration file checked. Resolves with the compiled file; rejects with the errors. */
export async function compile(options: CompileOptions): Promise<string> {
  const { fixture, hasModern, dir, typescript, format, moduleResolution } = options;
  const files = hasModern ? ['consumer.ts', 'modernConsumer.ts'] : ['consumer.ts'];
  mkdirSync(dir, { recursive: true });
  symlinkSync(join(fixture, 'node_modules'), join(dir, 'node_modules'));
  for (const file of files) copyFileSync(join(fixtures, file), join(dir, file));
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ type: format }));
  const compilerOptions = {
    strict: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
    types: ['node'],
    module: moduleResolution === 'node16' ? 'node16' : 'esnext',
    moduleResolution,
    rootDir: '.',
    outDir: 'out',
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(fixture, 'node_modules', `typescript-${typescript}`, 'bin', 'tsc');
  const { code, output } = await runProcess(process.execPath, [tsc, '--pretty', 'false'], { cwd: dir, seconds: 170 });
  const errors = output.split('\n').filter((line) => / error TS\d+:/.test(line) && !notOurs.test(line));
  const isUnexplained = code !== 0 && errors.length === 0 && !notOurs.test(output);
  if (errors.length > 0 || isUnexplained) throw new Error(errors.join('\n') || output);
  return join(dir, 'out', 'consumer.js');
}
