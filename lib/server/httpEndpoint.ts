import {
  DEFAULT_MAX_REQUEST_BODY_SIZE,
  hostHeaderValidationResponse,
  isJsonContentType,
  isLegacyRequest,
  originValidationResponse,
  readRequestBody,
} from '@modelcontextprotocol/server';
import type { AuthInfo } from './caller';
import { refuse } from './httpResponses';
import { serveLegacy } from './legacyHttp';
import { modernCallerOf } from './modernCaller';
import { refuseParamHeaders } from './paramHeaders';
import type { ServerCore } from './serverCore';

/** Information from an adapter that the `Request` does not contain. */
export interface FetchOptions {
  /** The authorization of the request, from an authorization middleware. Never read from headers. */
  authInfo?: AuthInfo | undefined;
  /** The parsed body, if a body parser has already read it. */
  parsedBody?: unknown;
}

/** Serves a request of 2026-07-28. */
export type ServeModern = (request: Request, authInfo: AuthInfo | undefined, body: unknown) => Promise<Response>;

/** Checks an HTTP request and passes it to the implementation of its protocol era. */
export async function serveHttp(
  core: ServerCore,
  serveModern: ServeModern | undefined,
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
  const isLegacy = request.method !== 'POST' || (await isLegacyRequest(request, body));
  if (serveModern && (!isLegacy || eras === 'modern')) {
    const refusal = await refuseParamHeaders(
      core.lists.tools,
      modernCallerOf(core.settings, body, authInfo),
      request,
      body,
    );
    return refusal ?? serveModern(request, authInfo, body);
  }
  return serveLegacy(core, request, authInfo, body);
}

async function readJson(request: Request): Promise<Response | { body: unknown }> {
  const read = await readRequestBody(request, DEFAULT_MAX_REQUEST_BODY_SIZE).catch(() => undefined);
  if (!read) return refuse(400, 'body: cannot be read', { code: parseError });
  if (read.tooLarge) return refuse(413, `body: exceeds ${DEFAULT_MAX_REQUEST_BODY_SIZE} bytes`);
  try {
    const body: unknown = JSON.parse(read.text);
    return { body };
  } catch {
    return refuse(400, 'body: not valid JSON', { code: parseError });
  }
}

const parseError = -32700;
