/** Returns the number of a server's colour, by its position. The style sheet defines six colours. */
export const tint = (servers: readonly string[], server: string): string => String(servers.indexOf(server) % 6);
