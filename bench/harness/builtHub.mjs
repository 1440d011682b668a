// The hub is no part of the public API; it stands in the package as one module of it.
const entry = import.meta.resolve('rx-mcp');

/** The library's hub by itself, of the same build as the rest. */
export const { createHub } = await import(new URL('notification/hub.js', entry));
