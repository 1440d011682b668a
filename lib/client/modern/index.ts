/**
 * The engine for protocol 2026-07-28. Requires the package `@modelcontextprotocol/client`.
 *
 * @module rx-mcp/modern
 */
export { clientOf } from './modernClient';
export { modern, type ModernOptions } from './modern';
