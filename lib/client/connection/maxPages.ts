/** The maximum number of pages of a list, for servers that always return a new cursor. */
export const maxPages = 1_000;
