import { rmSync } from 'node:fs';

/** After a run of Jest: nothing is left of what was compiled. */
export default function tearDown(): void {
  rmSync(process.env['RX_MCP_PROGRAMS']!, { recursive: true, force: true });
}
