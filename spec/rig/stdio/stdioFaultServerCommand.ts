import { programArgs } from '../programArgs';
import type { StdioFlags } from './stdioFlags';

/** What to spawn for a stdio fault server; to be spawned from the root of the package. */
export function stdioFaultServerCommand(flags: Partial<StdioFlags> = {}): { command: string; args: string[] } {
  return {
    command: process.execPath,
    args: [...programArgs('spec/rig/stdioFaultServer.ts'), JSON.stringify(flags)],
  };
}
