import { programArgs } from '../programArgs';

/** What to spawn for a stdio fault server; to be spawned from the root of the package. */
export function stdioFaultServerCommand(flags: Partial<StdioFlags> = {}): { command: string; args: string[] } {
  return {
    command: process.execPath,
    args: [...programArgs('spec/rig/stdioFaultServer.ts'), JSON.stringify(flags)],
  };
}

/** How a stdio fault server misbehaves from the start. */
export interface StdioFlags {
  /** Sends `custom/early` before it has answered `initialize`. */
  early: boolean;
  /** Sends `custom/initialized` as soon as it is told `initialized`. */
  onInitialized: boolean;
  /** Neither SIGTERM nor the end of its stdin ends it; it leaves by itself after a minute. */
  ignoreSigterm: boolean;
  /** Ends before it has answered anything. */
  dieAtOnce: boolean;
}
