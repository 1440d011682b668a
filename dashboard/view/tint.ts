/** Returns the number of a server's colour, by its position. The style sheet defines six colours. */
export const tint = (servers: readonly string[], server: string): string =>
  String(Math.max(0, servers.indexOf(server)) % 6);
