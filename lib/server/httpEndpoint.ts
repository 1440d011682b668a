import {
  isJsonContentType,
  isLegacyRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';
import { metaKeys } from '../client/modern/meta';
import { isObject } from '../util/isObject';
import type { AuthInfo } from './caller';
import { bodyTooLarge, fromResponse, type HttpReply, maxBodyBytes, refuse } from './httpReply';
import type { HttpRequest } from './httpRequest';
import { serveLegacy } from './legacyHttp';
import type { ModernEra } from './modernEra';
import type { ServerCore } from './serverCore';

/** Information that a `Request` does not contain. Set by an adapter or middleware. */
export interface FetchOptions {
  /**
   * The authorization of the request, as determined by an authorization middleware. Never read from headers. Default:
   * none.
   */
  authInfo?: AuthInfo | undefined;
  /** The parsed body, if a body parser has already read it. Default: the body is read from the request. */
  parsedBody?: unknown;
}

/** Checks an HTTP request (`Host`, `Origin`, body) and passes it to the implementation of its protocol era. */
export async function serveHttp(
  core: ServerCore,
  loadModern: (() => Promise<ModernEra>) | undefined,
  request: HttpRequest,
  { authInfo, parsedBody }: FetchOptions,
): Promise<HttpReply> {
  const { hosts, origins = hosts, eras } = core.settings;
  const host = hosts && validateHostHeader(request.header('host'), [...hosts]);
  if (host?.ok === false) return refuse(403, host.message);
  const origin = origins && validateOriginHeader(request.header('origin'), [...origins]);
  if (origin?.ok === false) return refuse(403, origin.message);

  let body = parsedBody;
  if (request.method === 'POST') {
    if (!isJsonContentType(request.header('content-type'))) {
      return refuse(415, 'Content-Type: expected application/json');
    }
    if (body === undefined) {
      const read = await readJson(request);
      if ('status' in read) return read;
      body = read.body;
    }
  }
  const isLegacy =
    request.method !== 'POST' || !mayBeModern(request, body) || (await isLegacyRequest(request.toRequest(), body));
  if (loadModern && (!isLegacy || eras === 'modern')) {
    const { serveHttp } = await loadModern();
    return fromResponse(await serveHttp(request.toRequest(), authInfo, body));
  }
  return serveLegacy(core, request, authInfo, body);
}

/**
 * Whether a request may use protocol 2026-07-28. A cheap test that avoids the SDK's own check, which validates the
 * whole message.
 */
function mayBeModern(request: HttpRequest, body: unknown): boolean {
  const version = request.header('mcp-protocol-version');
  if (version !== null && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return true;
  return (
    !isObject(body) ||
    (isObject(body['params']) &&
      isObject(body['params']['_meta']) &&
      metaKeys.protocolVersion in body['params']['_meta'])
  );
}

async function readJson(request: HttpRequest): Promise<HttpReply | { body: unknown }> {
  const text = await request.readText(maxBodyBytes).catch(() => null);
  if (text === null) return refuse(400, 'body: cannot be read', { code: parseError });
  if (text === undefined) return bodyTooLarge();
  try {
    const body: unknown = JSON.parse(text);
    return { body };
  } catch {
    const reason = text === '' ? 'empty; behind a body parser, pass the parsed body to the handler' : 'not valid JSON';
    return refuse(400, `body: ${reason}`, { code: parseError });
  }
}

const parseError = -32700;
