import {
  hostHeaderValidationResponse,
  isJsonContentType,
  isLegacyRequest,
  originValidationResponse,
  readRequestBody,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import { metaKeys } from '../client/modern/meta';
import { isObject } from '../util/isObject';
import type { AuthInfo } from './caller';
import { bodyTooLarge, maxBodyBytes, refuse } from './httpResponses';
import { serveLegacy } from './legacyHttp';
import type { ModernEra } from './modernEra';
import type { ServerCore } from './serverCore';

/** Information from an adapter that the `Request` does not contain. */
export interface FetchOptions {
  /** The authorization of the request, from an authorization middleware. Never read from headers. */
  authInfo?: AuthInfo | undefined;
  /** The parsed body, if a body parser has already read it. */
  parsedBody?: unknown;
}

/** Checks an HTTP request and passes it to the implementation of its protocol era. */
export async function serveHttp(
  core: ServerCore,
  loadModern: (() => Promise<ModernEra>) | undefined,
  request: Request,
  { authInfo, parsedBody }: FetchOptions,
): Promise<Response> {
  const { hosts, origins = hosts, eras } = core.settings;
  const refused =
    (hosts && hostHeaderValidationResponse(request, [...hosts])) ??
    (origins && originValidationResponse(request, [...origins]));
  if (refused) return refused;

  let body = parsedBody;
  if (request.method === 'POST') {
    if (!isJsonContentType(request.headers.get('content-type'))) {
      return refuse(415, 'Content-Type: expected application/json');
    }
    if (body === undefined) {
      const read = await readJson(request);
      if (read instanceof Response) return read;
      body = read.body;
    }
  }
  const isLegacy = request.method !== 'POST' || !mayBeModern(request, body) || (await isLegacyRequest(request, body));
  if (loadModern && (!isLegacy || eras === 'modern')) {
    const { serveHttp } = await loadModern();
    return serveHttp(request, authInfo, body);
  }
  return serveLegacy(core, request, authInfo, body);
}

/** Whether a request may be one of 2026-07-28. A quick check, because the SDK validates the whole message to decide this. */
function mayBeModern({ headers }: Request, body: unknown): boolean {
  const version = headers.get('mcp-protocol-version');
  if (version !== null && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return true;
  return (
    !isObject(body) ||
    (isObject(body['params']) &&
      isObject(body['params']['_meta']) &&
      metaKeys.protocolVersion in body['params']['_meta'])
  );
}

async function readJson(request: Request): Promise<Response | { body: unknown }> {
  const read = await readRequestBody(request, maxBodyBytes).catch(() => undefined);
  if (!read) return refuse(400, 'body: cannot be read', { code: parseError });
  if (read.tooLarge) return bodyTooLarge();
  try {
    const body: unknown = JSON.parse(read.text);
    return { body };
  } catch {
    return refuse(400, 'body: not valid JSON', { code: parseError });
  }
}

const parseError = -32700;
