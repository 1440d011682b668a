import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

/** The usual answer of a tool: one piece of text. */
export const textResult = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });
