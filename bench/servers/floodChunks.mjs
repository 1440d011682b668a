import { notificationAt, updateAt } from './messages.mjs';

/** Characters per write, about. */
const chunkLength = 64 * 1024;

const formats = {
  lines: (json) => `${json}\n`,
  sse: (json) => `event: message\ndata: ${json}\n\n`,
  sseWithIds: (json, index) => `event: message\nid: stream-1_${index}\ndata: ${json}\n\n`,
};

/** Renders `n` notifications to bytes in advance, so that the sender only writes. */
export function floodChunks({ n, tokens, subscription, format, ids = false }) {
  const write = formats[ids ? `${format}WithIds` : format];
  const chunks = [];
  let text = '';
  for (let index = 0; index < n; index++) {
    const notification = subscription === undefined ? notificationAt(index, tokens) : updateAt(index, subscription);
    text += write(JSON.stringify(notification), index);
    if (text.length < chunkLength && index < n - 1) continue;
    chunks.push(Buffer.from(text));
    text = '';
  }
  return chunks;
}
