import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before a run of Jest: creates a directory for the programs that `programArgs` compiles. Workers inherit the variable. */
export default function setUp({ testPathPatterns, watch }: { testPathPatterns: object; watch: boolean }): void {
  process.env['RX_MCP_PROGRAMS'] = mkdtempSync(join(tmpdir(), 'rx-mcp-programs-'));
  const isWhole = 'patterns' in testPathPatterns && String(testPathPatterns.patterns) === '';
  const isQuick = process.argv.some((argument) => argument.includes('jest.quick.config'));
  if (!isWhole || isQuick || watch) return;
  process.stderr.write(
    'All specs start hundreds of processes and take about seven minutes on two cores. ' +
      '`npm run test:quick` runs those without processes and sockets in under a minute.\n\n',
  );
}
