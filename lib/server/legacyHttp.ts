import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import { ConnectionFailedError, ConnectionLostError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import { isRequest } from '../protocol/message';
import type { JSONRPCRequest } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { AuthInfo } from './caller';
import { accepts, type HttpReply, jsonReply, methodNotAllowed, refuse } from './httpReply';
import type { HttpRequest } from './httpRequest';
import { serveGet } from './legacyGet';
import { servePost, sessionHeader } from './legacyPost';
import type { ServerCore } from './serverCore';
import type { LiveSession } from './serverSession';
import { isImplementation, type SessionRecord } from './sessionRecord';

/**
 * Serves protocol versions up to 2025-11-25 over HTTP.
 *
 * @param body - the parsed body of a POST.
 */
export async function serveLegacy(
  core: ServerCore,
  request: HttpRequest,
  authInfo: AuthInfo | undefined,
  body: unknown,
): Promise<HttpReply> {
  const isStateless = core.settings.sessions === false;
  const version = request.header('mcp-protocol-version');
  switch (request.method) {
    case 'POST': {
      if (!accepts(request, 'application/json', 'text/event-stream')) {
        return refuse(406, 'Accept: expected application/json and text/event-stream');
      }
      if (isRequest(body) && body.method === 'initialize') return initialize(core, body, authInfo);
      if (version !== null && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return unsupportedVersion(version);
      if (isStateless) {
        const principal = authInfo && core.settings.principal(authInfo);
        const caller = { principal, authInfo, capabilities: {}, era: 'legacy' as const };
        const protocolVersion = version ?? defaultVersion;
        return servePost(core, { session: undefined, caller, protocolVersion, request }, body);
      }
      const session = await findSession(core, request, authInfo);
      if ('status' in session) return session;
      const { protocolVersion, caller } = session;
      return servePost(core, { session, caller, protocolVersion, request }, body);
    }
    case 'GET':
    case 'DELETE': {
      if (isStateless) return methodNotAllowed('POST');
      if (request.method === 'GET' && !accepts(request, 'text/event-stream')) {
        return refuse(406, 'Accept: expected text/event-stream');
      }
      if (version !== null && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return unsupportedVersion(version);
      const session = await findSession(core, request, authInfo);
      if ('status' in session) return session;
      if (request.method === 'GET') return serveGet(core, session, request);
      await core.sessions.end(session, 'deleted');
      return { status: 200, headers: {} };
    }
    default:
      return methodNotAllowed(isStateless ? 'POST' : 'GET, POST, DELETE');
  }
}

/** The protocol version of a request without the version header, as the specification requires. */
const defaultVersion = '2025-03-26';

function unsupportedVersion(version: string): HttpReply {
  const supported = SUPPORTED_PROTOCOL_VERSIONS.join(', ');
  return refuse(400, `MCP-Protocol-Version: unsupported version (${version.slice(0, 20)}); supported: ${supported}`);
}

async function findSession(
  core: ServerCore,
  request: HttpRequest,
  authInfo: AuthInfo | undefined,
): Promise<LiveSession | HttpReply> {
  const id = request.header('mcp-session-id');
  if (id === null) return refuse(400, 'Mcp-Session-Id: missing');
  // Longer ids are not looked up, so that a client cannot query the store with keys of any length.
  const session = id.length <= maxSessionIdLength ? await core.sessions.find(id, authInfo) : undefined;
  if (session) return session;
  if (core.records?.isComplete() === false) throw new ConnectionLostError('session: the nodes are restoring the store');
  return refuse(404, 'session not found', { code: -32001 });
}

const maxSessionIdLength = 100;

async function initialize(
  core: ServerCore,
  request: JSONRPCRequest,
  authInfo: AuthInfo | undefined,
): Promise<HttpReply> {
  const response = await core.dispatcher.initialize(request);
  if (core.settings.sessions === false) return jsonReply(response);
  const record = recordOf(request, response, await core.broadcasts.last());
  if (!record) return jsonReply(response);
  const session = await core.sessions.begin(record, authInfo);
  if (session) {
    // A client that did not receive the response does not know the session id, so it cannot use the session.
    const onUndelivered = (): void => void core.sessions.end(session, 'closed').catch(core.report);
    return { ...jsonReply(response, sessionHeader(session)), onUndelivered };
  }
  core.report(new ConnectionFailedError('initialize: too many sessions', { status: 503 }));
  return refuse(503, 'initialize: too many sessions', {
    id: request.id,
    code: errorCode.internalError,
    headers: { 'retry-after': '30' },
  });
}

/**
 * Returns the record of the session that an `initialize` request starts, or `undefined` if the request was rejected.
 */
export function recordOf(request: JSONRPCRequest, response: object, broadcast: string): SessionRecord | undefined {
  const result = 'result' in response ? response.result : undefined;
  if (!isObject(result)) return undefined;
  const { capabilities, clientInfo } = request.params ?? {};
  return {
    protocolVersion: String(result['protocolVersion']),
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(isImplementation(clientInfo) && { clientInfo }),
    broadcast,
    uris: [],
  };
}
