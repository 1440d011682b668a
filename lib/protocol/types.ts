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

/** Protocol types of the SDK. Type-only: importing the SDK's schemas would add a hundred kilobytes to a bundle. */
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
  Task,
  Tool,
} from '@modelcontextprotocol/sdk/types.js';

/** The result types of client requests, by method. */
export interface ResultMap {
  /** The negotiated version, and the server's capabilities. @see https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization */
  initialize: InitializeResult;
  /** Empty. @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/ping */
  ping: EmptyResult;
  /** One page of tools. @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#listing-tools */
  'tools/list': ListToolsResult;
  /** The tool's result. @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#calling-tools */
  'tools/call': CallToolResult;
  /** One page of prompts. @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts#listing-prompts */
  'prompts/list': ListPromptsResult;
  /** The prompt's messages. @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts#getting-a-prompt */
  'prompts/get': GetPromptResult;
  /** One page of resources. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#listing-resources */
  'resources/list': ListResourcesResult;
  /** One page of resource templates. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#resource-templates */
  'resources/templates/list': ListResourceTemplatesResult;
  /** The resource's contents. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#reading-resources */
  'resources/read': ReadResourceResult;
  /** Empty. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions */
  'resources/subscribe': EmptyResult;
  /** Empty. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions */
  'resources/unsubscribe': EmptyResult;
  /** Suggested values for an argument. @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion */
  'completion/complete': CompleteResult;
  /** Empty. @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging */
  'logging/setLevel': EmptyResult;
}

/** The requests that servers send to clients, with their results, by method. */
export interface RequestMap {
  /** A liveness check. Answered by the library. @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/ping */
  ping: {
    /** The request. */ request: PingRequest;
    /** Empty. */ result: EmptyResult;
  };
  /** A request for the client's roots. Answered from `roots$`. @see https://modelcontextprotocol.io/specification/2025-11-25/client/roots */
  'roots/list': {
    /** The request. */ request: ListRootsRequest;
    /** The roots. */ result: ListRootsResult;
  };
  /** A sampling request, for the user's model. @see https://modelcontextprotocol.io/specification/2025-11-25/client/sampling */
  'sampling/createMessage': {
    /** The messages, and the model preferences. */ request: CreateMessageRequest;
    /** The model's message, or its tool calls. */ result: CreateMessageResult | CreateMessageResultWithTools;
  };
  /** An elicitation request: a question for the user. @see https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation */
  'elicitation/create': {
    /** The question, with the schema of a form or a URL. */ request: ElicitRequest;
    /** The user's decision, with the content of the form if accepted. */ result: ElicitResult;
  };
}
