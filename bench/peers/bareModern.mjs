import { createParser } from 'eventsource-parser';

/** No client at all, with protocol 2026-07-28: fetch, eventsource-parser, `JSON.parse`. */
export const bareModern = {
  async listen(url, uri, handler) {
    const controller = new AbortController();
    const { body } = await fetch(url, {
      method: 'POST',
      signal: controller.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 'bare',
        method: 'subscriptions/listen',
        params: { notifications: { resourceSubscriptions: [uri] } },
      }),
    });
    const parser = createParser({
      onEvent({ data }) {
        const message = JSON.parse(data);
        if (message.method === 'notifications/resources/updated') handler(message);
      },
    });
    const read = async () => {
      const decoder = new TextDecoder();
      for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
    };
    read().catch(() => undefined);
    return { close: () => controller.abort() };
  },
};
