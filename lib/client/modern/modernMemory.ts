/** What a session knows about its server. Kept between connections. */
export interface ModernMemory {
  /** Whether the session had a connection of the modern era. */
  connected: boolean;
  /** Whether the server has accepted a subscription. */
  subscribed: boolean;
}
