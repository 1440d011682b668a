import { programArgs } from '../programArgs';

/** Returns the command of a stdio fault server, to be spawned from the root of the package. */
export function stdioFaultServerCommand(flags: Partial<StdioFlags> = {}): { command: string; args: string[] } {
  return {
    command: process.execPath,
    args: [...programArgs('spec/rig/stdioFaultServer.ts'), JSON.stringify(flags)],
  };
}

/** The faults of a stdio fault server from the start. */
export interface StdioFlags {
  /** Sends `custom/early` before the response to `initialize`. */
  early: boolean;
  /** Sends `custom/initialized` immediately after `notifications/initialized`. */
  onInitialized: boolean;
  /** Ignores SIGTERM and the end of its stdin. Exits on its own after a minute. */
  ignoreSigterm: boolean;
  /** Exits before any response. */
  dieAtOnce: boolean;
}
