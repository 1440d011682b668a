/** The number of the colour that a server has, by its place among them; the style sheet knows six. */
export const tint = (servers: readonly string[], server: string): string => String(servers.indexOf(server) % 6);
