import type { MCPError } from '../errors';
import type { Gap } from '../notification/hub';
import type { Notification, Prompt, Resource, Tool } from '../protocol/types';

/** A value of {@link MCPClient.notifications$}: a notification and its server. */
export interface ServerNotificationEvent {
  /** The name of the server. */
  server: string;
  /** The notification, unmodified. */
  notification: Notification;
}

/** A value of {@link MCPClient.errors$}: an error and its server. */
export interface ServerErrorEvent {
  /** The name of the server. */
  server: string;
  /** The error, as emitted on the session's `errors$`. */
  error: MCPError;
}

/** A value of {@link MCPClient.gaps$}: a gap and its server. */
export interface ServerGapEvent {
  /** The name of the server. */
  server: string;
  /** The gap, as emitted on the session's `gaps$`. */
  gap: Gap;
}

/** An item of {@link MCPClient.tools$}: a tool and its server. */
export interface ServerTool {
  /** The name of the server. */
  server: string;
  /** The tool, as listed by the server. */
  tool: Tool;
}

/** An item of {@link MCPClient.prompts$}: a prompt and its server. */
export interface ServerPrompt {
  /** The name of the server. */
  server: string;
  /** The prompt, as listed by the server. */
  prompt: Prompt;
}

/** An item of {@link MCPClient.resources$}: a resource and its server. */
export interface ServerResource {
  /** The name of the server. */
  server: string;
  /** The resource, as listed by the server. */
  resource: Resource;
}
