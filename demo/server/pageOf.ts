import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';

const pageSize = 50;

/**
 * Returns one page of a list, and the cursor of the next page if there is one. The cursor is the name of the page's last item.
 */
export function pageOf<Item>(items: ReadonlyMap<string, Item>, cursor?: string): { page: Item[]; nextCursor?: string } {
  const keys = [...items.keys()];
  const start = cursor === undefined ? 0 : keys.indexOf(Buffer.from(cursor, 'base64url').toString()) + 1;
  if (cursor !== undefined && start === 0) throw new McpError(ErrorCode.InvalidParams, `Unknown cursor: ${cursor}`);
  const page = [...items.values()].slice(start, start + pageSize);
  const last = keys[start + pageSize - 1];
  if (last === undefined || start + pageSize >= keys.length) return { page };
  return { page, nextCursor: Buffer.from(last).toString('base64url') };
}
