/** What the command line can say. */
export const usage = `npm start                               a tour, with the example server
npm start -- everything                 a tour, with @modelcontextprotocol/server-everything
npm start -- <url>                      follow the server at a URL, until Ctrl-C
npm start -- -- <command> [argument…]   follow the server that is a program, until Ctrl-C

--era    legacy: protocol 2025-11-25 and before; modern: 2026-07-28, and the tour has a server for it. Default: legacy
--json   one JSON object a line, the summary last
--help   this`;
