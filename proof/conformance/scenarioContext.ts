/** What a scenario tells the client beside the URL; which of it is there depends on the scenario. */
export interface ScenarioContext {
  client_id?: string;
  client_secret?: string;
  private_key_pem?: string;
  signing_algorithm?: string;
  idp_client_id?: string;
  idp_id_token?: string;
  idp_token_endpoint?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
}
