import type { FaultServerOptions } from './faultServerOptions';

/** What the server lists, the same for all sessions. */
export interface Lists {
  tools: readonly string[];
  prompts: readonly string[];
  resources: readonly string[];
  /** By URI. */
  readonly texts: Map<string, string>;
  /** One page, and the cursor of the next. A cursor is a position. */
  page(names: readonly string[], cursor: string | undefined): { page: readonly string[]; nextCursor?: string };
}

/** The lists that a server starts with. */
export function createLists(
  { tools, prompts = [], resources = [], pageSize = Infinity }: FaultServerOptions,
  builtIn: readonly string[],
): Lists {
  return {
    tools: tools ?? builtIn,
    prompts,
    resources,
    texts: new Map(),
    page: (names, cursor) => {
      const start = Number(cursor ?? 0);
      const end = start + pageSize;
      const page = names.slice(start, end);
      return end < names.length ? { page, nextCursor: String(end) } : { page };
    },
  };
}
