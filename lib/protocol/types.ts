import type {
  CallToolResult,
  CompleteResult,
  CreateMessageRequest,
  CreateMessageResult,
  CreateMessageResultWithTools,
  ElicitRequest,
  ElicitResult,
  EmptyResult,
  GetPromptResult,
  InitializeResult,
  ListPromptsResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ListRootsRequest,
  ListRootsResult,
  ListToolsResult,
  PingRequest,
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
  /** What was agreed on. @see https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization */
  initialize: InitializeResult;
  /** Nothing: that it came is the answer. @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/ping */
  ping: EmptyResult;
  /** One page of tools. @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#listing-tools */
  'tools/list': ListToolsResult;
  /** What a tool has to say. @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#calling-tools */
  'tools/call': CallToolResult;
  /** One page of prompts. @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts#listing-prompts */
  'prompts/list': ListPromptsResult;
  /** A prompt, filled in. @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts#getting-a-prompt */
  'prompts/get': GetPromptResult;
  /** One page of resources. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#listing-resources */
  'resources/list': ListResourcesResult;
  /** One page of templates. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#resource-templates */
  'resources/templates/list': ListResourceTemplatesResult;
  /** The contents. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#reading-resources */
  'resources/read': ReadResourceResult;
  /** Nothing. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions */
  'resources/subscribe': EmptyResult;
  /** Nothing. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions */
  'resources/unsubscribe': EmptyResult;
  /** What an argument may be completed to. @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion */
  'completion/complete': CompleteResult;
  /** Nothing. @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging */
  'logging/setLevel': EmptyResult;
}

/** What the protocol lets a server ask of a client, by method, and what that is answered with. */
export interface RequestMap {
  /** Whether the client is there. It is answered already. @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/ping */
  ping: {
    /** As it comes. */ request: PingRequest;
    /** Nothing. */ result: EmptyResult;
  };
  /** The client's roots; `roots$` answers it. @see https://modelcontextprotocol.io/specification/2025-11-25/client/roots */
  'roots/list': {
    /** As it comes. */ request: ListRootsRequest;
    /** The roots. */ result: ListRootsResult;
  };
  /** What the user's model makes of this. @see https://modelcontextprotocol.io/specification/2025-11-25/client/sampling */
  'sampling/createMessage': {
    /** The conversation so far, and what the server would like. */ request: CreateMessageRequest;
    /** What the model says, or which tools it wants to use. */ result:
      CreateMessageResult | CreateMessageResultWithTools;
  };
  /** What only the user can say. @see https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation */
  'elicitation/create': {
    /** The question, with a schema for a form, or a URL to go to. */ request: ElicitRequest;
    /** Whether the user agreed, and what the form holds then. */ result: ElicitResult;
  };
}
