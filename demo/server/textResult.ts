import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** Creates a tool result with one text. */
export const textResult = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });
