import type * as sdk from '@modelcontextprotocol/client';
import { ConfigError } from '../../errors';

/** The SDK for protocol 2026-07-28. */
export type Sdk = typeof sdk;

/**
 * Loads the SDK, an optional peer dependency.
 *
 * @param load - imports the SDK.
 */
export async function loadSdk(load: () => Promise<Sdk> = () => import('@modelcontextprotocol/client')): Promise<Sdk> {
  try {
    return await load();
  } catch (cause) {
    const message = 'engine: protocol 2026-07-28 requires another package (npm install @modelcontextprotocol/client)';
    throw new ConfigError(message, { path: 'engine', cause });
  }
}
