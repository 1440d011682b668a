import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before a run of Jest: a directory for what `programArgs` compiles in it. Workers inherit the variable. */
export default function setUp(): void {
  process.env['RX_MCP_PROGRAMS'] = mkdtempSync(join(tmpdir(), 'rx-mcp-programs-'));
}
