import type {
  CallToolResult,
  CompleteResult,
  EmptyResult,
  GetPromptResult,
  InitializeResult,
  ListPromptsResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ListToolsResult,
  ReadResourceResult,
} from '@modelcontextprotocol/sdk/types.js';

/** The protocol's types, as the SDK declares them. Types only: importing the SDK's schemas would cost a hundred kilobytes. */
export type {
  CallToolResult,
  ClientCapabilities,
  CompleteRequest,
  CompleteResult,
  GetPromptResult,
  Implementation,
  JSONRPCMessage,
  JSONRPCRequest,
  JSONRPCResponse,
  LoggingLevel,
  Notification,
  ProgressToken,
  Prompt,
  ReadResourceResult,
  Request,
  RequestId,
  Resource,
  ResourceTemplate,
  Result,
  Root,
  ServerCapabilities,
  ServerNotification,
  Tool,
} from '@modelcontextprotocol/sdk/types.js';

/** What the requests that the protocol defines for clients are answered with, by method. */
export interface ResultMap {
  initialize: InitializeResult;
  ping: EmptyResult;
  'tools/list': ListToolsResult;
  'tools/call': CallToolResult;
  'prompts/list': ListPromptsResult;
  'prompts/get': GetPromptResult;
  'resources/list': ListResourcesResult;
  'resources/templates/list': ListResourceTemplatesResult;
  'resources/read': ReadResourceResult;
  'resources/subscribe': EmptyResult;
  'resources/unsubscribe': EmptyResult;
  'completion/complete': CompleteResult;
  'logging/setLevel': EmptyResult;
}
