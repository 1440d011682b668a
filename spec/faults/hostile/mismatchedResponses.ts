/** JSON bodies that are not the response to the request: why, and the body. */
export const mismatchedResponses: [reason: string, body: string][] = [
  ['because it has a different id', '{"jsonrpc":"2.0","id":"other","result":{}}'],
  ['because it is an empty batch', '[]'],
  ['because it is null', 'null'],
  ['because it is a notification', '{"jsonrpc":"2.0","method":"custom/tick"}'],
];
