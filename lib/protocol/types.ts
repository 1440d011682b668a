import type * as sdk from '@modelcontextprotocol/sdk/types.js';
import type {
  CreateMessageRequest,
  ElicitRequest,
  ElicitResult,
  ListRootsRequest,
  ListRootsResult,
  PingRequest,
} from '@modelcontextprotocol/sdk/types.js';

/** Protocol types of the SDK. Imported as types only, because the SDK's schemas would add 100 kB to a bundle. */
export type {
  CompleteRequest,
  JSONRPCMessage,
  JSONRPCResponse,
  LoggingLevel,
  ProgressToken,
  RequestId,
  ServerNotification,
} from '@modelcontextprotocol/sdk/types.js';

// The SDK infers these types from schemas. They are redeclared as interfaces, so that editors show their names instead
// of all their members.

/** The result of a tool. */
export interface CallToolResult extends sdk.CallToolResult {}

/** Contents of a resource as bytes, in base64. */
export interface BlobResourceContents extends sdk.BlobResourceContents {}

/** The capabilities that a client declares. */
export interface ClientCapabilities extends sdk.ClientCapabilities {}

/** An argument to complete, and the prompt or resource template that it belongs to. */
export interface CompleteParams extends Readonly<sdk.CompleteRequest['params']> {}

/** Suggested values for an argument. */
export interface CompleteResult extends sdk.CompleteResult {}

/** The messages of a prompt. */
export interface GetPromptResult extends sdk.GetPromptResult {}

/** The name and version of a client or server. */
export interface Implementation extends sdk.Implementation {}

/** A notification: a message without a response. */
export interface Notification extends sdk.Notification {}

/** A prompt that a server lists. */
export interface Prompt extends sdk.Prompt {}

/** The contents of a resource. */
export interface ReadResourceResult extends sdk.ReadResourceResult {}

/** A resource that a server lists. */
export interface Resource extends sdk.Resource {}

/** A template for the URIs of resources. */
export interface ResourceTemplate extends sdk.ResourceTemplate {}

/** A folder that a client offers to a server. */
export interface Root extends sdk.Root {}

/** The capabilities that a server declares. */
export interface ServerCapabilities extends sdk.ServerCapabilities {}

/** The state of a task. */
export interface Task extends sdk.Task {}

/** Contents of a resource as text. */
export interface TextResourceContents extends sdk.TextResourceContents {}

/** A tool that a server lists. */
export interface Tool extends sdk.Tool {}

/** A request: a message with a response. */
export interface Request extends sdk.Request {}

/** A request with its id, as sent over the wire. */
export interface JSONRPCRequest extends sdk.JSONRPCRequest {}

/** The result of a request. */
export interface Result extends sdk.Result {}

/** A result without members. */
export interface EmptyResult extends sdk.EmptyResult {}

/** The result of the handshake: the negotiated protocol version, and the server's name and capabilities. */
export interface InitializeResult extends sdk.InitializeResult {}

/** One page of prompts. */
export interface ListPromptsResult extends sdk.ListPromptsResult {}

/** One page of resources. */
export interface ListResourcesResult extends sdk.ListResourcesResult {}

/** One page of resource templates. */
export interface ListResourceTemplatesResult extends sdk.ListResourceTemplatesResult {}

/** One page of tools. */
export interface ListToolsResult extends sdk.ListToolsResult {}

/** The response of the user's language model to a sampling request. */
export interface CreateMessageResult extends sdk.CreateMessageResult {}

/** The response of the user's language model to a sampling request. May contain tool calls. */
export interface CreateMessageResultWithTools extends sdk.CreateMessageResultWithTools {}

/** The result types of client requests, by method. */
export interface ResultMap {
  /**
   * The negotiated protocol version, and the server's name and capabilities. @see
   * https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization
   */
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
