// mcp-use, Notifications page, "Root Type". Unmodified, with the type that it must match.

interface Root {
  uri: string;      // Must start with "file://"
  name?: string;    // Optional human-readable name
}

export const fits = (root: import("rx-mcp").Root): Root => root;
export const suits = (root: Root): import("rx-mcp").Root => root;
