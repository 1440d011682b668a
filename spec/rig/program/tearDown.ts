import { rmSync } from 'node:fs';

/** After a run of Jest: removes the compiled programs. */
export default function tearDown(): void {
  rmSync(process.env['RX_MCP_PROGRAMS']!, { recursive: true, force: true });
}
