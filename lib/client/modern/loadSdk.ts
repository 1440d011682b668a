import type * as sdk from '@modelcontextprotocol/client';
import { ConfigError } from '../../errors';

/** The SDK for protocol 2026-07-28. */
export type Sdk = typeof sdk;

/**
 * Loads the SDK when it is first needed. It is an optional peer: who does not use this engine need not have it.
 *
 * @param load - what loads it.
 */
export async function loadSdk(load: () => Promise<Sdk> = () => import('@modelcontextprotocol/client')): Promise<Sdk> {
  try {
    return await load();
  } catch (cause) {
    const message = 'protocol 2026-07-28 needs a package that is not there: npm install @modelcontextprotocol/client';
    throw new ConfigError(message, { path: 'engine', cause });
  }
}
