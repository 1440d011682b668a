/**
 * Sessions, connectors, operators and errors of the client.
 *
 * @module rx-mcp
 */
export type {
  ConnectorServerConfig,
  HttpServerConfig,
  MCPClientConfig,
  ServerConfig,
  StdioServerConfig,
} from './client/config/clientConfig';
export { type Client, MCPClient, type MCPClientOptions } from './client/mcpClient';
export type {
  ServerErrorEvent,
  ServerGapEvent,
  ServerNotificationEvent,
  ServerPrompt,
  ServerResource,
  ServerTool,
} from './client/serverEvents';
export { backoff, type BackoffOptions } from './client/connection/retry/backoff';
export type { Connection, ConnectionContext, RequestOptions, StreamState } from './client/connection/connection';
export type { WireEvent } from './client/connection/wireEvent';
export type { Connector, ConnectorOptions, Watchdog } from './client/connection/connector';
export type { ValidateOutput } from './client/connection/validateOutput';
export type { Engine, EngineTarget } from './client/connection/connector';
export { isRetryable } from './client/connection/retry/backoff';
export type { Reconnect } from './client/connection/retry/reconnectPolicy';
export type { HttpOptions } from './client/connection/connector';

export { HttpConnector, type HttpConnectorOptions } from './client/connector/httpConnector';
export type { SessionTransport } from './client/guest/transport';
export { TransportConnector } from './client/connector/transportConnector';
export {
  ConfigError,
  ConnectionFailedError,
  ConnectionLostError,
  HandlerError,
  InvalidNotificationError,
  InvalidResultError,
  InvalidRootsError,
  type Issue,
  MCPError,
  RequestCancelledError,
  RequestTimeoutError,
  ServerError,
  SessionClosedError,
  SessionExpiredError,
  UnauthorizedError,
} from './errors';
export type { Gap } from './notification/hub';
export type { IncomingMessage } from './notification/hub';
export { listChanged, type ListKind } from './notification/listChanged';
export { logMessage } from './notification/logMessage';
export type { CustomNotification, NotificationMap, NotificationOf } from './notification/notificationMap';
export { ofMethod, type OfMethodOptions } from './notification/ofMethod';
export { type Progress, progressOf } from './notification/progressOf';
export { resourceUpdated } from './notification/resourceUpdated';
export type {
  BlobResourceContents,
  CallToolResult,
  ClientCapabilities,
  CompleteParams,
  CompleteResult,
  CreateMessageResult,
  CreateMessageResultWithTools,
  EmptyResult,
  GetPromptResult,
  Implementation,
  InitializeResult,
  JSONRPCRequest,
  JSONRPCResponse,
  ListPromptsResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ListToolsResult,
  LoggingLevel,
  Notification,
  ProgressToken,
  Prompt,
  ReadResourceResult,
  Request,
  RequestMap,
  Resource,
  ResourceTemplate,
  Result,
  ResultMap,
  Root,
  ServerCapabilities,
  ServerNotification,
  Task,
  TextResourceContents,
  Tool,
} from './protocol/types';
export { boundedConcatMap, type BoundedConcatMapOptions } from './operator/boundedConcatMap';
export { listDiff, type ListDiff } from './operator/listDiff';
export type { CallEvent, CallOptions, CallToolOptions, ToolResultOf } from './client/session/callOptions';
export type { IncomingRequest } from './client/session/serverRequests';
export { MCPSession, type Session } from './client/session/mcpSession';
export type { NotificationHandler } from './client/session/sessionOptions';
export type { ResourceContents } from './client/session/live/liveResource';
export type { ResourceOptions } from './client/session/live/serverFeatures';
export type { RootsSubject } from './client/session/rootsSubject';
export type { RequestHandler } from './client/session/serverRequests';
export type { SessionOptions } from './client/session/sessionOptions';
export type { SessionStatus } from './client/session/sessionStatus';
